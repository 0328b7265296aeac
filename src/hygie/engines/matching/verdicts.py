"""From a placement to verdicts: status, reason, confidence, for one component at a time."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from hygie.engines.matching.claims import claims_on
from hygie.engines.matching.identity import NO_TRAITS, STATED, compatible
from hygie.engines.matching.kernel import FALSE, OPEN, TRUE, spread
from hygie.engines.matching.reasons import Reasons
from hygie.vocabulary.enums import VerdictStatus
from hygie.vocabulary.facts import Verdict

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from hygie.engines.matching.claims import Claim
    from hygie.engines.matching.columns import Column, CorpusColumns
    from hygie.engines.matching.matcher import Placed, Placement

FOUND: Final = frozenset({VerdictStatus.AFFECTED, VerdictStatus.UNKNOWN})
"""What needs attention; the rest can be listed on demand."""

_ORDER: Final = {
    VerdictStatus.AFFECTED: 0,
    VerdictStatus.UNKNOWN: 1,
    VerdictStatus.NOT_AFFECTED: 2,
}


class _Judged(NamedTuple):
    status: VerdictStatus
    placed: Placed
    statement: int
    why: str


class Judge:
    """Reads verdicts out of one placement.

    Args:
        columns: the corpus.
        placement: the inventory placed in it.
    """

    def __init__(self, columns: CorpusColumns, placement: Placement) -> None:
        self._columns = columns
        self._placement = placement
        self._reasons = Reasons(columns)
        self._compatible = lru_cache(maxsize=None)(compatible)

    def known(self, component: int) -> bool:
        """Tell whether the corpus knows the component, by its rank in what was placed."""
        number = self._placement.number_of[component]
        return bool(self._placement.of_component[number])

    def verdicts(
        self, component: int, *, statuses: Collection[VerdictStatus] = FOUND
    ) -> list[Verdict]:
        """Return one verdict a CVE for one component, by its rank in what was placed.

        Sources that disagree are settled for safety: affected, then unknown, then not; within
        a status the surest identity speaks. Sorted by CVE.
        """
        best = self._best(self._placement.number_of[component], statuses)
        kept = (cve for cve in sorted(best) if best[cve].status in statuses)
        return [self._verdict(cve, best[cve]) for cve in kept]

    def _best(self, number: int, statuses: Collection[VerdictStatus]) -> dict[int, _Judged]:
        best: dict[int, _Judged] = {}
        for index in self._placement.of_component[number]:
            placed = self._placement.placed[index]
            for cve, judged in self._judge(placed, statuses):
                if cve not in best or _rank(judged) < _rank(best[cve]):
                    best[cve] = judged
        return best

    def conditional(self, component: int) -> list[Verdict]:
        """Return the verdicts "affected" whose statement has a condition, and it holds here."""
        number = self._placement.number_of[component]
        if number not in self._with_condition:
            return []
        best = self._best(number, FOUND)
        conditions = self._columns.condition
        return [
            self._verdict(cve, judged)
            for cve, judged in sorted(best.items())
            if judged.status is VerdictStatus.AFFECTED
            and conditions[self._columns.context[judged.statement]]
        ]

    @cached_property
    def _with_condition(self) -> frozenset[int]:
        """Distinct components that a statement covers whose condition holds here."""
        placement, columns = self._placement, self._columns
        runs = placement.runs
        holding = [number for number, state in placement.states.items() if state == TRUE]
        conditions = columns.condition[columns.context[runs.statement]]
        rows = np.flatnonzero((runs.first < runs.last) & np.isin(conditions, holding))
        places = np.unique(spread(runs.first[rows], runs.last[rows]))
        return frozenset(placement.placed[place].component for place in places.tolist())

    def claims(self, component: int, cve_id: str) -> list[Claim]:
        """Return what every source says of one CVE for one component, contradictions included."""
        number = self._placement.number_of[component]
        places = [self._placement.placed[index] for index in self._placement.of_component[number]]
        return [
            claim
            for cve in self._rows_of(cve_id)
            for claim in claims_on(self._columns, places, cve)
        ]

    def _rows_of(self, cve_id: str) -> list[int]:
        """Return the row of a CVE; rows are sorted by year then number, not as texts."""
        texts, wanted = self._columns.cve_id, cve_order(cve_id)
        at = bisect_left(range(len(texts)), wanted, key=lambda row: cve_order(texts.text(row)))
        return [at] if at < len(texts) and texts.text(at) == cve_id else []

    def _judge(
        self, placed: Placed, statuses: Collection[VerdictStatus]
    ) -> Iterator[tuple[int, _Judged]]:
        columns, product = self._columns, placed.candidate.product
        rows = np.arange(columns.statement_start[product], columns.statement_end[product])
        rows = rows[self._applies(placed, rows)]
        covered = (columns.low[rows] <= placed.position) & (placed.position < columns.high[rows])
        for row in rows[covered].tolist():
            yield int(columns.cve[row]), self._covered(placed, row)
        outside = rows[~covered & ~columns.safe[columns.context[rows]]]
        if placed.problem:
            for row in outside.tolist():
                yield int(columns.cve[row]), self._uncomparable(placed, row)
        elif VerdictStatus.NOT_AFFECTED in statuses:
            yield from self._outside(placed, outside)

    def _applies(self, placed: Placed, rows: Column) -> Column:
        """Leave out statements about another part or platform than the component's."""
        columns, candidate = self._columns, placed.candidate
        contexts = columns.context[rows]
        kept = np.ones(len(rows), bool)
        if candidate.part != "*":
            parts = columns.part_code[contexts]
            kept &= (parts == ord(candidate.part)) | (parts == ord("*"))
        if candidate.traits != NO_TRAITS:
            numbers, inverse = np.unique(columns.attributes[contexts], return_inverse=True)
            agrees = [
                self._compatible(columns.attribute_texts.text(number), candidate.traits)
                for number in numbers.tolist()
            ]
            kept &= np.asarray(agrees, bool)[inverse]
        return kept

    def _covered(self, placed: Placed, row: int) -> _Judged:
        if self._columns.safe[int(self._columns.context[row])]:
            why = self._reasons.declaration(placed.candidate.product, row)
            return _Judged(VerdictStatus.NOT_AFFECTED, placed, row, why)
        return self._affecting(placed, row)

    def _affecting(self, placed: Placed, row: int) -> _Judged:
        columns, reasons = self._columns, self._reasons
        context = int(columns.context[row])
        product = placed.candidate.product
        shown = reasons.range_text(product, row, placed.candidate.version or "…")
        base = f"{shown or 'toutes les versions'} ({reasons.source_name(row)})"
        if columns.undecided[context]:
            why = f"indécidable : {reasons.note(row)} ({reasons.source_name(row)})"
            return _Judged(VerdictStatus.UNKNOWN, placed, row, why)
        if shown and placed.problem and not placed.candidate.absent:
            return self._uncomparable(placed, row)
        state = self._placement.states.get(int(columns.condition[context]), TRUE)
        if state == FALSE:
            why = f"{base}, {reasons.partners(row)} : condition non remplie"
            return _Judged(VerdictStatus.NOT_AFFECTED, placed, row, why)
        if state == OPEN:
            why = f"{base}, {reasons.partners(row)}, absent de l’inventaire"
            return _Judged(VerdictStatus.UNKNOWN, placed, row, why)
        if placed.candidate.backported:
            why = f"{base} ; la distribution a pu corriger sans changer de version amont"
            return _Judged(VerdictStatus.UNKNOWN, placed, row, why)
        if columns.condition[context]:
            base = f"{base}, {reasons.partners(row)}, présent dans l’inventaire"
        return _Judged(VerdictStatus.AFFECTED, placed, row, base)

    def _uncomparable(self, placed: Placed, row: int) -> _Judged:
        summary = self._reasons.summary(placed.candidate.product, [row])
        return _Judged(VerdictStatus.UNKNOWN, placed, row, f"{placed.problem} ; touché : {summary}")

    def _outside(self, placed: Placed, rows: Column) -> Iterator[tuple[int, _Judged]]:
        by_cve: dict[int, list[int]] = {}
        for row in rows.tolist():
            by_cve.setdefault(int(self._columns.cve[row]), []).append(row)
        for cve, statements in by_cve.items():
            summary = self._reasons.summary(placed.candidate.product, statements)
            why = f"{placed.candidate.version} hors de : {summary}"
            yield cve, _Judged(VerdictStatus.NOT_AFFECTED, placed, statements[0], why)

    def _verdict(self, cve: int, judged: _Judged) -> Verdict:
        candidate = judged.placed.candidate
        product, row = candidate.product, judged.statement
        reason = judged.why
        if candidate.confidence < STATED:
            percent = round(100 * candidate.confidence)
            reason += f" ; produit reconnu par son nom, confiance {percent} %"
        return Verdict(
            cve_id=self._columns.cve_id.text(cve),
            status=judged.status,
            reason=reason,
            product=self._columns.identity.text(product),
            range=self._reasons.range_text(product, row),
            source=self._reasons.source(row),
            confidence=candidate.confidence,
            fixed_in=self._reasons.fixed_in(product, row),
        )


def cve_order(cve_id: str) -> tuple[int, int]:
    """Return what sorts CVE identifiers as the corpus does: by year, then number."""
    _, year, number = cve_id.split("-")
    return int(year), int(number)


def _rank(judged: _Judged) -> tuple[int, float]:
    return _ORDER[judged.status], -judged.placed.candidate.confidence
