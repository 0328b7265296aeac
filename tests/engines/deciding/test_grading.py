from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.deciding.observations import NOW, POLICY, observed, outcomes, silent

from hygie.engines.deciding.exposure import LETTERS, Letter
from hygie.engines.deciding.grading import Grade, ThemeGrade, grade

if TYPE_CHECKING:
    from hygie.vocabulary.facts import Json, Outcome

SOUND_MAIL = observed(
    "mail",
    {
        "mx": ["mx.ch-val.example"],
        "spf": "v=spf1 mx -all",
        "spf_all": "-",
        "spf_lookups": 1,
        "spf_error": None,
        "dmarc": "v=DMARC1; p=reject; rua=mailto:dmarc@ch-val.example",
        "dmarc_policy": "reject",
        "dmarc_subdomain_policy": "reject",
        "dmarc_rua": True,
        "mta_sts": True,
        "tls_rpt": True,
        "starttls": True,
    },
)
OPEN_RDP = observed("tcp", {"open": True, "service": "rdp"}, "vpn.ch-val.example:3389")


def graded(*known: Outcome) -> Grade:
    return grade(known, POLICY, now=NOW)


def theme(result: Grade, name: str) -> ThemeGrade:
    [found] = [part for part in result.themes if part.theme == name]
    return found


def test_a_sound_domain_has_an_a_and_themes_nobody_looked_at_have_none() -> None:
    result = graded(SOUND_MAIL)

    assert (result.letter, result.score) == (Letter.A, 100)
    assert theme(result, "mail").letter is Letter.A
    assert theme(result, "medical").letter is None
    assert result.complete


def test_nothing_observed_is_no_grade() -> None:
    result = graded(silent("dns"), silent("mail"))

    assert (result.letter, result.score, result.weakest) == (None, None, "")
    assert [part.letter for part in result.themes] == [None] * len(POLICY.themes)
    assert len(result.not_observed) == 2


def test_silence_forbids_an_a_and_is_listed() -> None:
    result = graded(SOUND_MAIL, silent("tls", "www.ch-val.example:443"))

    assert (result.letter, result.capped, result.score) == (Letter.B, True, 100)
    assert theme(result, "mail").letter is Letter.A
    assert theme(result, "tls").letter is None
    assert not result.complete


def test_a_refused_connection_is_listed_but_forbids_nothing() -> None:
    nothing_there = replace(silent("http", "ch-val.example:443"), reason="refused")

    result = graded(SOUND_MAIL, nothing_there)

    assert result.letter is Letter.A
    assert not result.complete


def test_a_target_that_is_down_stays_as_weak_as_it_was_last_seen() -> None:
    before = graded(SOUND_MAIL, OPEN_RDP)

    after = graded(SOUND_MAIL, OPEN_RDP, silent("tcp", OPEN_RDP.subject))

    assert after.letter is before.letter
    assert after.points == before.points


def test_a_filtered_port_is_listed_but_forbids_nothing() -> None:
    result = graded(SOUND_MAIL, silent("tcp", "www.ch-val.example:3389"))

    assert result.letter is Letter.A
    assert not result.complete
    assert theme(result, "services").letter is None


def test_what_a_mandate_leaves_out_of_reach_is_listed_but_forbids_nothing() -> None:
    elsewhere = replace(SOUND_MAIL, value={**SOUND_MAIL.value, "starttls": None})

    result = graded(elsewhere)

    assert result.letter is Letter.A
    assert [gap.rule_id for gap in result.not_observed] == ["mail.no-starttls"]


def test_a_grave_rule_without_an_answer_forbids_an_a() -> None:
    sound: dict[str, Json] = {"scheme": "http", "redirects_to_tls": True, "server": None}
    sound |= {"powered_by": None, "directory_listing": False, "insecure_cookies": []}

    known, unknown = (
        graded(observed("http", sound)),
        graded(observed("http", sound | {"directory_listing": None})),
    )

    assert (known.letter, known.capped) == (Letter.A, False)
    assert (unknown.letter, unknown.capped, unknown.score) == (Letter.B, True, 100)


def test_one_critical_fact_caps_the_theme_and_the_whole() -> None:
    result = graded(SOUND_MAIL, OPEN_RDP)

    assert theme(result, "services").letter is Letter.E
    assert (result.letter, result.weakest) == (Letter.E, "services")
    assert result.points[0].rule_id == "services.remote-desktop"
    assert result.points[0].reference.title


def test_repeats_cost_a_share_and_then_nothing_but_stay_listed() -> None:
    known = [
        observed("tcp", {"open": True, "service": "ssh"}, f"10.example:{port}") for port in range(8)
    ]

    result = graded(*known)

    assert [point.points for point in result.points] == [8, 2, 2, 2, 2, 0, 0, 0]
    assert theme(result, "services").score == 100 - 16


def test_the_weight_of_a_theme_limits_what_it_costs_overall() -> None:
    result = graded(
        observed(
            "dns",
            {
                "name_servers": ["ns1.example"],
                "open_transfer": True,
                "dangling_cname": "a.example",
                "dnssec": True,
                "dnssec_valid": False,
                "caa": [],
            },
        )
    )

    assert theme(result, "dns").score == 1
    assert result.score == 41


def test_points_add_up_to_what_a_theme_lost() -> None:
    result = graded(
        replace(SOUND_MAIL, value={**SOUND_MAIL.value, "spf_all": "?", "tls_rpt": False})
    )

    assert sum(point.points for point in result.points) == 100 - (theme(result, "mail").score or 0)


def test_an_old_grade_is_replayed_from_its_facts() -> None:
    expiring = observed("tls", {"certificate": {"not_after": "2026-02-01T00:00:00+00:00"}})
    first = graded(expiring)

    again = grade([expiring], POLICY, now=first.graded_at)

    assert again == first
    assert (first.policy_id, first.policy_version) == ("hygie.exposure", POLICY.version)


@settings(max_examples=80, deadline=None)
@given(st.lists(outcomes(), min_size=1, max_size=6), outcomes())
def test_one_more_outcome_never_improves_a_grade(known: list[Outcome], more: Outcome) -> None:
    before, after = graded(*known), graded(*known, more)

    olds: list[Grade | ThemeGrade] = [before, *before.themes]
    news: list[Grade | ThemeGrade] = [after, *after.themes]
    for old, new in zip(olds, news, strict=True):
        if old.letter is not None and old.score is not None:
            assert new.letter is not None
            assert new.score is not None
            assert LETTERS.index(new.letter) >= LETTERS.index(old.letter)
            assert new.score <= old.score


@pytest.mark.parametrize("probe", ["dns", "mail", "tls", "http", "tcp", "dicom", "mllp"])
def test_an_empty_answer_is_not_a_good_one(probe: str) -> None:
    result = graded(observed(probe, {}))

    assert result.letter is None
    assert not result.complete
