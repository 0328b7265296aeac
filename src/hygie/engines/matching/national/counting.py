"""How many vulnerabilities of each severity every establishment has, over its installed rows.

A component's five counts are packed in one 64-bit word, so that one read brings them all; words
are added by groups of 64, in three sums whose fields never meet, and split once a group.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

import numpy as np

from hygie.engines.matching.kernel import spread

if TYPE_CHECKING:
    from hygie.engines.matching.columns import Column
    from hygie.engines.matching.national.holding import Holdings
    from hygie.engines.matching.national.placing import Places
    from hygie.engines.matching.national.touching import Intervals

SEVERITIES: Final = 5
GROUP: Final = 64

_BITS: Final = 12
_MOST: Final = (1 << _BITS) - 1
_BLOCK: Final = 1 << 15
# Fields 0 and 2, twenty-four bits apart: sixty-four values of twelve bits fill eighteen.
_PAIR_MASK: Final = _MOST | _MOST << 24
_SUM_MASK: Final = (1 << 24) - 1


def counts_of_components(places: Places, found: Intervals, severity: Column) -> Column:
    """Return how many distinct CVEs of each severity touch each component.

    Args:
        places: of the estate.
        found: disjoint intervals, as ``touching.intervals`` returns them.
        severity: uint8, one a CVE of the corpus: 0 to SEVERITIES - 1.

    Returns:
        int64, components x SEVERITIES.
    """
    size = len(places.position) + 1
    kind = severity[found.cve]
    counts = np.zeros((places.components, SEVERITIES), np.int64)
    alone = np.bincount(places.component, minlength=places.components) == 1
    shared = np.flatnonzero(~alone[places.component])
    for number in range(SEVERITIES):
        own = kind == number
        steps = np.bincount(found.first[own], minlength=size)
        steps -= np.bincount(found.last[own], minlength=size)
        np.add.at(counts[:, number], places.component, np.cumsum(steps)[:-1])
    if len(shared):
        _recount(places, found, kind, shared, counts)
    return counts


def _recount(
    places: Places, found: Intervals, kind: Column, shared: Column, counts: Column
) -> None:
    """Count again the components that stand at several places: a CVE may touch them twice."""
    first, last = np.searchsorted(shared, found.first), np.searchsorted(shared, found.last)
    place = shared[spread(first, last)]
    interval = np.repeat(np.arange(len(first)), last - first)
    width = int(found.cve.max(initial=0)) + 1
    pairs = np.unique(places.component[place].astype(np.int64) * width + found.cve[interval])
    severity_of = np.zeros(width, np.int64)
    severity_of[found.cve] = kind
    counts[np.unique(places.component[shared])] = 0
    np.add.at(counts, (pairs // width, severity_of[pairs % width]), 1)


class Counter:
    """Adds counts of components up by establishment; prepared once for an estate.

    Args:
        holdings: who has what.
        workers: threads to use; NumPy leaves the interpreter free while it adds.
    """

    def __init__(self, holdings: Holdings, *, workers: int = 1) -> None:
        self._holdings = holdings
        self._workers = workers
        single = holdings.installed == 1
        owners = holdings.establishment
        self._singles, self._groups = _grouped(
            holdings.rank[single], owners[single], holdings.establishments, holdings.components
        )
        several = np.flatnonzero(~single)
        self._ranks = holdings.rank[several]
        self._installed = holdings.installed[several].astype(np.int64)
        self._starts = np.searchsorted(owners[several], np.arange(holdings.establishments + 1))

    def count(self, counts: Column) -> Column:
        """Return the sum over installed rows.

        Args:
            counts: int64, components x SEVERITIES.

        Returns:
            int64, establishments x SEVERITIES.
        """
        packed = _packed(np.minimum(counts, _MOST))[self._holdings.component_of]
        total = self._of_singles(np.append(packed, 0)) + self._of_several(packed)
        beyond = np.flatnonzero((counts > _MOST).any(axis=1))
        return self._with_rest(total, beyond, counts[beyond] - _MOST) if len(beyond) else total

    def _of_singles(self, packed: Column) -> Column:
        groups = len(self._singles) // GROUP
        sums = np.empty((3, groups), np.int64)
        edges = np.linspace(0, groups, self._workers + 1).astype(np.int64).tolist()

        def run(part: int) -> None:
            _add_groups(packed, self._singles, sums, edges[part], edges[part + 1])

        if self._workers == 1:
            run(0)
        else:
            with ThreadPoolExecutor(self._workers) as pool:
                list(pool.map(run, range(self._workers)))
        even, odd, top = sums
        fields = (even & _SUM_MASK, odd & _SUM_MASK, even >> 24, odd >> 24, top)
        return np.stack([np.add.reduceat(field, self._groups) for field in fields], axis=1)

    def _of_several(self, packed: Column) -> Column:
        total = np.zeros((self._holdings.establishments, SEVERITIES), np.int64)
        starts, ends = self._starts[:-1], self._starts[1:]
        some = np.flatnonzero(starts < ends)
        if not len(some):
            return total
        words = packed[self._ranks]
        for number in range(SEVERITIES):
            field = (words >> (_BITS * number)) & _MOST
            field *= self._installed
            total[some, number] = np.add.reduceat(field, starts[some])
        return total

    def _with_rest(self, total: Column, components: Column, counts: Column) -> Column:
        """Add what a field of twelve bits could not hold: very few components pass it."""
        holdings = self._holdings
        offsets, pairs = holdings.by_component
        starts, ends = offsets[components], offsets[components + 1]
        rows = pairs[spread(starts, ends)]
        rest = np.repeat(np.maximum(counts, 0), ends - starts, axis=0)
        np.add.at(total, holdings.establishment[rows], rest * holdings.installed[rows, None])
        return total


def _grouped(
    ranks: Column, owners: Column, establishments: int, blank: int
) -> tuple[Column, Column]:
    """Return ranks, filled with ``blank`` to whole groups, and the first group of each owner."""
    counts = np.bincount(owners, minlength=establishments)
    groups = np.maximum(-(-counts // GROUP), 1)
    first = np.cumsum(groups) - groups
    filled = np.full(int(groups.sum()) * GROUP, blank, np.int32)
    ends = first * GROUP + counts
    filled[spread(first * GROUP, ends)] = ranks
    return filled, first


def _packed(counts: Column) -> Column:
    words = np.zeros(len(counts), np.int64)
    for number in range(SEVERITIES):
        words |= counts[:, number] << (_BITS * number)
    return words


def _add_groups(packed: Column, ranks: Column, sums: Column, first: int, last: int) -> None:
    step = _BLOCK // GROUP
    words, field = np.empty(_BLOCK, np.int64), np.empty(_BLOCK, np.int64)
    for at in range(first, last, step):
        end = min(at + step, last)
        size = (end - at) * GROUP
        word, part = words[:size], field[:size]
        np.take(packed, ranks[at * GROUP : end * GROUP], out=word, mode="clip")
        np.bitwise_and(word, _PAIR_MASK, out=part)
        part.reshape(-1, GROUP).sum(axis=1, out=sums[0, at:end])
        np.right_shift(word, _BITS, out=part)
        np.bitwise_and(part, _PAIR_MASK, out=part)
        part.reshape(-1, GROUP).sum(axis=1, out=sums[1, at:end])
        np.right_shift(word, 4 * _BITS, out=part)
        part.reshape(-1, GROUP).sum(axis=1, out=sums[2, at:end])
