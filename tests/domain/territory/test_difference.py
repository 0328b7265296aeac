"""Comparing is pure: a known territory and a file in, ordered changes out."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.territory.files import FIRST, Site, finess, ght, ghts

from hygie.domain.territory.difference import (
    Difference,
    PlannedChange,
    as_lists,
    compare,
    roles_of,
)
from hygie.domain.territory.incoming import Incoming, describe
from hygie.domain.territory.known import DETAILS, Known, KnownNode
from hygie.domain.territory.models import ChangeKind, EdgeRole
from hygie.domain.territory.placing import NATION, Key, Link
from hygie.vocabulary.enums import NodeKind

NUMBERS = [f"99010{n:04}" for n in range(6)]
ENTITIES = ["990000101", "990000200", None]
EMPTY = Known({}, None)


def after(known: Known, found: Difference) -> Known:
    """Return the territory once the changes are made, as applying them would."""
    nodes = dict(known.nodes)
    for change in found.changes:
        nodes[change.key] = changed(nodes.get(change.key), change)
    return Known(nodes, known.newest)


def changed(node: KnownNode | None, change: PlannedChange) -> KnownNode:
    blank: dict[str, object] = dict.fromkeys(DETAILS, "")
    old = node or KnownNode("", is_open=True, details=blank, links=frozenset())
    details = {column: value for column, value in change.after.items() if column in DETAILS}
    links = old.links
    if "parents" in change.after:
        roles = roles_of(change.after["parents"])
        links = frozenset(Link(parent, EdgeRole(role)) for parent, role in roles.items())
    return KnownNode(
        str(change.after.get("name", old.name)),
        change.kind != ChangeKind.CLOSED,
        {**old.details, **details},
        links,
    )


@st.composite
def files(draw: st.DrawFn) -> Incoming:
    numbers = draw(st.lists(st.sampled_from(NUMBERS), unique=True, min_size=1))
    sites = [
        Site(
            number,
            draw(st.sampled_from(ENTITIES)),
            draw(st.sampled_from(["Nord", "Sud"])),
            draw(st.sampled_from(["84", "93"])),
            draw(st.sampled_from([None, 10, 20])),
        )
        for number in numbers
    ]
    groups = [ght("G1", *(e for e in ENTITIES if e and draw(st.booleans())))]
    kind = draw(st.sampled_from(["sae", "etalab"]))
    return describe(finess(*sites, kind=kind), as_of=FIRST, groups=ghts(*groups))


@given(st.lists(files(), min_size=1, max_size=4))
@settings(max_examples=100, deadline=None)
def test_once_applied_the_same_file_changes_nothing(history: list[Incoming]) -> None:
    known = EMPTY
    for incoming in history:
        known = after(known, compare(known, incoming))

        assert compare(known, incoming).changes == ()
        for key, described in incoming.nodes.items():
            assert known.nodes[key].is_open
            assert known.nodes[key].name == described.name or not described.name


@given(st.lists(files(), min_size=1, max_size=4))
@settings(max_examples=50, deadline=None)
def test_what_is_open_hangs_under_what_is_open(history: list[Incoming]) -> None:
    known = EMPTY
    for incoming in history:
        known = after(known, compare(known, incoming))
    for node in known.nodes.values():
        assert bool(node.links) is node.is_open
        for link in node.links:
            assert link.parent == NATION or known.nodes[link.parent].is_open


def test_changes_come_opened_first_and_widest_first() -> None:
    found = compare(EMPTY, describe(finess(Site(NUMBERS[0])), as_of=FIRST))

    assert [change.key.kind for change in found.changes] == [
        NodeKind.ARS,
        NodeKind.EJ,
        NodeKind.ET,
    ]
    assert found.counts() == {"opened": {"ars": 1, "ej": 1, "et": 1}}
    assert found.hold_reason is None


def test_parents_read_back_as_they_were_written() -> None:
    links = frozenset(
        {Link(NATION, EdgeRole.STRUCTURE), Link(Key(NodeKind.ARS, "84"), EdgeRole.LOCATED)}
    )

    assert as_lists(links) == [["ars", "84", "located"], ["nation", "", "structure"]]
    assert roles_of(as_lists(links)) == {link.parent: link.role for link in links}
    assert roles_of(None) == {}
