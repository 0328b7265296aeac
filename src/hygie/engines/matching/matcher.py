"""Components against a corpus: verdicts with their reasons.

Distinct components are matched once. A component's version becomes a position on its product's
axis, a statement a range of positions; see ``kernel``. Statuses:

- affected: a decided statement covers the version and its condition holds;
- unknown: the version is missing or cannot be read, the statement cannot be decided, a partner
  of the condition is not in the inventory, or a distribution may have fixed the same version;
- not affected: the product is known, the version read, and no statement covers it.

A component without any product in the corpus has no verdict at all: "no entry", not "safe".
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from hygie.engines.matching.columns import Column, CorpusColumns
from hygie.engines.matching.identity import Identifier
from hygie.engines.matching.kernel import Runs, condition_states, find_runs
from hygie.engines.matching.versions import VersionError, version_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from hygie.engines.matching.identity import Candidate
    from hygie.vocabulary.facts import Component

UNPLACED: Final = -1


class Placed(NamedTuple):
    """A candidate on the axis.

    Attributes:
        component: number of the distinct component.
        candidate: what it may be.
        position: on the corpus' axis; that of "no version" when it has none to compare.
        problem: why its version cannot be compared, empty when it can.
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
        aliases: other names of products: identities by normal name or ``type:name``.
    """

    def __init__(
        self, tables: Mapping[str, Any], *, aliases: Mapping[str, tuple[str, ...]]
    ) -> None:
        self.columns = CorpusColumns(tables)
        self._identifier = Identifier(self.columns, aliases)
        self._keys: dict[tuple[str, str], bytes | str] = {}

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
        for component in components:
            key = _same(component)
            if key not in numbers:
                numbers[key] = len(distinct)
                distinct.append(component)
            number_of.append(numbers[key])
        placed = [
            self._placed(number, candidate)
            for number, component in enumerate(distinct)
            for candidate in self._identifier.candidates(component)
        ]
        placed.sort(key=lambda one: one.position)
        of_component: list[list[int]] = [[] for _ in distinct]
        for index, one in enumerate(placed):
            of_component[one.component].append(index)
        positions = np.array([one.position for one in placed], np.int32)
        products = np.unique(np.array([one.candidate.product for one in placed], np.int64))
        runs = find_runs(self.columns, products, positions)
        states = self._states(runs, positions if together else positions[:0])
        return Placement(number_of, distinct, placed, positions, of_component, runs, states)

    def _states(self, runs: Runs, positions: Column) -> dict[int, int]:
        covering = runs.statement[runs.last > runs.first]
        conditions = np.unique(self.columns.condition[self.columns.context[covering]])
        return condition_states(self.columns, conditions[conditions > 0], positions)

    def _placed(self, component: int, candidate: Candidate) -> Placed:
        no_version = int(self.columns.axis_end[candidate.product]) - 1
        if candidate.absent:
            return Placed(component, candidate, no_version, "sans version (CPE « - »)")
        if not candidate.version:
            return Placed(component, candidate, no_version, "version absente de l’inventaire")
        key = self._key(candidate.version, self.columns.scheme.text(candidate.product))
        if isinstance(key, str):
            return Placed(component, candidate, no_version, key)
        return Placed(component, candidate, self._position(candidate.product, key), "")

    def _key(self, version: str, scheme: str) -> bytes | str:
        """Return the key, or why there is none."""
        found = self._keys.get((version, scheme))
        if found is None:
            try:
                found = version_key(version, scheme)
            except VersionError:
                found = f"version « {version[:60]} » illisible"
            self._keys[version, scheme] = found
        return found

    def _position(self, product: int, key: bytes) -> int:
        columns = self.columns
        first, end = int(columns.bound_start[product]), int(columns.bound_end[product])
        row = bisect_left(range(first, end), key, key=columns.bound_key.raw) + first
        equal = row < end and columns.bound_key.raw(row) == key
        return int(columns.axis_start[product]) + 2 * (row - first) + equal


def _same(component: Component) -> tuple[str, ...]:
    return (
        component.name,
        component.version,
        component.purl or "",
        component.cpe or "",
        component.vendor,
    )
