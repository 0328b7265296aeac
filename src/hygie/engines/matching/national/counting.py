"""How many vulnerabilities of each severity every establishment has, over its installed rows.

The few hundred products that everybody installs are one dense product of matrices. The rest is
read: a component's five counts are packed in one 64-bit word, so that one read brings them all;
words are added by groups of 64, four at a time, then in three sums whose fields never meet.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from hygie.engines.matching.kernel import spread

if TYPE_CHECKING:
    from hygie.engines.matching.columns import Column
    from hygie.engines.matching.national.holding import Holdings
    from hygie.engines.matching.national.placing import Places
    from hygie.engines.matching.national.touching import Intervals

SEVERITIES: Final = 5
HEAD: Final = 1024
"""Most installed components, counted as a matrix: nearly every establishment has them."""

_BITS: Final = 12
_LAYERS: Final = 4
# Four words are added before their fields are parted: a field must hold four such values.
_MOST: Final = ((1 << _BITS) - 1) // _LAYERS
_FIELD: Final = (1 << _BITS) - 1
# Fields 0 and 2, twenty-four bits apart: a group of values of twelve bits fills eighteen.
_PAIR_MASK: Final = _FIELD | _FIELD << 24
_SUM_MASK: Final = (1 << 24) - 1
_GROUP: Final = 64
_WIDTH: Final = _GROUP // _LAYERS
_BLOCK: Final = 1 << 15
_BLOCK_GROUPS: Final = _BLOCK // _GROUP
_REGION_BITS: Final = 16
_HEAD_ROWS: Final = (1 << 18) // (HEAD * SEVERITIES)
_FAR: Final = 1 << 40
"""Words are read by regions of half a mebibyte, which stay in a core's own cache."""


class Words(NamedTuple):
    """Counts of components, ready to be added up for one estate.

    Attributes:
        packed: int64, by rank and one blank: five fields, each at most ``_MOST``.
        blocks: int64, the blocks to read: those of regions where anything is counted.
        owners: int64, the establishment of each group of those blocks.
        head: float64, HEAD x SEVERITIES: the counts of the first ranks, whole.
        beyond: int64, pairs of ``holdings`` whose component has more than a field holds,
            ascending.
        rest: int64, SEVERITIES x as many: what their fields leave out, once an installed row.
    """

    packed: Column
    blocks: Column
    owners: Column
    head: Column
    beyond: Column
    rest: Column


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
        size, owners = holdings.establishments, holdings.establishment
        self._head = np.zeros((size, HEAD))
        common = holdings.rank < HEAD
        self._head[owners[common], holdings.rank[common]] = holdings.installed[common]
        single = ~common & (holdings.installed == 1)
        self._singles, self._owners = _grouped(
            holdings.rank[single], owners[single], size, holdings.components
        )
        blocks = self._singles.reshape(-1, _BLOCK)
        real = np.where(blocks < holdings.components, blocks, 0)
        # Ranks ascend by region from block to block; blanks fill the ends of groups.
        last = np.maximum.accumulate(real.max(axis=1, initial=0)) >> _REGION_BITS
        lowest = np.where(blocks < holdings.components, blocks, _FAR).min(axis=1, initial=_FAR)
        first = np.minimum(lowest >> _REGION_BITS, last)
        self._regions = np.stack([first, last], axis=1)
        several = np.flatnonzero(~common & ~single)
        self._ranks = holdings.rank[several].astype(np.int64)
        self._installed = holdings.installed[several].astype(np.int64)
        self._starts = np.searchsorted(owners[several], np.arange(size + 1))

    def words(self, counts: Column) -> Words:
        """Pack counts of components; once for a corpus.

        Args:
            counts: int64, components x SEVERITIES, not negative.
        """
        ranked = counts[self._holdings.component_of]
        head = np.zeros((HEAD, SEVERITIES))
        head[: len(ranked)] = ranked[:HEAD]
        packed = np.zeros(len(ranked) + 1, np.int64)
        for number in range(SEVERITIES):
            packed[:-1] |= np.minimum(ranked[:, number], _MOST) << (_BITS * number)
        too_many: Column = np.any(ranked > _MOST, axis=1)
        too_many[:HEAD] = False
        beyond = np.flatnonzero(too_many[self._holdings.rank])
        rest = np.ascontiguousarray(ranked[self._holdings.rank[beyond]].T)
        np.maximum(rest - _MOST, 0, out=rest)
        rest *= self._holdings.installed[beyond].astype(np.int64)
        blocks = self._worth_reading(packed)
        owners = self._owners.reshape(-1, _BLOCK_GROUPS)[blocks].reshape(-1)
        return Words(packed, blocks, owners, head, beyond, rest)

    def _worth_reading(self, packed: Column) -> Column:
        regions = np.zeros((len(packed) >> _REGION_BITS) + 2, np.int64)
        regions[np.flatnonzero(packed) >> _REGION_BITS] = 1
        before = np.concatenate(([0], np.cumsum(regions)))
        alive = before[self._regions[:, 1] + 1] > before[self._regions[:, 0]]
        return np.flatnonzero(alive)

    def count(self, words: Words) -> Column:
        """Return the sums over installed rows: int64, establishments x SEVERITIES."""
        total = self._of_head(words.head)
        total += self._of_singles(words)
        self._add_several(words.packed, total)
        starts = np.searchsorted(words.beyond, self._holdings.start)
        some = np.flatnonzero(starts[:-1] < starts[1:])
        if len(some):
            total[some] += np.add.reduceat(words.rest, starts[some], axis=1).T
        return total

    def _of_head(self, head: Column) -> Column:
        """Multiply few rows at a time: threads that BLAS would start spin long after they end."""
        parts = [
            self._head[at : at + _HEAD_ROWS] @ head for at in range(0, len(self._head), _HEAD_ROWS)
        ]
        whole = np.concatenate([np.zeros((0, SEVERITIES)), *parts])
        total: Column = np.rint(whole).astype(np.int64)
        return total

    def _of_singles(self, words: Words) -> Column:
        sums = np.empty((3, len(words.blocks) * _BLOCK_GROUPS), np.int64)
        edges = np.linspace(0, len(words.blocks), self._workers + 1).astype(np.int64).tolist()

        def run(part: int) -> None:
            _add_blocks(words, self._singles, sums, edges[part], edges[part + 1])

        if self._workers == 1:
            run(0)
        else:
            with ThreadPoolExecutor(self._workers) as pool:
                list(pool.map(run, range(self._workers)))
        even, odd, top = sums
        fields = (even & _SUM_MASK, odd & _SUM_MASK, even >> 24, odd >> 24, top)
        size = self._holdings.establishments
        # Sums of whole numbers below 2**53 are exact in doubles.
        columns = [np.bincount(words.owners, weights=f, minlength=size) for f in fields]
        return np.stack(columns, axis=1).astype(np.int64)

    def _add_several(self, packed: Column, total: Column) -> None:
        starts, ends = self._starts[:-1], self._starts[1:]
        some = np.flatnonzero(starts < ends)
        if not len(some):
            return
        words = packed[self._ranks]
        for number in range(SEVERITIES):
            field = (words >> (_BITS * number)) & _FIELD
            field *= self._installed
            total[some, number] += np.add.reduceat(field, starts[some])


def _grouped(
    ranks: Column, owners: Column, establishments: int, blank: int
) -> tuple[Column, Column]:
    """Return ranks region by region in whole groups, filled with ``blank``, and each group's owner.

    Inside a block, the first quarter of every group comes first, then the second quarter...
    so that adding four words at a time is adding four long rows.
    """
    region = ranks >> _REGION_BITS
    order = np.argsort(region.astype(np.uint16), kind="stable")
    ranks, owner = ranks[order], (region.astype(np.int64) * establishments + owners)[order]
    new = np.flatnonzero(np.concatenate((owner[:1] >= 0, owner[1:] != owner[:-1])))
    counts = np.diff(np.append(new, len(owner)))
    groups = -(-counts // _GROUP)
    first = np.cumsum(groups) - groups
    whole = -(-int(groups.sum()) // _BLOCK_GROUPS) * _BLOCK_GROUPS
    filled = np.full(whole * _GROUP, blank, np.int64)
    filled[spread(first * _GROUP, first * _GROUP + counts)] = ranks
    owned = np.zeros(whole, np.int64)
    owned[: int(groups.sum())] = np.repeat(owner[new] % establishments, groups)
    quarters = filled.reshape(-1, _BLOCK_GROUPS, _LAYERS, _WIDTH).transpose(0, 2, 1, 3)
    return np.ascontiguousarray(quarters).reshape(-1), owned


def _add_blocks(words: Words, ranks: Column, sums: Column, first: int, last: int) -> None:
    read = np.empty(_BLOCK, np.int64)
    layers = read.reshape(_LAYERS, -1)
    added, part = np.empty(_BLOCK // _LAYERS, np.int64), np.empty(_BLOCK // _LAYERS, np.int64)
    groups = part.reshape(-1, _WIDTH)
    for at, block in enumerate(words.blocks[first:last].tolist(), start=first):
        out = sums[:, at * _BLOCK_GROUPS : (at + 1) * _BLOCK_GROUPS]
        # "clip" spares NumPy a copy that "raise" makes; no rank is out of bounds.
        own = ranks[block * _BLOCK : (block + 1) * _BLOCK]
        np.take(words.packed, own, out=read, mode="clip")
        np.add(layers[0], layers[1], out=added)
        np.add(layers[2], layers[3], out=part)
        np.add(added, part, out=added)
        np.bitwise_and(added, _PAIR_MASK, out=part)
        groups.sum(axis=1, out=out[0])
        np.right_shift(added, _BITS, out=part)
        np.bitwise_and(part, _PAIR_MASK, out=part)
        groups.sum(axis=1, out=out[1])
        np.right_shift(added, 4 * _BITS, out=part)
        groups.sum(axis=1, out=out[2])
