from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.domain.places import NOW

from hygie.domain.estate.actions import AssetLine, Document, import_assets
from hygie.domain.estate.models import Asset
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


CPE = "cpe:2.3:o:fortinet:fortios:6.0.4:*:*:*:*:*:*:*"
FLAW = "CVE-2018-13379"


def own(site: Node, **more: object) -> None:
    line = AssetLine("device", "Passerelle", "Fortinet", "FortiOS", "6.0.4", cpe=CPE, **more)  # type: ignore[arg-type]
    document = Document("inventory", "inventaire.csv", "a" * 64)
    import_assets(site, [line], document, actor="essai", now=NOW)


def show(site: Node, at: dt.datetime = NOW) -> None:
    product = {"product": "fortinet/fortios", "version": "6.0.4"}
    record_outcomes(site, [Observation(VPN, "http", {}, b"", at, **product)])  # type: ignore[arg-type]


def turn(item: Item, bench: Workbench) -> dict[str, int]:
    Match().write(item, None, bench)
    return Reconcile().write(item, None, bench)


def test_what_inventory_and_network_both_know_is_one_finding_with_two_origins(
    site: Node, item_of: Callable[[Step], Item], bench: Workbench
) -> None:
    own(site)
    show(site)

    turn(item_of(Step.RECONCILE), bench)

    found = Finding.objects.get(cve_id=FLAW)
    assert (found.subject, found.facts["listed_as"]) == (VPN, "Passerelle")
    assert found.asset == Asset.objects.get(name="Passerelle")
    assert found.facts["exposed"] is True


def test_a_finding_of_the_network_names_its_asset_once_that_is_declared(
    site: Node, item_of: Callable[[Step], Item], bench: Workbench
) -> None:
    show(site)
    turn(item_of(Step.RECONCILE), bench)
    before = Finding.objects.get(cve_id=FLAW)

    own(site)
    later = next_day(bench)
    show(site, LATER)
    counts = turn(later_item(site), later)

    after = Finding.objects.get(cve_id=FLAW)
    assert (before.pk, before.subject) == (after.pk, VPN)
    assert (before.asset, after.facts["listed_as"]) == (None, "Passerelle")
    assert counts["new"] == counts["verified"] == 0


def test_a_finding_stays_with_the_network_when_the_inventory_forgets_the_asset(
    site: Node, item_of: Callable[[Step], Item], bench: Workbench
) -> None:
    own(site)
    show(site)
    turn(item_of(Step.RECONCILE), bench)
    before = Finding.objects.get(cve_id=FLAW)

    import_assets(
        site, [], Document("inventory", "inventaire.csv", "b" * 64), actor="essai", now=LATER
    )
    later = next_day(bench)
    show(site, LATER)
    turn(later_item(site), later)

    after = Finding.objects.get(cve_id=FLAW)
    assert (after.pk, after.subject, after.state) == (before.pk, VPN, State.OPEN)


def test_two_findings_kept_apart_until_now_become_one_and_no_repair_is_claimed(
    site: Node, item_of: Callable[[Step], Item], bench: Workbench
) -> None:
    own(site, quantity=2)
    show(site)
    turn(item_of(Step.RECONCILE), bench)
    assert Finding.objects.filter(cve_id=FLAW).count() == 2

    own(site, quantity=1)
    later = next_day(bench)
    show(site, LATER)
    counts = turn(later_item(site), later)

    states = dict(Finding.objects.filter(cve_id=FLAW).values_list("subject", "state"))
    assert states == {"Passerelle": State.SET_ASIDE, VPN: State.OPEN}
    assert counts["verified"] == 0


def test_an_asset_that_answers_from_the_internet_is_exposed_whatever_recognised_it(
    site: Node, item_of: Callable[[Step], Item], bench: Workbench
) -> None:
    line = AssetLine("application", "vpn.essai.example", "Fortinet", "FortiOS", "6.0.4", cpe=CPE)
    document = Document("inventory", "inventaire.csv", "a" * 64)
    import_assets(site, [line], document, actor="essai", now=NOW)
    answer(site)

    turn(item_of(Step.RECONCILE), bench)

    assert Finding.objects.get(cve_id=FLAW).facts["exposed"] is True


def test_a_finding_of_the_inventory_becomes_the_networks_with_its_history(
    site: Node, item_of: Callable[[Step], Item], bench: Workbench
) -> None:
    own(site)
    turn(item_of(Step.RECONCILE), bench)
    before = Finding.objects.get(cve_id=FLAW)

    later = next_day(bench)
    show(site, LATER)
    turn(later_item(site), later)

    after = Finding.objects.get(cve_id=FLAW)
    assert (after.pk, before.subject, after.subject) == (before.pk, "Passerelle", VPN)


def test_a_repair_that_the_network_shows_is_verified_and_the_inventory_still_speaks(
    site: Node, item_of: Callable[[Step], Item], bench: Workbench
) -> None:
    own(site)
    show(site)
    turn(item_of(Step.RECONCILE), bench)

    later = next_day(bench)
    record_outcomes(site, [Observation(VPN, "http", {}, b"", LATER)])
    turn(later_item(site), later)

    states = dict(Finding.objects.filter(cve_id=FLAW).values_list("subject", "state"))
    assert states == {VPN: State.VERIFIED, "Passerelle": State.OPEN}
