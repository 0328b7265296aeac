"""Who has what: installed rows, joined into one row an establishment and component.

A component is known by its rank: the most installed comes first. An inventory names the same few
thousand components again and again; ranked, their counts lie side by side in memory.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from hygie.engines.matching.columns import stable_order
from hygie.engines.matching.kernel import spread
from hygie.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from hygie.engines.matching.columns import Column
    from hygie.engines.matching.national.placing import Places

MAX_ESTABLISHMENTS: Final = 65_536
"""Sixteen bits number them, which sorts rows in one pass."""


class Holdings:
    """Distinct (establishment, component) pairs with their number of installed rows.

    Args:
        establishment: integers, n installed rows: number of the establishment.
        component: integers, n rows: number of the distinct component.
        establishments, components: how many there are.
        touched: bool, one a component: something is known of it, so that it is worth reading;
            those come first, whatever their number. None when nothing is known yet.

    Attributes:
        component_of: int64, component by rank.
        start: int64, one an establishment and one past: offsets into the pairs.
        rank: int32, one a pair, ascending inside an establishment.
        installed: int32, one a pair: how many times.

    Raises:
        UsageError: if there are more than MAX_ESTABLISHMENTS, or a number is out of range.
    """

    def __init__(
        self,
        establishment: Column,
        component: Column,
        *,
        establishments: int,
        components: int,
        touched: Column | None = None,
    ) -> None:
        _check(establishment, establishments, "établissement")
        _check(component, components, "composant")
        if establishments > MAX_ESTABLISHMENTS:
            raise UsageError(f"plus de {MAX_ESTABLISHMENTS} établissements à la fois")
        self.establishments, self.components = establishments, components
        popularity = np.bincount(component, minlength=components)
        untouched = np.zeros(components, bool) if touched is None else ~touched
        self.component_of = np.lexsort((-popularity, untouched))
        rank_of = np.empty(components, np.int32)
        rank_of[self.component_of] = np.arange(components, dtype=np.int32)
        ranks = rank_of[component]
        if (establishment[1:] < establishment[:-1]).any():
            order = np.argsort(establishment.astype(np.uint16), kind="stable")
            establishment, ranks = establishment[order], ranks[order]
        edges = np.searchsorted(establishment, np.arange(establishments + 1))
        self.start, self.rank, self.installed = _paired(ranks, edges)

    @cached_property
    def establishment(self) -> Column:
        """Int32, one a pair: its establishment."""
        numbers = np.arange(self.establishments, dtype=np.int32)
        repeated: Column = np.repeat(numbers, np.diff(self.start))
        return repeated

    @cached_property
    def by_component(self) -> tuple[Column, Column]:
        """Pairs by component: int64 offsets, one a component and one past, and int64 pairs."""
        order = stable_order(self.rank)
        counts = np.bincount(self.rank, minlength=self.components)
        ends = np.cumsum(counts)
        start = np.empty(self.components, np.int64)
        start[self.component_of] = ends - counts
        end = np.empty(self.components, np.int64)
        end[self.component_of] = ends
        offsets = np.concatenate(([0], np.cumsum(end - start)))
        return offsets, order[spread(start, end)]


class Holders:
    """Who has what stands at each place: an interval of places is one slice of rows.

    Attributes:
        start: int64, one a place and one past: offsets into the rows.
        establishment: int32, one a row.
        installed: int32, one a row.
    """

    def __init__(self, places: Places, holdings: Holdings) -> None:
        offsets, pairs = holdings.by_component
        starts, ends = offsets[places.component], offsets[places.component.astype(np.int64) + 1]
        rows = pairs[spread(starts, ends)]
        self.start = np.concatenate(([0], np.cumsum(ends - starts)))
        self.establishment = holdings.establishment[rows]
        self.installed = holdings.installed[rows]
        self.total = np.concatenate(([0], np.cumsum(self.installed, dtype=np.int64)))

    def rows(self, first: int, last: int) -> slice:
        """Return the rows of places [first, last)."""
        return slice(int(self.start[first]), int(self.start[last]))


def _paired(ranks: Column, edges: Column) -> tuple[Column, Column, Column]:
    """Return offsets, ranks and counts of the distinct pairs, establishment by establishment."""
    found, counts = [], []
    for first, last in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        own = np.sort(ranks[first:last])
        new = np.flatnonzero(np.concatenate((own[:1] >= 0, own[1:] != own[:-1])))
        found.append(own[new])
        counts.append(np.diff(np.append(new, len(own))).astype(np.int32))
    start = np.concatenate(([0], np.cumsum([len(own) for own in found])))
    empty = np.zeros(0, np.int32)
    return start, np.concatenate([empty, *found]), np.concatenate([empty, *counts])


def _check(numbers: Column, count: int, what: str) -> None:
    if len(numbers) and not 0 <= int(numbers.min()) <= int(numbers.max()) < count:
        raise UsageError(f"numéro d’{what} hors de 0 à {count - 1}")
