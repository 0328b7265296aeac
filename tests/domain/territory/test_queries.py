"""The territory as it stood on a day, and a territory laid whole."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from hygie.domain.territory import queries
from hygie.domain.territory.actions import NewEdge, NewNode, ensure_nation, lay_territory
from hygie.domain.territory.models import EdgeRole, Kind, Node

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)
NATION, ARS = (Kind.NATION, "HY"), (Kind.ARS, "X1")
OLD, NEW = (Kind.GHT, "OLD"), (Kind.GHT, "NEW")
EJ, ET = (Kind.EJ, "990000408"), (Kind.ET, "990100505")
MOVE = dt.date(2023, 1, 1)
BEFORE, AFTER = dt.date(2022, 12, 31), MOVE

Laid = dict[tuple[Kind, str], Node]


@pytest.fixture
def laid() -> Laid:
    names = {
        NATION: "Nation d’Hygie",
        ARS: "ARS Val-d’Hygie",
        OLD: "GHT des Monts",
        NEW: "GHT Val-d’Hygie",
        EJ: "Centre hospitalier d’Iaso",
        ET: "Hôpital Épione",
    }
    nodes = [NewNode(*key, name) for key, name in names.items()]
    edges = [
        NewEdge(NATION, ARS),
        NewEdge(ARS, OLD),
        NewEdge(ARS, NEW),
        NewEdge(OLD, EJ, EdgeRole.SUPPORT, valid_to=MOVE),
        NewEdge(NEW, EJ, EdgeRole.MEMBER, valid_from=MOVE),
        NewEdge(EJ, ET),
    ]
    return lay_territory(nodes, edges, actor="essai", now=NOW)


def test_children_and_parents_are_those_of_the_day(laid: Laid) -> None:
    assert list(queries.children(laid[OLD], on=BEFORE)) == [laid[EJ]]
    assert list(queries.children(laid[OLD], on=AFTER)) == []
    [edge] = queries.parents(laid[EJ], on=AFTER)
    assert (edge.parent, edge.role) == (laid[NEW], EdgeRole.MEMBER)


def test_ancestors_go_from_the_widest_to_the_nearest(laid: Laid) -> None:
    assert list(queries.ancestors(laid[ET], on=BEFORE)) == [
        laid[NATION],
        laid[ARS],
        laid[OLD],
        laid[EJ],
    ]


def test_descendants_leave_the_node_itself_out(laid: Laid) -> None:
    assert set(queries.descendants(laid[NEW], on=AFTER)) == {laid[EJ], laid[ET]}
    assert set(queries.descendants(laid[NEW], on=BEFORE)) == set()
    assert list(queries.descendants(laid[ARS], on=AFTER, kind=Kind.ET)) == [laid[ET]]


def test_counts_name_only_the_levels_that_exist(laid: Laid) -> None:
    assert queries.counts_by_kind(laid[ARS], on=AFTER) == {Kind.GHT: 2, Kind.EJ: 1, Kind.ET: 1}
    assert queries.counts_by_kind(laid[ET], on=AFTER) == {}


@pytest.mark.parametrize(
    "text", ["epione", "ÉPIONE hopital", "990100505", "99 0100505", "990 100 505", "hôpital épi"]
)
def test_a_place_is_found_without_its_accents_or_by_its_number(laid: Laid, text: str) -> None:
    assert list(queries.search(text)) == [laid[ET]]


def test_a_search_stays_where_it_is_told_and_empty_finds_nothing(laid: Laid) -> None:
    assert list(queries.search("hygie", nodes=Node.objects.filter(kind=Kind.GHT))) == [laid[NEW]]
    assert list(queries.search("  ’ ")) == []


def test_open_on_reads_both_dates(laid: Laid) -> None:
    site = laid[ET]
    site.opened_on, site.closed_on = dt.date(2020, 1, 1), dt.date(2024, 1, 1)
    site.save()

    def is_open(day: dt.date) -> bool:
        return Node.objects.filter(queries.open_on(day), pk=site.pk).exists()

    assert [is_open(dt.date(year, 1, 1)) for year in (2019, 2020, 2023, 2024)] == [
        False,
        True,
        True,
        False,
    ]


def test_the_nation_is_the_one_there_is(laid: Laid) -> None:
    assert ensure_nation(actor="essai", now=NOW) == laid[NATION]


def test_france_is_the_nation_where_there_is_none() -> None:
    with pytest.raises(Node.DoesNotExist):
        queries.nation()

    nation = ensure_nation(actor="essai", now=NOW)

    assert (nation.code, nation.name) == ("FR", "France")
    assert queries.nation() == nation


@pytest.mark.usefixtures("laid")
def test_laying_a_node_twice_is_refused_whole() -> None:
    again = [NewNode(Kind.ET, "990100604", "Nouveau"), NewNode(*ET, "Encore")]

    with pytest.raises(IntegrityError), transaction.atomic():
        lay_territory(again, [], actor="essai", now=NOW)

    assert not Node.objects.filter(code="990100604").exists()
