"""Who has the products that given CVEs touch: the question of a Friday evening."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hygie.engines.matching.kernel import OPEN, TRUE, spread
from hygie.engines.matching.national.touching import Intervals, intervals, touch

if TYPE_CHECKING:
    from hygie.engines.matching.columns import Column, CorpusColumns
    from hygie.engines.matching.national.holding import Holders
    from hygie.engines.matching.national.placing import Places


class Located(NamedTuple):
    """Where given CVEs are in the estate.

    Attributes:
        affected: intervals of places surely touched.
        perhaps: intervals touched, surely or not: those of ``affected`` are in them.
    """

    affected: Intervals
    perhaps: Intervals


def locate(columns: CorpusColumns, places: Places, cves: Column) -> Located:
    """Find CVEs in the estate.

    Args:
        columns: the corpus.
        places: of the estate.
        cves: int64, rows of the corpus' ``cve``.
    """
    offsets, rows = columns.by_cve
    wanted = np.sort(rows[spread(offsets[cves], offsets[cves + 1])])
    touched = touch(columns, places, wanted)
    return Located(intervals(columns, touched, state=TRUE), intervals(columns, touched, state=OPEN))


def installed_rows(found: Intervals, holders: Holders) -> tuple[Column, Column]:
    """Return the distinct CVEs of intervals and how many installed rows each touches, int64."""
    rows = holders.total[holders.start[found.last]] - holders.total[holders.start[found.first]]
    cves, inverse = np.unique(found.cve, return_inverse=True)
    return cves, np.bincount(inverse, weights=rows).astype(np.int64)


def establishments_with(cve: int, found: Intervals, holders: Holders) -> Column:
    """Return the establishments, ascending, that have something in the intervals of one CVE."""
    own = np.flatnonzero(found.cve == cve)
    slices = [holders.rows(int(found.first[at]), int(found.last[at])) for at in own]
    held = [holders.establishment[rows] for rows in slices]
    distinct: Column = np.unique(np.concatenate([np.zeros(0, np.int32), *held]))
    return distinct
