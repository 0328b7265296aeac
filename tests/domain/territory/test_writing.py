"""Writing changes: what ran on runs on, what ends ends on the day, dates never cross."""

from __future__ import annotations

import datetime as dt

import pytest

from hygie.domain.territory.known import read_known
from hygie.domain.territory.models import ALWAYS, EVER, Change, Edge, EdgeRole, Kind, Node
from hygie.domain.territory.placing import NATION, Key, Link
from hygie.domain.territory.writing import key_of, node_ids, write_edges, write_nodes
from hygie.vocabulary.enums import NodeKind

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 1, 1)
SITE = Key(NodeKind.ET, "990100109")
OTHER = Key(NodeKind.EJ, "990000200")


@pytest.fixture
def nation() -> Node:
    return Node.objects.create(kind=Kind.NATION, code="FR", name="France")


def change(kind: str, key: Key, after: dict[str, object]) -> Change:
    return Change(kind=kind, node_kind=key.kind, code=key.code, name="", after=after)


def moved(key: Key, *parents: Key) -> Change:
    rows = [[parent.kind.value, parent.code, "structure"] for parent in parents]
    return change("moved", key, {"parents": rows})


def test_nodes_are_written_with_their_dates_and_found_by_name(nation: Node) -> None:
    after = {"name": "Hôpital Épione", "opened_on": "2020-05-01", "beds": 3, "parents": []}
    write_nodes([change("opened", SITE, after), change("updated", SITE, {"beds": 4})])

    site = Node.objects.get(code=SITE.code)
    assert (site.opened_on, site.beds) == (dt.date(2020, 5, 1), 4)
    assert site.search_key == f"HOPITAL EPIONE {SITE.code}"
    assert node_ids() == {NATION: nation.pk, SITE: site.pk}


def test_a_node_never_closes_before_it_opened() -> None:
    Node.objects.create(kind=Kind.ET, code=SITE.code, name="x", opened_on=dt.date(2026, 2, 1))

    write_nodes([change("closed", SITE, {"closed_on": "2026-01-01", "parents": []})])

    assert Node.objects.get().closed_on == dt.date(2026, 2, 1)


@pytest.mark.usefixtures("nation")
def test_a_first_load_reaches_back_to_the_opening_else_to_always() -> None:
    Node.objects.create(kind=Kind.ET, code=SITE.code, name="x", opened_on=dt.date(2020, 1, 1))
    Node.objects.create(kind=Kind.EJ, code=OTHER.code, name="y")

    write_edges([moved(SITE, NATION), moved(OTHER, NATION)], as_of=DAY, first_load=True)

    starts = dict(Edge.objects.values_list("child__code", "valid_from"))
    assert starts == {SITE.code: dt.date(2020, 1, 1), OTHER.code: ALWAYS}


def test_an_edge_that_goes_on_keeps_its_beginning_and_one_of_no_day_vanishes(
    nation: Node,
) -> None:
    site = Node.objects.create(kind=Kind.ET, code=SITE.code, name="x")
    entity = Node.objects.create(kind=Kind.EJ, code=OTHER.code, name="y")
    kept = Edge.objects.create(parent=nation, child=site)
    Edge.objects.create(parent=entity, child=site, valid_from=DAY)

    write_edges([moved(SITE, NATION)], as_of=DAY, first_load=False)

    assert list(Edge.objects.all()) == [kept]
    write_edges([moved(SITE, OTHER)], as_of=DAY, first_load=False)
    kept.refresh_from_db()
    assert kept.valid_to == DAY
    begun = Edge.objects.get(parent=entity)
    assert (begun.valid_from, begun.valid_to, begun.role) == (DAY, EVER, EdgeRole.STRUCTURE)
    known = read_known(on=DAY)
    assert known.nodes[SITE].links == {Link(OTHER, EdgeRole.STRUCTURE)}
    assert known.newest == DAY


def test_a_change_names_its_node() -> None:
    assert key_of(moved(SITE, NATION)) == SITE


@pytest.mark.usefixtures("nation")
def test_a_territory_of_agencies_alone_is_empty() -> None:
    assert read_known(on=DAY).is_empty
    Node.objects.create(kind=Kind.ET, code=SITE.code, name="x")
    assert not read_known(on=DAY).is_empty
