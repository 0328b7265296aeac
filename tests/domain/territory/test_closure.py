"""The closure of dated edges, against a reference that walks day by day."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygie.domain.territory.closure import (
    CycleError,
    DatedEdge,
    DatedPath,
    close_paths,
    rebuild_closure,
)
from hygie.domain.territory.models import ALWAYS, EVER, Closure, Edge, Node

DAYS = 12


def walk_day_by_day(edges: list[DatedEdge]) -> set[DatedPath]:
    depth_on: dict[tuple[int, int], dict[int, int]] = {}
    for day in range(DAYS):
        children: dict[int, set[int]] = {}
        for edge in edges:
            if edge.start <= day < edge.end:
                children.setdefault(edge.parent, set()).add(edge.child)
        for ancestor, first_level in children.items():
            level, depth, seen = first_level, 1, set[int]()
            while level:
                for descendant in level - seen:
                    depth_on.setdefault((ancestor, descendant), {})[day] = depth
                seen |= level
                level = {below for node in level for below in children.get(node, ())} - seen
                depth += 1
    return {
        DatedPath(ancestor, descendant, min(depths[day] for day in run), run[0], run[-1] + 1)
        for (ancestor, descendant), depths in depth_on.items()
        for run in runs_of(sorted(depths))
    }


def runs_of(days: list[int]) -> list[list[int]]:
    grouped = groupby(enumerate(days), key=lambda pair: pair[1] - pair[0])
    return [[day for _, day in group] for _, group in grouped]


@st.composite
def dated_edges(draw: st.DrawFn) -> list[DatedEdge]:
    """Draw edges from a lower to a higher number, so that there is no cycle."""
    edges = []
    for _ in range(draw(st.integers(0, 14))):
        parent = draw(st.integers(0, 5))
        start = draw(st.integers(0, DAYS - 1))
        edges.append(
            DatedEdge(
                parent,
                draw(st.integers(parent + 1, 6)),
                start,
                draw(st.integers(start + 1, DAYS)),
            )
        )
    return edges


@given(dated_edges())
@settings(max_examples=200, deadline=None)
def test_the_closure_is_what_walking_day_by_day_finds(edges: list[DatedEdge]) -> None:
    paths = close_paths(edges)

    assert len(paths) == len(set(paths))
    assert set(paths) == walk_day_by_day(edges)


@given(dated_edges(), st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_the_order_of_the_edges_does_not_matter(edges: list[DatedEdge], random: Random) -> None:
    shuffled = list(edges)
    random.shuffle(shuffled)

    assert set(close_paths(shuffled)) == set(close_paths(edges))


def test_two_stays_that_touch_are_one() -> None:
    assert close_paths([DatedEdge(1, 2, 0, 5), DatedEdge(1, 2, 5, 9)]) == [DatedPath(1, 2, 1, 0, 9)]


def test_a_change_of_group_leaves_the_past_under_the_old_one() -> None:
    nation, north, south, hospital, ward = range(5)
    paths = close_paths(
        [
            DatedEdge(nation, north, 0, 100),
            DatedEdge(nation, south, 0, 100),
            DatedEdge(north, hospital, 0, 50),
            DatedEdge(south, hospital, 50, 100),
            DatedEdge(hospital, ward, 10, 90),
        ]
    )

    assert {path for path in paths if path.descendant == ward} == {
        DatedPath(hospital, ward, 1, 10, 90),
        DatedPath(north, ward, 2, 10, 50),
        DatedPath(south, ward, 2, 50, 90),
        DatedPath(nation, ward, 3, 10, 90),
    }


def test_a_loop_is_refused_and_named() -> None:
    with pytest.raises(CycleError, match="boucle autour du nœud 1"):
        close_paths([DatedEdge(1, 2, 0, 5), DatedEdge(2, 3, 0, 5), DatedEdge(3, 1, 0, 5)])


@pytest.mark.django_db
def test_rebuilding_writes_only_what_changed() -> None:
    nation, region, hospital = (
        Node.objects.create(kind=kind, code=kind, name=kind) for kind in ("nation", "ars", "ej")
    )
    Edge.objects.create(parent=nation, child=region)
    moved = Edge.objects.create(parent=region, child=hospital)

    assert rebuild_closure() == 6
    assert rebuild_closure() == 0

    moved.valid_to = dt.date(2024, 1, 1)
    moved.save()

    assert rebuild_closure() == 4  # two rows replaced
    assert Closure.objects.get(ancestor=nation, descendant=hospital).valid_to == moved.valid_to
    own = Closure.objects.get(ancestor=hospital, descendant=hospital)
    assert (own.depth, own.valid_from, own.valid_to) == (0, ALWAYS, EVER)
