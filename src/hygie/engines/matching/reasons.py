"""Why a verdict is what it is, in one French line, rebuilt from positions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from hygie.engines.matching.columns import CorpusColumns

SOURCE_NAMES: Final = {
    "anchore": "Anchore",
    "cisa-adp": "CISA",
    "cna": "CNA",
    "kev": "KEV",
    "nvd": "NVD",
    "starter": "Hygie",
}

_DECLARED: Final = {
    "fixed": "déclaré corrigé",
    "not_affected": "déclaré non touché",
    "overruled": "écarté, une source qui prévaut dit le contraire",
}

_CEILING_NONE: Final = 0
_CEILING_BUILDS: Final = 1
_CEILING_UPDATES: Final = 2
_MAX_PARTNERS: Final = 3
_MAX_RANGES: Final = 4


class Reasons:
    """Writes the ranges and reasons of one corpus."""

    def __init__(self, columns: CorpusColumns) -> None:
        self._columns = columns

    def range_text(self, product: int, statement: int, version: str = "…") -> str:
        """Return a statement's range around a version: ``9.1 ≤ 9.2 < 9.3``.

        Empty for "every version".
        """
        start = int(self._columns.axis_start[product])
        end = int(self._columns.axis_end[product])
        low, high = int(self._columns.low[statement]), int(self._columns.high[statement])
        if low == start and high == end:
            return ""
        if low == end - 1:
            return f"{version} = « - » (sans version)"
        exact = self._exact(product, low, high, version)
        if exact:
            return exact
        left = "" if low == start else f"{self._bound(product, low)} {_low_sign(low - start)} "
        right = "" if high >= end - 1 else f" {self._high_sign(product, high)}"
        return f"{left}{version}{right}"

    def fixed_in(self, product: int, statement: int) -> str:
        """Return the first version outside the range, when the range says it; else empty."""
        start = int(self._columns.axis_start[product])
        end = int(self._columns.axis_end[product])
        high = int(self._columns.high[statement])
        if high >= end - 1 or (high - start) % 2 == 0:
            return ""
        row = self._row(product, high)
        return self._columns.bound_text.text(row) if not self._columns.ceiling[row] else ""

    def source(self, statement: int) -> str:
        """Return the source of a statement, as stored."""
        return self._columns.source.text(int(self._columns.context[statement]))

    def source_name(self, statement: int) -> str:
        """Return the source of a statement, as shown."""
        stored = self.source(statement)
        return SOURCE_NAMES.get(stored, stored)

    def note(self, statement: int) -> str:
        """Return why a statement cannot be decided, empty when it can."""
        return self._columns.note.text(int(self._columns.context[statement]))

    def declaration(self, product: int, statement: int) -> str:
        """Return what a statement that is not "affected" says: versions, who, where, when, why."""
        columns = self._columns
        context = int(columns.context[statement])
        document, dated, reason = (texts.text(context) for texts in columns.documents)
        where = ", ".join(filter(None, (document, dated)))
        said = _DECLARED[columns.status.text(context)] + (f" ({where})" if where else "")
        shown = self.range_text(product, statement) or "toutes les versions"
        base = f"{shown} ({self.source_name(statement)}), {said}"
        return f"{base} : {reason}" if reason else base

    def partners(self, statement: int) -> str:
        """Return what a statement's condition requires: ``seulement avec …``."""
        columns = self._columns
        condition = int(columns.condition[columns.context[statement]])
        wanted = [self._clause(clause) for clause in columns.clauses(condition)]
        return "seulement avec " + " et ".join(wanted)

    def summary(self, product: int, statements: list[int]) -> str:
        """Return the ranges of several statements, the first few."""
        texts = dict.fromkeys(
            f"{self.range_text(product, row) or 'toutes les versions'} ({self.source_name(row)})"
            for row in statements
        )
        shown = list(texts)[:_MAX_RANGES]
        more = len(texts) - len(shown)
        return ", ".join(shown) + (f" et {more} autres" if more else "")

    def _clause(self, clause: int) -> str:
        columns = self._columns
        rows = range(int(columns.partner_start[clause]), int(columns.partner_end[clause]))
        names = dict.fromkeys(
            columns.identity.text(int(columns.partner_product[row])) for row in rows
        )
        shown = list(names)[:_MAX_PARTNERS]
        more = f" ou {len(names) - len(shown)} autres" if len(names) > len(shown) else ""
        prefix = "l’absence de " if columns.clause_negated[clause] else ""
        return prefix + (" ou ".join(shown) or "un composant illisible") + more

    def _exact(self, product: int, low: int, high: int, version: str) -> str:
        start = int(self._columns.axis_start[product])
        if low == start or (low - start) % 2 == 0:
            return ""
        text = self._bound(product, low)
        if high == low + 1:
            return f"{version} = {text}"
        closing = high < int(self._columns.axis_end[product]) - 1 and (high - start) % 2 == 1
        row = self._row(product, high) if closing else -1
        if closing and self._columns.ceiling[row] == _CEILING_UPDATES:
            same = self._columns.bound_text.text(row) == text
            return f"{version} = {text}" if same else ""
        return ""

    def _high_sign(self, product: int, high: int) -> str:
        start = int(self._columns.axis_start[product])
        row = self._row(product, high)
        text = self._columns.bound_text.text(row)
        before = (high - start) % 2 == 1
        ceiling = int(self._columns.ceiling[row])
        return f"< {text}" if before and ceiling == _CEILING_NONE else f"≤ {text}"

    def _bound(self, product: int, position: int) -> str:
        return self._columns.bound_text.text(self._row(product, position))

    def _row(self, product: int, position: int) -> int:
        """Return the bound at a position, or the one just below a gap."""
        columns = self._columns
        offset = position - int(columns.axis_start[product])
        return int(columns.bound_start[product]) + (offset - 1) // 2


def _low_sign(offset: int) -> str:
    return "≤" if offset % 2 == 1 else "<"
