from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.deciding.observations import NOW, POLICY, observed, outcomes, silent

from hygie.engines.deciding.judging import answered, asked, gaps, weaknesses
from hygie.vocabulary.enums import Severity
from hygie.vocabulary.facts import NotObserved

if TYPE_CHECKING:
    from hygie.vocabulary.facts import Outcome

RDP = observed("tcp", {"open": True, "service": "rdp", "banner": ""}, "vpn.example:3389")
CLOSED = observed("tcp", {"open": False, "service": "rdp", "banner": ""}, "vpn.example:3389")


def test_a_weakness_says_what_where_and_from_which_facts() -> None:
    [weakness] = weaknesses([RDP], POLICY, now=NOW)

    assert weakness.rule_id == "services.remote-desktop"
    assert (weakness.subject, weakness.place) == ("vpn.example:3389", "rdp")
    assert weakness.severity is Severity.CRITICAL
    assert weakness.facts == {"open": True, "service": "rdp"}
    assert weakness.probe == "tcp"


def test_a_closed_port_proves_the_repair_and_silence_does_not() -> None:
    pair = ("services.remote-desktop", "vpn.example:3389")

    assert pair in answered([CLOSED], POLICY, now=NOW)
    assert pair not in answered([silent("tcp", "vpn.example:3389")], POLICY, now=NOW)
    assert pair not in answered([CLOSED, silent("tcp", "vpn.example:3389")], POLICY, now=NOW)


def test_a_value_that_could_not_be_learnt_proves_nothing() -> None:
    zone = observed("dns", {"open_transfer": None, "name_servers": ["ns1.example", "ns2.example"]})

    assert not [
        found for found in weaknesses([zone], POLICY, now=NOW) if "transfer" in found.rule_id
    ]
    assert ("dns.open-transfer", "ch-val.example") not in answered([zone], POLICY, now=NOW)
    assert ("dns.few-name-servers", "ch-val.example") in answered([zone], POLICY, now=NOW)
    assert "dns.open-transfer" in {gap.rule_id for gap in gaps([zone], POLICY, now=NOW)}


def test_a_certificate_that_was_not_read_is_not_repaired() -> None:
    refused = observed("tls", {"accepted": ["TLSv1.2"], "undetermined": [], "certificate": None})

    proven = {rule for rule, _ in answered([refused], POLICY, now=NOW)}

    assert "tls.old-version" in proven
    assert not {rule.id for rule in POLICY.rules if "certificate" in str(rule.weak)} & proven


def test_a_host_name_is_not_blamed_for_its_zone() -> None:
    host = observed(
        "dns",
        {
            "name_servers": [],
            "caa": [],
            "dnssec": None,
            "dnssec_valid": None,
            "networks": None,
            "open_transfer": None,
            "dangling_cname": None,
        },
    )

    assert weaknesses([host], POLICY, now=NOW) == []
    assert gaps([host], POLICY, now=NOW) == []


def test_a_version_left_undetermined_is_not_a_version_refused() -> None:
    half = observed("tls", {"accepted": ["TLSv1.2"], "rejected": [], "undetermined": ["TLSv1.0"]})

    assert ("tls.old-version", "ch-val.example") not in answered([half], POLICY, now=NOW)
    assert ("tls.ssl", "ch-val.example") in answered([half], POLICY, now=NOW)


def test_what_moved_elsewhere_on_the_subject_leaves_the_old_place_proven() -> None:
    moved = observed("dns", {"dangling_cname": "new.example"})

    [weakness] = [found for found in weaknesses([moved], POLICY, now=NOW) if found.place]
    assert weakness.place == "new.example"
    assert ("dns.dangling-cname", "ch-val.example") in answered([moved], POLICY, now=NOW)


def test_only_a_real_answer_counts_as_asked() -> None:
    assert asked([RDP, silent("dns")]) == {("vpn.example:3389", "tcp")}


def test_silence_is_listed_with_its_reason() -> None:
    [gap] = gaps([silent("dns")], POLICY, now=NOW)

    assert (gap.probe, gap.rule_id, gap.reason) == ("dns", "", "timeout")


def test_an_observation_of_an_unknown_probe_is_no_judgement() -> None:
    assert weaknesses([observed("astrology", {"sign": "lion"})], POLICY, now=NOW) == []


@settings(max_examples=50)
@given(st.lists(outcomes(), max_size=8), st.randoms())
def test_the_order_of_outcomes_changes_nothing(known: list[Outcome], chance: object) -> None:
    shuffled = list(known)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random

    assert [found.rule_id for found in weaknesses(known, POLICY, now=NOW)] == [
        found.rule_id for found in weaknesses(shuffled, POLICY, now=NOW)
    ]
    assert answered(known, POLICY, now=NOW) == answered(shuffled, POLICY, now=NOW)


@settings(max_examples=50)
@given(st.lists(outcomes(), max_size=8))
def test_what_is_proven_was_asked(known: list[Outcome]) -> None:
    reached = asked(known)
    probes = POLICY.probes()

    assert all(
        (subject, probes[rule]) in reached for rule, subject in answered(known, POLICY, now=NOW)
    )


@pytest.mark.parametrize("reason", ["refused", "filtered"])
def test_where_nothing_is_any_more_everything_about_it_is_proven(reason: str) -> None:
    gone = NotObserved("www.example:443", "tls", reason, "rien n’écoute", NOW)

    assert asked([gone]) == {("www.example:443", "tls")}
    assert answered([gone], POLICY, now=NOW) == {
        (rule.id, "www.example:443") for rule in POLICY.rules_of("tls")
    }
    assert not answered([gone, silent("tls", "www.example:443")], POLICY, now=NOW)


def test_a_deleted_name_proves_its_alias_repaired() -> None:
    deleted = observed("dns", {"exists": False, "name_servers": [], "dangling_cname": None})

    assert ("dns.dangling-cname", "ch-val.example") in answered([deleted], POLICY, now=NOW)
