"""Which places each statement touches: one interval each, joined by CVE, nothing expanded.

States as in ``kernel``: TRUE affected, OPEN unknown (an undecided statement, a condition that
depends on what else the establishment runs, a version that cannot be compared).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from hygie.engines.matching.identity import compatible
from hygie.engines.matching.kernel import (
    FALSE,
    NOTHING,
    OPEN,
    TRUE,
    Present,
    condition_states,
    spread,
)

if TYPE_CHECKING:
    from hygie.engines.matching.columns import Column, CorpusColumns
    from hygie.engines.matching.national.placing import Facets, Places


_MANY: Final = 100_000


class Touched(NamedTuple):
    """Statements and the interval [first, last) of places each touches; none is empty.

    Attributes:
        statement: int64, rows of the corpus' ``statement``.
        facet: int64, number of the facet.
        first, last: int64, places.
        state: uint8, TRUE or OPEN.
    """

    statement: Column
    facet: Column
    first: Column
    last: Column
    state: Column


class Intervals(NamedTuple):
    """Disjoint intervals of places for each facet and CVE.

    Attributes:
        cve: int32, rows of the corpus' ``cve``.
        first, last: int64, places [first, last).
    """

    cve: Column
    first: Column
    last: Column


def touch(
    columns: CorpusColumns,
    places: Places,
    wanted: Column | None = None,
    *,
    together: bool = False,
    workers: int = 1,
) -> Touched:
    """Return what statements touch.

    Args:
        columns: the corpus.
        places: of the estate.
        wanted: int64, ascending rows of the corpus' ``statement``; None for all.
        together: all of it runs in one establishment, where conditions can be decided; False
            leaves every condition open.
        workers: threads to use on all statements of a large estate; NumPy leaves the
            interpreter free while it reads.
    """
    here = _present(places) if together else NOTHING
    block = places.comparable_end < places.end
    if wanted is None and places.facets.plain and len(places.position) > _MANY:
        every = _along_the_axis(columns, places, workers)
        statement, facet = _pairs(columns, places, _statements_of(columns, places, block))
        blocked = _unplaced(statement, facet)
    else:
        every = _searched(columns, places, *_pairs(columns, places, wanted))
        blocked = _kept(every, block[every.facet])
    found = _kept(every, every.first < every.last)
    found = found._replace(state=_states(columns, places, found, here))
    joined = _joined(found, _without_version(columns, places, blocked, here))
    return _kept(joined, joined.state > FALSE) if together else joined


def _present(places: Places) -> Present:
    order = np.argsort(places.position, kind="stable")
    traits_of = places.facets.traits_of[places.facet[order]]
    return Present(places.position[order], traits_of, places.facets.traits)


def _searched(columns: CorpusColumns, places: Places, statement: Column, facet: Column) -> Touched:
    """Find the places of each statement by two binary searches."""
    positions = places.facet.astype(np.int64) << 32 | places.position
    first = np.searchsorted(positions, facet << 32 | columns.low[statement])
    last = np.searchsorted(positions, facet << 32 | columns.high[statement])
    last = np.minimum(last, places.comparable_end[facet])
    return _unplaced(statement, facet)._replace(first=first, last=last)


def _along_the_axis(columns: CorpusColumns, places: Places, workers: int) -> Touched:
    """Find what all statements touch, where places are sorted by position alone.

    Counting places once along the axis answers every search by one read; only statements that
    touch something are looked at further. One facet a product, in the products' order.
    """
    before = _places_before(places.position, int(columns.axis_end.max(initial=0)) + 1)
    facet_of = np.full(len(columns.statement_end), -1, np.int64)
    facet_of[places.facets.product] = np.arange(len(places.facets))
    edges = np.linspace(0, len(columns.low), workers + 1).astype(np.int64).tolist()

    def run(part: int) -> Touched:
        return _of_rows(columns, places, before, facet_of, slice(edges[part], edges[part + 1]))

    if workers == 1:
        return run(0)
    columns.product_of  # noqa: B018 - made once, before the threads ask for it
    with ThreadPoolExecutor(workers) as pool:
        parts = list(pool.map(run, range(workers)))
    return Touched(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _places_before(positions: Column, size: int) -> Column:
    """Return how many sorted positions stand below each place of the axis: int32."""
    ends = np.concatenate(([-1], positions, [size - 1]))
    return np.repeat(np.arange(len(positions) + 1, dtype=np.int32), np.diff(ends))


def _of_rows(
    columns: CorpusColumns, places: Places, before: Column, facet_of: Column, rows: slice
) -> Touched:
    # "clip" spares NumPy a copy that "raise" makes; no position is out of bounds.
    first = np.take(before, columns.low[rows], mode="clip")
    last = np.take(before, columns.high[rows], mode="clip")
    some = np.flatnonzero(last > first)
    some = some[~columns.safe[columns.context[some + rows.start]]]
    statement = some + rows.start
    facet = facet_of[columns.product_of[statement]]
    choosy = np.flatnonzero(places.facets.choosy[facet])
    if len(choosy):
        applies = np.ones(len(statement), bool)
        applies[choosy] = _applies(columns, places.facets, statement[choosy], facet[choosy])
        some, statement, facet = some[applies], statement[applies], facet[applies]
    last = np.minimum(last[some], places.comparable_end[facet])
    found = _unplaced(statement, facet)
    return found._replace(first=first[some].astype(np.int64), last=last)


def _statements_of(columns: CorpusColumns, places: Places, facets: Column) -> Column:
    products = np.unique(places.facets.product[facets])
    return spread(columns.statement_start[products], columns.statement_end[products])


def _unplaced(statement: Column, facet: Column) -> Touched:
    nowhere = np.zeros(len(statement), np.int64)
    return Touched(statement, facet, nowhere, nowhere, np.zeros(len(statement), np.uint8))


def intervals(columns: CorpusColumns, touched: Touched, *, state: int) -> Intervals:
    """Join what is touched by one CVE, of one state or a surer one, into disjoint intervals."""
    kept = _kept(touched, touched.state >= state)
    cve = columns.cve[kept.statement].astype(np.int64)
    if not len(cve):
        return Intervals(cve.astype(np.int32), kept.first, kept.last)
    group = kept.facet << 32 | cve
    first, last = kept.first, kept.last
    if not _in_order(group, first):
        order = np.lexsort((first, group))
        group, cve, first, last = group[order], cve[order], first[order], last[order]
    new = np.ones(len(cve), bool)
    new[1:] = group[1:] != group[:-1]
    # Shifting each group above all earlier ones lets one running maximum serve every group.
    width = int(last.max()) + 1
    shift = (np.cumsum(new) - 1) * width
    reach = np.maximum.accumulate(shift + last)
    opens = new.copy()
    opens[1:] |= (shift + first)[1:] > reach[:-1]
    starts = np.flatnonzero(opens)
    ends = np.append(starts[1:], len(cve)) - 1
    return Intervals(cve[starts].astype(np.int32), first[starts], (reach - shift)[ends])


def _in_order(group: Column, first: Column) -> bool:
    """Tell whether a sort would change nothing: the corpus is sorted as intervals are wanted."""
    same = group[1:] == group[:-1]
    return not ((group[1:] < group[:-1]) | (same & (first[1:] < first[:-1]))).any()


def _pairs(columns: CorpusColumns, places: Places, wanted: Column | None) -> tuple[Column, Column]:
    """Return the statements that apply to each facet of their product."""
    facets = places.facets
    products = facets.product
    if wanted is None:
        starts = columns.statement_start[products].astype(np.int64)
        ends = columns.statement_end[products].astype(np.int64)
        statement = spread(starts, ends)
        facet = np.repeat(np.arange(len(products)), ends - starts)
    else:
        order = facets.order
        of_statement = np.searchsorted(columns.statement_end, wanted, side="right")
        starts = np.searchsorted(products[order], of_statement)
        ends = np.searchsorted(products[order], of_statement, side="right")
        facet = order[spread(starts, ends)]
        statement = np.repeat(wanted, ends - starts)
    kept = ~columns.safe[columns.context[statement]]
    statement, facet = statement[kept], facet[kept]
    applies = np.ones(len(statement), bool)
    rows = np.flatnonzero(facets.choosy[facet])
    applies[rows] = _applies(columns, facets, statement[rows], facet[rows])
    return statement[applies], facet[applies]


def _applies(columns: CorpusColumns, facets: Facets, statement: Column, facet: Column) -> Column:
    contexts = columns.context[statement]
    part, stated = facets.part[facet], columns.part_code[contexts]
    agrees = (part == ord("*")) | (stated == ord("*")) | (stated == part)
    kinds = len(facets.traits)
    pairs, inverse = np.unique(
        columns.attributes[contexts].astype(np.int64) * kinds + facets.traits_of[facet],
        return_inverse=True,
    )
    texts = columns.attribute_texts
    agreeing = [
        compatible(texts.text(pair // kinds), facets.traits[pair % kinds])
        for pair in pairs.tolist()
    ]
    found: Column = agrees & np.asarray(agreeing, bool)[inverse]
    return found


def _states(columns: CorpusColumns, places: Places, touched: Touched, here: Present) -> Column:
    contexts = columns.context[touched.statement]
    unsure = columns.undecided[contexts] | places.facets.backported[touched.facet]
    conditions = columns.condition[contexts]
    of_condition = np.full(int(conditions.max(initial=0)) + 1, OPEN, np.uint8)
    of_condition[0] = TRUE
    if len(here.position):
        present = np.unique(conditions)
        for number, held in condition_states(columns, present[present > 0], here).items():
            of_condition[number] = held
    state: Column = of_condition[conditions]
    state[unsure] = np.minimum(state[unsure], OPEN)
    # What cannot be decided stays unknown, whatever its condition.
    state[columns.undecided[contexts]] = OPEN
    return state


def _without_version(
    columns: CorpusColumns, places: Places, touched: Touched, here: Present
) -> Touched:
    """Return what touches places without a version to compare: all, seldom for sure."""
    if not len(touched.statement):
        return touched
    products = places.facets.product[touched.facet]
    low, high = columns.low[touched.statement], columns.high[touched.statement]
    end = columns.axis_end[products]
    every = (low == columns.axis_start[products]) & (high == end)
    absent = places.facets.absent[touched.facet]
    sure = every | (absent & (low <= end - 1) & (high == end))
    return touched._replace(
        first=places.comparable_end[touched.facet],
        last=places.end[touched.facet],
        state=np.where(sure, _states(columns, places, touched, here), OPEN).astype(np.uint8),
    )


def _kept(touched: Touched, kept: Column) -> Touched:
    if kept.all():
        return touched
    return Touched(*(column[kept] for column in touched))


def _joined(left: Touched, right: Touched) -> Touched:
    if not len(right.statement):
        return left
    return Touched(*(np.concatenate(both) for both in zip(left, right, strict=True)))
