"""Which source prevails where sources contradict each other; nothing said is dropped.

A declaration "not affected" or "fixed" prevails over the ranges of sources that come after its
own, for the versions that both name: those ranges are kept, marked ``overruled``, so that the
contradiction can be shown. Between ranges there is no contradiction: each adds versions.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from hygie.engines.corpus.records import AFFECTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, MutableMapping
    from collections.abc import Set as AbstractSet

    from hygie.engines.corpus.columns import Column
    from hygie.engines.corpus.contexts import Context

OVERRULED: Final = "overruled"
LAST_RANK: Final = 1_000

_Piece = tuple[int, int]


def settle(rows: Column, contexts: MutableMapping[object, int], ranks: Mapping[str, int]) -> Column:
    """Split ranges where a declaration that prevails says the contrary.

    Args:
        rows: int64, n x 5: product, cve, low, high, context.
        contexts: numbers by Context; the overruled ones are added.
        ranks: as ``source_ranks`` returns them.

    Returns:
        Rows of the same columns, in any order.
    """
    known: list[Context] = list(contexts)  # type: ignore[arg-type]  # numbered contexts
    safe = np.array([context.status != AFFECTED for context in known], bool)
    if not len(rows) or not safe.any():
        return rows
    pair = rows[:, 0] << 32 | rows[:, 1]
    disputed = np.isin(pair, np.unique(pair[safe[rows[:, 4]]]))
    kept = [rows[~disputed]]
    groups: dict[int, list[tuple[int, ...]]] = {}
    for key, row in zip(pair[disputed].tolist(), rows[disputed].tolist(), strict=True):
        groups.setdefault(key, []).append(tuple(row))
    split = [
        piece for group in groups.values() for piece in _settled(group, known, contexts, ranks)
    ]
    return np.concatenate([*kept, np.array(split, np.int64).reshape(-1, 5)])


def paired(
    rows: Column,
    vendors: Column,
    unpaired: AbstractSet[int],
    contexts: MutableMapping[object, int],
) -> Column:
    """Drop what bulletins leave undecided where a source decides of the same vendor and CVE.

    A bulletin that lists products and CVEs without pairing them adds nothing where a source
    that pairs them speaks of that vendor's products. What stays undecided is joined: ten
    bulletins that say "perhaps" of one version are one "perhaps", under the latest of them.

    Args:
        rows: int64, n x 5: product, cve, low, high, context.
        vendors: int64, by product: the same number for the same vendor.
        unpaired: contexts of such bulletins.
        contexts: numbers by Context.

    Returns:
        Rows of the same columns, in any order.
    """
    if not unpaired:
        return rows
    known: list[Context] = list(contexts)  # type: ignore[arg-type]  # numbered contexts
    is_unpaired = np.zeros(len(known), bool)
    is_unpaired[list(unpaired)] = True
    decides = [context.status == AFFECTED and not context.note for context in known]
    deciding = np.array(decides, bool)[rows[:, 4]]
    doubtful = is_unpaired[rows[:, 4]]
    pair = vendors[rows[:, 0]] << 32 | rows[:, 1]
    left = rows[doubtful][~np.isin(pair[doubtful], np.unique(pair[deciding]))]
    # "Perhaps" of one edition is "perhaps" of any: one statement instead of one an edition.
    wider = {number: contexts[known[number]._replace(attributes=0)] for number in unpaired}
    left[:, 4] = np.array([wider.get(number, number) for number in range(len(known))])[left[:, 4]]
    return np.concatenate([rows[~doubtful], _joined(left, contexts)])


def _joined(rows: Column, contexts: Iterable[object]) -> Column:
    """Join overlapping intervals of one product and CVE, under the latest bulletin."""
    if not len(rows):
        return rows
    known: list[Context] = list(contexts)  # type: ignore[arg-type]  # numbered contexts
    order = np.lexsort((rows[:, 2], rows[:, 1], rows[:, 0]))
    rows = rows[order]
    new = np.ones(len(rows), bool)
    new[1:] = (rows[1:, :2] != rows[:-1, :2]).any(axis=1)
    group = np.cumsum(new) - 1
    shift = group * (int(rows[:, 3].max()) + 1)
    reach = np.maximum.accumulate(shift + rows[:, 3])
    opens = new.copy()
    opens[1:] |= (shift + rows[:, 2])[1:] > reach[:-1]
    starts = np.flatnonzero(opens)
    ends = np.append(starts[1:], len(rows)) - 1
    by_date = np.argsort([context.dated for context in known], kind="stable")
    latest = np.argsort(by_date)[rows[:, 4]]
    joined = rows[starts]
    joined[:, 3] = (reach - shift)[ends]
    joined[:, 4] = by_date[np.maximum.reduceat(latest, np.flatnonzero(new))[group[starts]]]
    return joined


def rank_of(source: str, ranks: Mapping[str, int]) -> int:
    """Return the rank of a source, or that of its family: ``csaf:*`` for ``csaf:Acme``."""
    family = f"{source.partition(':')[0]}:*"
    return ranks.get(source, ranks.get(family, LAST_RANK))


def _settled(
    group: list[tuple[int, ...]],
    known: list[Context],
    contexts: MutableMapping[object, int],
    ranks: Mapping[str, int],
) -> list[tuple[int, ...]]:
    safe = [row for row in group if known[row[4]].status != AFFECTED]
    found = list(safe)
    for product, cve, low, high, number in (r for r in group if known[r[4]].status == AFFECTED):
        context = known[number]
        against = [(row[2], row[3]) for row in safe if _prevails(known[row[4]], context, ranks)]
        overruled = contexts[context._replace(status=OVERRULED)] if against else number
        for piece, beaten in _pieces((low, high), against):
            found.append((product, cve, *piece, overruled if beaten else number))
    return found


def _prevails(safe: Context, context: Context, ranks: Mapping[str, int]) -> bool:
    """Tell whether a declaration speaks of at least what a range does, and comes before it."""
    wider_part = safe.part in ("*", context.part)
    wider = safe.attributes in (0, context.attributes) and not safe.condition
    first = rank_of(safe.source, ranks) < rank_of(context.source, ranks)
    return wider_part and wider and first


def _pieces(whole: _Piece, against: list[_Piece]) -> list[tuple[_Piece, bool]]:
    """Cut an interval at the ends of others; tell for each piece whether one of them holds it."""
    low, high = whole
    cuts = sorted({low, high, *(end for piece in against for end in piece if low < end < high)})
    return [
        ((left, right), any(first <= left and right <= last for first, last in against))
        for left, right in pairwise(cuts)
    ] or [(whole, False)]
