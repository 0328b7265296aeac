"""Positions against statements, by whole columns: each statement is one run of components.

Components are sorted by position; a statement covers a contiguous run of them, found by two
binary searches. Nothing is expanded before someone asks for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from hygie.engines.matching.identity import compatible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygie.engines.matching.columns import Column, CorpusColumns

FALSE: Final = 0
OPEN: Final = 1
TRUE: Final = 2


class Runs(NamedTuple):
    """For each statement of the products present, the run of placed components it covers.

    Attributes:
        statement: int64, rows of the corpus' ``statement``, ascending.
        first: int64, first index into the sorted positions.
        last: int64, one past the last; equal to ``first`` when it covers none.
    """

    statement: Column
    first: Column
    last: Column


class Present(NamedTuple):
    """What one inventory holds, where conditions are looked up.

    Attributes:
        position: int32, sorted, one a placed component.
        traits_of: int64, as many: number of what each states after its update.
        traits: CPE values by that number, ``*`` when not stated.
    """

    position: Column
    traits_of: Column
    traits: Sequence[tuple[str, ...]]


NOTHING: Final = Present(np.zeros(0, np.int32), np.zeros(0, np.int64), ())


def statements_of(columns: CorpusColumns, products: Column) -> Column:
    """Return the statement rows of distinct products, in the products' order."""
    return spread(columns.statement_start[products], columns.statement_end[products])


def spread(starts: Column, ends: Column) -> Column:
    """Return the concatenation of the integer ranges [start, end)."""
    counts = (ends - starts).astype(np.int64)
    total = int(counts.sum())
    if not total:
        return np.zeros(0, np.int64)
    offsets = np.repeat(starts - (np.cumsum(counts) - counts), counts)
    rows: Column = offsets + np.arange(total)
    return rows


def find_runs(columns: CorpusColumns, products: Column, positions: Column) -> Runs:
    """Match sorted positions with every statement of the given distinct products."""
    rows = statements_of(columns, products)
    first = np.searchsorted(positions, columns.low[rows])
    last = np.searchsorted(positions, columns.high[rows])
    return Runs(rows, first, last)


def condition_states(
    columns: CorpusColumns, conditions: Column, present: Present
) -> dict[int, int]:
    """Evaluate conditions against one inventory.

    Args:
        columns: the corpus.
        conditions: distinct condition numbers.
        present: every component of the inventory.

    Returns:
        For each condition TRUE when every clause holds, FALSE when one is broken, OPEN when a
        partner is missing: an inventory is rarely complete, so a missing partner proves nothing.
    """
    clauses_of = {int(number): columns.clauses(int(number)) for number in conditions}
    needed = sorted({clause for clauses in clauses_of.values() for clause in clauses})
    held = _held(columns, np.asarray(needed, np.int64), present)
    state = {}
    for clause, found in zip(needed, held.tolist(), strict=True):
        negated = bool(columns.clause_negated[clause])
        state[clause] = (FALSE if negated else TRUE) if found else OPEN
    return {
        number: min((state[clause] for clause in clauses), default=TRUE)
        for number, clauses in clauses_of.items()
    }


def _held(columns: CorpusColumns, clauses: Column, present: Present) -> Column:
    starts, ends = columns.partner_start[clauses], columns.partner_end[clauses]
    rows = spread(starts, ends)
    first = np.searchsorted(present.position, columns.partner_low[rows])
    last = np.searchsorted(present.position, columns.partner_high[rows])
    covered = last > first
    # A partner that states an edition or a platform is not any other.
    for at in np.flatnonzero(covered & (columns.partner_attributes[rows] > 0)).tolist():
        wanted = columns.attribute_texts.text(int(columns.partner_attributes[rows[at]]))
        kinds = np.unique(present.traits_of[first[at] : last[at]]).tolist()
        covered[at] = any(compatible(wanted, present.traits[kind]) for kind in kinds)
    owners = np.repeat(np.arange(len(clauses)), ends - starts)
    hits: Column = np.bincount(owners, weights=covered, minlength=len(clauses)) > 0
    return hits
