from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest
from tests.domain.places import NOW
from tests.engines.probing.peers import MemoryNetwork

from hygie.domain.estate.actions import AssetLine, Document, import_assets
from hygie.domain.estate.mandates import Line
from hygie.domain.estate.models import PerimeterKind
from hygie.domain.estate.permits import Terms, sign_mandate
from hygie.domain.rounds.models import Item, Step
from hygie.domain.surveillance.models import Proposal, Sighting
from hygie.engines.probing.errors import ForbiddenError
from hygie.jobs.steps.observe import Observe, Seen

if TYPE_CHECKING:
    from collections.abc import Callable

    from hygie.domain.territory.models import Node
    from hygie.engines.probing.network import Guard
    from hygie.jobs.workbench import Workbench

ZONE = {("essai.example", "NS"): ["ns.essai.example"], ("essai.example", "A"): ["192.0.2.1"]}


@dataclass
class Watched:
    """A network in memory that keeps the guard it was given."""

    guards: list[Guard] = field(default_factory=list)

    def __call__(self, guard: Guard) -> MemoryNetwork:
        self.guards.append(guard)
        return MemoryNetwork(ZONE)


@pytest.fixture
def network() -> Watched:
    return Watched()


@pytest.fixture
def watched(bench: Workbench, network: Watched) -> Workbench:
    return replace(bench, network=network, budget_s=2.0)  # type: ignore[arg-type]


def equip(site: Node, *names: str) -> None:
    document = Document("inventory", "inventaire.csv", "a" * 64)
    lines = [AssetLine("domain", name) for name in names]
    import_assets(site, lines, document, actor="essai", now=NOW)


def allow(site: Node) -> None:
    today = NOW.date()
    terms = Terms("Sacha", "a@b.example", today, today, today + dt.timedelta(days=30))
    lines = [Line(PerimeterKind.DOMAIN, "essai.example")]
    sign_mandate(site, terms, lines, actor="essai", now=NOW)


def seen(item: Item, bench: Workbench) -> Seen:
    [(found, gathered)] = Observe().gather([item], bench)
    assert found == item
    return gathered


def test_only_names_of_the_mandate_are_asked_about_and_answers_are_kept(
    site: Node, item_of: Callable[[Step], Item], watched: Workbench
) -> None:
    equip(site, "essai.example", "ailleurs.example")
    allow(site)
    item = item_of(Step.OBSERVE)

    gathered = seen(item, watched)
    Observe().write(item, gathered, watched)

    assert {outcome.subject.split(":")[0] for outcome in gathered.outcomes} == {"essai.example"}
    assert Sighting.objects.get(probe="dns").value["addresses"] == ["192.0.2.1"]
    assert item.note == ""


def test_without_a_mandate_nothing_is_asked_and_the_item_says_why(
    site: Node, item_of: Callable[[Step], Item], watched: Workbench
) -> None:
    equip(site, "essai.example")
    item = item_of(Step.OBSERVE)

    gathered = seen(item, watched)
    counts = Observe().write(item, gathered, watched)

    assert (gathered.outcomes, counts["asked"]) == ([], 0)
    assert item.note == "aucun mandat signé : rien n’est sondé"


def test_the_guard_refuses_each_packet_outside_the_mandate(
    site: Node, item_of: Callable[[Step], Item], watched: Workbench, network: Watched
) -> None:
    equip(site, "essai.example")
    allow(site)
    seen(item_of(Step.OBSERVE), watched)
    [guard] = network.guards

    guard("essai.example", "192.0.2.1", 443)
    guard("_spf.tiers.example", "", 0)  # a question to our own resolver reaches nobody
    with pytest.raises(ForbiddenError, match="aucun mandat ouvert"):
        guard("tiers.example", "198.51.100.7", 443)


def test_the_guard_asks_again_when_time_has_passed(
    site: Node, item_of: Callable[[Step], Item], bench: Workbench, network: Watched
) -> None:
    moments = [NOW]
    watched = replace(bench, network=network, budget_s=2.0, clock=lambda: moments[-1])  # type: ignore[arg-type]
    equip(site, "essai.example")
    allow(site)
    seen(item_of(Step.OBSERVE), watched)
    [guard] = network.guards

    moments.append(NOW + dt.timedelta(days=60))

    for host, address in (("essai.example", "192.0.2.1"), ("essai.example", "")):
        with pytest.raises(ForbiddenError):
            guard(host, address, 443)


def test_names_that_answers_bear_are_proposed_and_not_probed(
    site: Node, item_of: Callable[[Step], Item], watched: Workbench
) -> None:
    equip(site, "essai.example")
    allow(site)
    item = item_of(Step.OBSERVE)
    Observe().write(item, seen(item, watched), watched)

    assert list(Proposal.objects.values_list("name", "source", "state")) == [
        ("ns.essai.example", "ns", "proposed")
    ]
    again = seen(item, watched)
    assert {outcome.subject.split(":")[0] for outcome in again.outcomes} == {"essai.example"}
