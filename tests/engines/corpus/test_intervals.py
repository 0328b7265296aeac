from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygie.engines.corpus.intervals import (
    AFTER,
    BEFORE,
    END,
    START,
    Endpoint,
    Interval,
    UnreadableSpanError,
    difference,
    interval_of,
    union,
)
from hygie.engines.corpus.records import Span
from hygie.engines.matching import versions


def points(interval: Interval) -> list[tuple[bytes, int]]:
    return [endpoint[:2] for endpoint in interval]


def test_bounds_fall_on_the_right_side_of_their_key() -> None:
    one, two = (versions.version_key(text, "npm") for text in "12")

    open_ = interval_of(Span(start="1", start_open=True, end="2"), "npm", versions)
    closed = interval_of(Span(start="1", end="2", end_closed=True), "npm", versions)

    assert points(open_) == [(one, AFTER), (two, BEFORE)]
    assert points(closed) == [(one, BEFORE), (two, AFTER)]
    assert interval_of(Span(), "npm", versions) == (START, END)


def test_a_closed_generic_bound_takes_its_builds_in() -> None:
    _, end = interval_of(Span(end="7.0.6", end_closed=True), "generic", versions)

    assert versions.version_key("7.0.6 build 0366", "generic") < end.key
    assert versions.version_key("7.0.6 SP1", "generic") > end.key


def test_an_exact_name_takes_its_updates_in_when_it_leaves_them_open() -> None:
    _, wide = interval_of(Span(exact="7.0", any_update=True), "generic", versions)
    _, narrow = interval_of(Span(exact="7.0"), "generic", versions)
    update = versions.version_key("7.0 SP3", "generic")

    assert narrow.key < update < wide.key


@pytest.mark.parametrize(
    "span", [Span(exact="sid"), Span(start="soon"), Span(end="publication", end_closed=True)]
)
def test_an_unreadable_bound_is_told(span: Span) -> None:
    with pytest.raises(UnreadableSpanError):
        interval_of(span, "generic", versions)


PLACES = st.tuples(st.integers(1, 6), st.sampled_from([BEFORE, AFTER]))
SETS = st.lists(st.tuples(PLACES, PLACES), max_size=4)


def intervals(drawn: list[tuple[tuple[int, int], tuple[int, int]]]) -> list[Interval]:
    return [
        (Endpoint(bytes([low[0]]), low[1]), Endpoint(bytes([high[0]]), high[1]))
        for low, high in drawn
    ]


def holds(found: list[Interval], place: tuple[bytes, int]) -> bool:
    return any(low[:2] <= place < high[:2] for low, high in found)


@given(SETS, SETS)
def test_union_and_difference_are_those_of_sets(
    left: list[tuple[tuple[int, int], tuple[int, int]]],
    right: list[tuple[tuple[int, int], tuple[int, int]]],
) -> None:
    kept, removed = intervals(left), intervals(right)
    joined, rest = union(kept), difference(union(kept), union(removed))

    for place in [(bytes([n]), side) for n in range(8) for side in (BEFORE, AFTER)]:
        assert holds(joined, place) == holds(kept, place)
        assert holds(rest, place) == (holds(kept, place) and not holds(removed, place))
