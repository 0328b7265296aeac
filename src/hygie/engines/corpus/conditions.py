"""Conditions of configurations ("vulnerable only when running on ..."), each kept once."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from hygie.engines.corpus.records import Clause, Criterion

NO_CONDITION: Final = 0


class Conditions:
    """Numbers conditions, clauses and partners; number 0 is "no condition".

    Args:
        add_partner: gives the (product, attributes, low code, high code) of a criterion, None
            when its versions cannot be read.

    Attributes:
        clauses_of: for each condition, its clause numbers.
        negated: for each clause, whether it is true when no partner is present.
        partner_start: for each clause and one past, offset of its partners.
        partners: flat rows of four integers, as ``add_partner`` gave them.
    """

    def __init__(
        self, add_partner: Callable[[Criterion], tuple[int, int, int, int] | None]
    ) -> None:
        self._add_partner = add_partner
        self._condition_numbers: dict[tuple[int, ...], int] = {(): NO_CONDITION}
        self._clause_numbers: dict[Clause, int] = {}
        self._last: tuple[tuple[Clause, ...], int] = ((), NO_CONDITION)
        self.clauses_of: list[tuple[int, ...]] = [()]
        self.negated: list[bool] = []
        self.partner_start = array("i", [0])
        self.partners = array("i")

    def number(self, condition: tuple[Clause, ...]) -> int:
        """Return the number of a condition, the same for the same clauses."""
        if not condition:
            return NO_CONDITION
        if condition is self._last[0]:
            # One configuration repeats the same condition for each of its criteria.
            return self._last[1]
        clauses = tuple(sorted({self._clause(clause) for clause in condition}))
        number = self._condition_numbers.setdefault(clauses, len(self.clauses_of))
        if number == len(self.clauses_of):
            self.clauses_of.append(clauses)
        self._last = (condition, number)
        return number

    def _clause(self, clause: Clause) -> int:
        number = self._clause_numbers.get(clause)
        if number is not None:
            return number
        number = self._clause_numbers[clause] = len(self.negated)
        self.negated.append(clause.negated)
        for criterion in clause.criteria:
            partner = self._add_partner(criterion)
            if partner is not None:
                self.partners.extend(partner)
        self.partner_start.append(len(self.partners) // 4)
        return number
