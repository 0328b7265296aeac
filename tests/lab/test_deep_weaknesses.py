"""Each deep weakness of the lab is seen while it is broken, and no longer once it is fixed."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import TYPE_CHECKING

import pytest

from hygie.engines.deciding.exposure import exposure_policy
from hygie.engines.deciding.judging import answered, weaknesses
from hygie.engines.probing.network import LabNetwork
from hygie.engines.probing.observe import Target, observe_target
from hygie.lab.network import State

if TYPE_CHECKING:
    from tests.lab.conftest import Lab

    from hygie.vocabulary.facts import Outcome

NOW = dt.datetime.now(dt.UTC)
POLICY = exposure_policy(on=dt.date(2026, 11, 25))

WEAKNESSES = [
    ("suites-ch-panacee", "www.ch-panacee.example", "tls-depth", "tls.broken-suites"),
    ("dkim-ch-panacee", "ch-panacee.example", "dkim", "mail.dkim-short-key"),
    ("cache-chs-epione", "sql.chs-epione.example", "udp", "services.udp-management"),
    ("tls-messagerie-chs-epione", "mail.chs-epione.example", "starttls", "mail.server-old-tls"),
    ("delegation-chs-epione", "chs-epione.example", "delegation", "dns.parent-disagrees"),
    ("mta-sts-chr-machaon", "chr-machaon.example", "mta-sts", "mail.mta-sts-error"),
    ("dane-chr-machaon", "chr-machaon.example", "dane", "mail.dane-mismatch"),
    (
        "recherche-hopital-podalire",
        "orthanc.podalire.chr-machaon.example",
        "dicomweb",
        "medical.dicomweb-open",
    ),
    (
        "fhir-ch-port-asclepios",
        "patient.ch-port-asclepios.example",
        "fhir",
        "medical.fhir-without-security",
    ),
    (
        "snmp-hopital-jour-asclepios",
        "onduleur.lagons-asclepios.example",
        "udp",
        "services.udp-management",
    ),
    ("dnssec-hopital-jour-asclepios", "lagons-asclepios.example", "dns", "dns.dnssec-broken"),
]


def look(lab: Lab, name: str, probe: str) -> list[Outcome]:
    network = LabNetwork(lab.directory)
    return asyncio.run(observe_target(Target(name, kinds=(probe,)), network, now=NOW))


@pytest.mark.parametrize(("switch", "name", "probe", "rule"), WEAKNESSES)
def test_a_weakness_is_seen_and_its_repair_is_proven(
    lab: Lab, switch: str, name: str, probe: str, rule: str
) -> None:
    lab.turn(switch, State.BROKEN)
    broken = look(lab, name, probe)
    lab.turn(switch, State.FIXED)
    fixed = look(lab, name, probe)
    lab.turn(switch, State.BROKEN)

    [seen] = [one for one in weaknesses(broken, POLICY, now=NOW) if one.rule_id == rule]
    assert (rule, seen.subject) in answered(fixed, POLICY, now=NOW)
    assert rule not in {one.rule_id for one in weaknesses(fixed, POLICY, now=NOW)}


def test_the_chain_of_a_signed_zone_holds_down_from_the_anchor(lab: Lab) -> None:
    [secure] = look(lab, "chr-machaon.example", "dns")
    [unsigned] = look(lab, "ch-iaso.example", "dns")

    assert secure.value["dnssec_chain"] == "secure"  # type: ignore[union-attr]
    assert unsigned.value["dnssec_chain"] == "insecure"  # type: ignore[union-attr]


def test_a_name_that_was_deleted_is_denied_by_the_zone_above(lab: Lab) -> None:
    [gone] = look(lab, "zone-rendue.example", "dns")

    assert gone.value["exists"] is False  # type: ignore[union-attr]


def test_a_good_establishment_has_no_weakness_at_all(lab: Lab) -> None:
    names = ("ehpad-acheloos.example", "www.ehpad-acheloos.example", "mail.ehpad-acheloos.example")
    network = LabNetwork(lab.directory)
    outcomes = [
        outcome
        for name in names
        for outcome in asyncio.run(observe_target(Target(name), network, now=NOW))
    ]

    found = {(one.rule_id, one.subject) for one in weaknesses(outcomes, POLICY, now=NOW)}
    assert {rule for rule, _ in found} <= {"mail.no-mta-sts", "mail.no-tls-rpt", "dns.no-caa"}
