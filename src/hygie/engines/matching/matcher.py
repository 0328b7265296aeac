"""Components against a corpus: where each stands among the versions that matter.

Distinct components are matched once. A component's version becomes a position on its product's
axis, a statement a range of positions; see ``kernel``. Statuses:

- affected: a decided statement covers the version and its condition holds;
- unknown: the version is missing or cannot be read, the statement cannot be decided, a partner
  of the condition is not in the inventory, or a distribution may have fixed the same version;
- not affected: the product is known, the version read, and no statement covers it, or a source
  that prevails declares it so.

A component without any product in the corpus has no verdict at all: "no entry", not "safe".
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from hygie.engines.matching.columns import Column, CorpusColumns
from hygie.engines.matching.identity import Identifier
from hygie.engines.matching.kernel import (
    NOTHING,
    Present,
    Runs,
    condition_states,
    find_runs,
)
from hygie.engines.matching.versions import VersionError, version_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from hygie.engines.matching.identity import Candidate
    from hygie.vocabulary.facts import Component

REMEMBERED: Final = 200_000
"""Components, and version texts, whose place is kept; beyond, all are forgotten at once."""


class Place(NamedTuple):
    """Where a component stands, as one of the products it may be.

    Attributes:
        candidate: what it may be.
        position: on the corpus' axis; that of "no version" when it has none to compare.
        problem: why its version cannot be compared, empty when it can.
    """

    candidate: Candidate
    position: int
    problem: str


class Placed(NamedTuple):
    """A place taken by a component.

    Attributes:
        component: number of the distinct component.
        candidate, position, problem: as in Place.
    """

    component: int
    candidate: Candidate
    position: int
    problem: str


class Placement(NamedTuple):
    """Every component of one inventory on the axis of one corpus, and the runs of statements.

    Attributes:
        number_of: for each component given, its number among the distinct ones.
        distinct: the distinct components.
        placed: candidates sorted by position.
        positions: int32, their positions.
        of_component: for each distinct component, indices into ``placed``.
        runs: the statements of all products present.
        states: TRUE, OPEN or FALSE by condition number.
    """

    number_of: list[int]
    distinct: list[Component]
    placed: list[Placed]
    positions: Column
    of_component: list[list[int]]
    runs: Runs
    states: dict[int, int]


class Matcher:
    """Places components in one open corpus.

    Args:
        tables: the corpus' Arrow tables by name (see ``columns``).
    """

    def __init__(self, tables: Mapping[str, Any]) -> None:
        self.columns = CorpusColumns(tables)
        self._identifier = Identifier(self.columns)
        self._bounds = self.columns.bound_rank.data
        self._ranks: dict[tuple[str, str], tuple[int, bool] | str] = {}
        self._places: dict[tuple[str, ...], tuple[Place, ...]] = {}

    def place(self, components: Sequence[Component], *, together: bool = True) -> Placement:
        """Place an inventory.

        Args:
            components: n components, repeats welcome.
            together: they run together, so that one may be what another's condition asks for;
                False judges each by itself, and every condition stays open.
        """
        numbers: dict[tuple[str, ...], int] = {}
        number_of: list[int] = []
        distinct: list[Component] = []
        placed: list[Placed] = []
        for component in components:
            key = _same(component)
            number = numbers.get(key)
            if number is None:
                number = numbers[key] = len(distinct)
                distinct.append(component)
                placed += [Placed(number, *place) for place in self._places_of(key, component)]
            number_of.append(number)
        placed.sort(key=lambda one: one.position)
        of_component: list[list[int]] = [[] for _ in distinct]
        for index, one in enumerate(placed):
            of_component[one.component].append(index)
        positions = np.array([one.position for one in placed], np.int32)
        products = np.unique(np.array([one.candidate.product for one in placed], np.int64))
        runs = find_runs(self.columns, products, positions)
        states = self._states(runs, _present(placed, positions) if together else NOTHING)
        return Placement(number_of, distinct, placed, positions, of_component, runs, states)

    def places(self, component: Component) -> tuple[Place, ...]:
        """Return the places of one component, empty when the corpus knows none of its names."""
        return self._places_of(_same(component), component)

    def products(self, identity: str) -> list[int]:
        """Return the products that the corpus knows by an identity, one a scheme of versions."""
        return self._identifier.products(identity)

    def position(self, product: int, version: str) -> int | str:
        """Return the position of a version of a product, or why it has none, in French."""
        rank = self._rank(version, self.columns.scheme.text(product))
        if isinstance(rank, str):
            return rank
        columns, (at, exact) = self.columns, rank
        first, end = int(columns.bound_start[product]), int(columns.bound_end[product])
        row = bisect_left(self._bounds, at, first, end)
        equal = exact and row < end and self._bounds[row] == at
        return int(columns.axis_start[product]) + 2 * (row - first) + equal

    def _places_of(self, key: tuple[str, ...], component: Component) -> tuple[Place, ...]:
        found = self._places.get(key)
        if found is None:
            candidates = self._identifier.candidates(component)
            found = tuple(self._place(candidate) for candidate in candidates)
            if len(self._places) >= REMEMBERED:
                self._places.clear()
            self._places[key] = found
        return found

    def _states(self, runs: Runs, present: Present) -> dict[int, int]:
        covering = runs.statement[runs.last > runs.first]
        conditions = np.unique(self.columns.condition[self.columns.context[covering]])
        return condition_states(self.columns, conditions[conditions > 0], present)

    def _place(self, candidate: Candidate) -> Place:
        no_version = int(self.columns.axis_end[candidate.product]) - 1
        if candidate.absent:
            return Place(candidate, no_version, "sans version (CPE « - »)")
        if not candidate.version:
            return Place(candidate, no_version, "version absente de l’inventaire")
        position = self.position(candidate.product, candidate.version)
        if isinstance(position, str):
            return Place(candidate, no_version, position)
        return Place(candidate, position, "")

    def _rank(self, version: str, scheme: str) -> tuple[int, bool] | str:
        """Return where a version stands among all keys and whether it is one, or why not."""
        found = self._ranks.get((version, scheme))
        if found is None:
            found = self._find_rank(version, scheme)
            if len(self._ranks) >= REMEMBERED:
                self._ranks.clear()
            self._ranks[version, scheme] = found
        return found

    def _find_rank(self, version: str, scheme: str) -> tuple[int, bool] | str:
        try:
            key = version_key(version, scheme)
        except VersionError:
            return f"version « {version[:60]} » illisible"
        keys = self.columns.key
        at = bisect_left(range(len(keys)), key, key=keys.raw)
        return at, at < len(keys) and keys.raw(at) == key


def _present(placed: list[Placed], positions: Column) -> Present:
    numbers: dict[tuple[str, ...], int] = {}
    traits_of = [numbers.setdefault(one.candidate.traits, len(numbers)) for one in placed]
    return Present(positions, np.array(traits_of, np.int64), list(numbers))


def _same(component: Component) -> tuple[str, ...]:
    return (
        component.name,
        component.version,
        component.purl or "",
        component.cpe or "",
        component.vendor,
    )
