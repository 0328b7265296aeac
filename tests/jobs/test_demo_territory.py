from __future__ import annotations

import datetime as dt

import pytest
from tests.domain.places import NOW

from hygie.domain.journal.models import Entry
from hygie.domain.territory.models import Kind, Node
from hygie.domain.territory.queries import ancestors, descendants
from hygie.jobs.demo_territory import NATION, lay_demo_territory
from hygie.lab.territory import load_territory

pytestmark = pytest.mark.django_db

IASO = "990000408"


@pytest.fixture(autouse=True)
def _territory(db: None) -> None:  # noqa: ARG001 - opens the database
    lay_demo_territory(actor="essai", now=NOW)


def test_every_place_of_the_document_is_there_and_under_the_nation() -> None:
    invented = load_territory()
    nation = Node.objects.get(kind=Kind.NATION)

    assert nation.code == NATION
    below = descendants(nation, on=NOW.date())
    assert {node.code for node in below.filter(kind=Kind.ET)} == {
        site.finess for site in invented.establishments
    }
    assert below.filter(kind=Kind.GHT).count() == len(invented.ghts)
    assert below.filter(kind=Kind.EJ).count() == len(invented.legal_entities)


def test_an_overseas_place_keeps_its_zone_down_to_its_sites() -> None:
    region = Node.objects.get(kind=Kind.ARS, code="X2")

    zones = set(descendants(region, on=NOW.date()).values_list("time_zone", flat=True))

    assert zones == {"Indian/Reunion"}


@pytest.mark.parametrize(
    ("year", "group"), [(2022, "GHT-X1-2"), (2026, "GHT-X1-1")], ids=["then", "now"]
)
def test_an_entity_that_changed_group_was_where_it_was(year: int, group: str) -> None:
    entity = Node.objects.get(code=IASO)

    above = ancestors(entity, on=dt.date(year, 6, 1)).filter(kind=Kind.GHT)

    assert [node.code for node in above] == [group]


def test_a_private_entity_lies_right_under_its_region() -> None:
    [private] = Node.objects.filter(kind=Kind.EJ, legal_status="private")

    assert [node.kind for node in ancestors(private, on=NOW.date())] == [Kind.NATION, Kind.ARS]


def test_laying_it_is_in_the_journal() -> None:
    assert Entry.objects.get(action="territory.laid").actor == "essai"
