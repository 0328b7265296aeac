from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.domain.places import NOW

from hygie.domain.estate.actions import AssetLine, Document, import_assets
from hygie.domain.findings.models import Finding, Origin, State
from hygie.domain.rounds.models import Item, Round, RoundState, Step
from hygie.domain.surveillance.actions import record_outcomes
from hygie.domain.surveillance.models import GradeGiven
from hygie.jobs.steps.match import Match
from hygie.jobs.steps.reconcile import Reconcile
from hygie.vocabulary.facts import NotObserved, Observation

if TYPE_CHECKING:
    from collections.abc import Callable

    from hygie.domain.territory.models import Node
    from hygie.jobs.workbench import Workbench

VPN = "vpn.essai.example:443"
LATER = NOW + dt.timedelta(days=1)


def answer(site: Node, at: dt.datetime = NOW, **value: object) -> None:
    facts = {"accepted": [], "rejected": [], "undetermined": [], "certificate": None, **value}
    record_outcomes(site, [Observation(VPN, "tls", facts, b"", at)])  # type: ignore[arg-type]


def next_day(bench: Workbench) -> Workbench:
    Round.objects.update(state=RoundState.DONE, finished_at=NOW)
    later = replace(bench, clock=lambda: LATER)
    later.__dict__["corpus"] = bench.corpus
    return later


def later_item(site: Node) -> Item:
    turn = Round.objects.create(
        node=site, steps=[Step.RECONCILE], started_at=LATER, started_by="essai"
    )
    return Item.objects.create(round=turn, node=site, step=Step.RECONCILE, position=0)


def old_tls() -> Finding:
    return Finding.objects.get(rule_id="tls.old-version")


def test_a_weakness_seen_becomes_a_finding_of_its_asset_and_a_grade(
    site: Node, item_of: Callable[[Step], Item], bench: Workbench
) -> None:
    document = Document("inventory", "inventaire.csv", "a" * 64)
    line = AssetLine("domain", "vpn.essai.example")
    import_assets(site, [line], document, actor="essai", now=NOW)
    answer(site, accepted=["TLSv1.0", "TLSv1.2"])

    Reconcile().write(item_of(Step.RECONCILE), None, bench)

    found = old_tls()
    assert (found.subject, found.state, found.origin) == (VPN, State.OPEN, Origin.EXPOSURE)
    assert found.asset is not None
    assert found.asset.name == "vpn.essai.example"
    assert GradeGiven.objects.get().node == site


def test_what_answers_without_its_weakness_is_verified(
    site: Node, item_of: Callable[[Step], Item], bench: Workbench
) -> None:
    answer(site, accepted=["TLSv1.0", "TLSv1.2"])
    Reconcile().write(item_of(Step.RECONCILE), None, bench)

    later = next_day(bench)
    answer(site, LATER, accepted=["TLSv1.2"], rejected=["TLSv1.0", "TLSv1.1"])
    Reconcile().write(later_item(site), None, later)

    assert old_tls().state == State.VERIFIED


def test_a_silence_verifies_nothing(
    site: Node, item_of: Callable[[Step], Item], bench: Workbench
) -> None:
    answer(site, accepted=["TLSv1.0", "TLSv1.2"])
    Reconcile().write(item_of(Step.RECONCILE), None, bench)

    later = next_day(bench)
    record_outcomes(site, [NotObserved(VPN, "tls", "timeout", "pas de réponse", LATER)])
    counts = Reconcile().write(later_item(site), None, later)

    assert old_tls().state == State.OPEN
    assert counts["verified"] == 0


def test_a_known_vulnerability_of_the_inventory_says_where_it_is_and_why(
    site: Node, item_of: Callable[[Step], Item], bench: Workbench
) -> None:
    cpe = "cpe:2.3:o:fortinet:fortios:6.0.4:*:*:*:*:*:*:*"
    line = AssetLine("device", "Passerelle", "Fortinet", "FortiOS", "6.0.4", cpe=cpe)
    document = Document("inventory", "inventaire.csv", "a" * 64)
    import_assets(site, [line], document, actor="essai", now=NOW)
    item = item_of(Step.RECONCILE)
    Match().write(item, None, bench)

    Reconcile().write(item, None, bench)

    found = Finding.objects.get(cve_id="CVE-2018-13379")
    assert found.title == "CVE-2018-13379 : Fortinet FortiOS 6.0.4"
    assert (found.subject, found.place) == ("Passerelle", "FortiOS")
    assert (found.facts["version"], found.facts["source"]) == ("6.0.4", "starter")
    assert "6.0.4" in found.facts["reason"]
    assert found.facts["exposed"] is False
    assert not GradeGiven.objects.exists()  # nothing was observed: nothing is graded
