from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.corpus.records_of import any_of, cpe, line, matches
from tests.engines.matching.inventories import Bench, by_cpe

from hygie.engines.matching.columns import Column
from hygie.engines.matching.kernel import TRUE
from hygie.engines.matching.national import counting
from hygie.engines.matching.national.counting import (
    HEAD,
    SEVERITIES,
    Counter,
    counts_of_components,
)
from hygie.engines.matching.national.holding import Holders, Holdings
from hygie.engines.matching.national.locating import (
    establishments_with,
    installed_rows,
    locate,
)
from hygie.engines.matching.national.placing import place_components
from hygie.engines.matching.national.touching import Intervals, intervals, touch
from hygie.vocabulary.errors import UsageError
from hygie.vocabulary.facts import Component

ROWS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 6)), max_size=300)


def holdings(rows: list[tuple[int, int]]) -> Holdings:
    establishment, component = np.array(rows, np.int32).reshape(-1, 2).T
    return Holdings(establishment, component, establishments=5, components=7)


def counted(held: Holdings, counts: Column, *, workers: int = 1) -> Column:
    counter = Counter(held, workers=workers)
    return counter.count(counter.words(counts))


@settings(max_examples=100)
@given(
    ROWS,
    st.lists(st.integers(0, 10_000), min_size=35, max_size=35),
    st.sampled_from([1, 2]),
)
def test_counts_are_the_sum_over_every_installed_row(
    rows: list[tuple[int, int]], values: list[int], workers: int
) -> None:
    counts = np.array(values, np.int64).reshape(7, SEVERITIES)
    expected = np.zeros((5, SEVERITIES), np.int64)
    for establishment, component in rows:
        expected[establishment] += counts[component]

    found = counted(holdings(rows), counts, workers=workers)

    assert found.tolist() == expected.tolist()


@pytest.mark.parametrize("workers", [1, 2])
def test_what_few_install_is_read_in_groups(workers: int) -> None:
    chance = np.random.default_rng(4)
    components = 3 * HEAD
    establishment = np.sort(chance.integers(0, 40, 60_000).astype(np.int32))
    component = chance.integers(0, components, 60_000).astype(np.int32)
    counts = chance.integers(0, 2_000, (components, SEVERITIES))
    counts[components // 2 :] = 0
    held = Holdings(
        establishment,
        component,
        establishments=40,
        components=components,
        touched=counts.any(axis=1) if workers == 1 else None,
    )
    expected = np.zeros((40, SEVERITIES), np.int64)
    np.add.at(expected, establishment, counts[component])

    assert (counted(held, counts, workers=workers) == expected).all()


def test_regions_where_nothing_is_counted_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "_REGION_BITS", 11)
    chance = np.random.default_rng(5)
    components = 40 * HEAD
    component = chance.permutation(components).astype(np.int32)
    counts = np.zeros((components, SEVERITIES), np.int64)
    counts[:2_000, 1] = 3
    held = Holdings(
        np.zeros(components, np.int32),
        component,
        establishments=1,
        components=components,
        touched=counts.any(axis=1),
    )
    counter = Counter(held)
    words = counter.words(counts)

    assert len(words.blocks) < len(counter._singles) // counting._BLOCK
    assert counter.count(words).tolist() == [[0, 6_000, 0, 0, 0]]


def test_one_establishment_fills_many_groups() -> None:
    rows = [(3, n % 7) for n in range(7)] + [(1, 2)] * 200

    found = counted(holdings(rows), np.full((7, SEVERITIES), 4_000, np.int64))

    assert found[3].tolist() == [28_000] * SEVERITIES
    assert found[1].tolist() == [800_000] * SEVERITIES


@pytest.mark.parametrize(("establishment", "component"), [(9, 0), (0, 9), (-1, 0)])
def test_numbers_out_of_range_are_refused(establishment: int, component: int) -> None:
    with pytest.raises(UsageError):
        holdings([(establishment, component)])


BENCH = Bench(
    line(
        "CVE-2024-0001",
        configurations=[
            any_of(
                matches(cpe("box"), versionEndExcluding="2"),
                matches(cpe("crate"), versionEndExcluding="2"),
            )
        ],
    ),
    line("CVE-2024-0002", configurations=[any_of(matches(cpe("box"), versionEndExcluding="3"))]),
    aliases={"twin": ("acme/box", "acme/crate")},
)


def test_a_cve_that_touches_a_component_twice_counts_once() -> None:
    components = [Component("twin", "1"), by_cpe("box", "1"), by_cpe("box", "2.5")]
    columns = BENCH.matcher.columns
    places = place_components(BENCH.matcher, components)
    found = intervals(columns, touch(columns, places), state=TRUE)

    counts = counts_of_components(places, found, np.array([4, 0], np.uint8))

    assert len(places.position) == 4
    assert counts[:, 4].tolist() == [1, 1, 0]
    assert counts[:, 0].tolist() == [1, 1, 1]


def test_those_who_have_it_are_named_with_their_rows() -> None:
    columns = BENCH.matcher.columns
    places = place_components(BENCH.matcher, [by_cpe("box", v) for v in ("1", "2.5", "9")])
    rows = [(0, 0), (0, 0), (2, 1), (3, 2), (4, 0)]
    establishment, component = np.array(rows, np.int32).T
    held = Holdings(establishment, component, establishments=5, components=3)
    holders = Holders(places, held)

    found = locate(columns, places, np.array([0, 1])).affected

    assert [column.tolist() for column in installed_rows(found, holders)] == [[0, 1], [3, 4]]
    assert establishments_with(0, found, holders).tolist() == [0, 4]
    assert establishments_with(1, found, holders).tolist() == [0, 2, 4]


def test_nothing_installed_counts_nothing() -> None:
    empty = holdings([])
    nothing = Intervals(np.zeros(0, np.int32), np.zeros(0, np.int64), np.zeros(0, np.int64))
    places = place_components(BENCH.matcher, [])

    assert counted(empty, np.ones((7, SEVERITIES), np.int64)).sum() == 0
    assert counts_of_components(places, nothing, np.zeros(2, np.uint8)).shape == (0, SEVERITIES)
