"""Everything the corpus' sources say of one component and one CVE, contradictions included."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hygie.engines.matching.reasons import Reasons

if TYPE_CHECKING:
    from hygie.engines.matching.columns import CorpusColumns
    from hygie.engines.matching.matcher import Placed


class Claim(NamedTuple):
    """What one source says.

    Attributes:
        source: as stored: ``nvd``, ``cna``, ``csaf:acme``...
        product: identity it speaks of.
        range: the versions, as text around ``…``; empty for every version.
        covers: whether they hold the component's version; None when it cannot be compared.
        status: ``affected``, ``not_affected``, ``fixed``; ``overruled`` for a range that a
            source of higher precedence contradicts here.
        note: why the statement cannot be decided, empty when it can.
        condition: what else must run, empty when nothing.
        document: where it is said, empty when not stated.
        dated: ISO date, empty when not stated.
        reason: why not affected, in the source's words.
    """

    source: str
    product: str
    range: str
    covers: bool | None
    status: str
    note: str
    condition: str
    document: str
    dated: str
    reason: str


def claims_on(columns: CorpusColumns, placed: list[Placed], cve: int) -> list[Claim]:
    """Return what is said of one CVE for a component at these places, by source and range."""
    reasons = Reasons(columns)
    found = []
    for one in placed:
        product = one.candidate.product
        start, end = int(columns.statement_start[product]), int(columns.statement_end[product])
        rows = start + np.flatnonzero(columns.cve[start:end] == cve)
        found += [_claim(columns, reasons, one, row) for row in rows.tolist()]
    return sorted(found, key=lambda claim: (claim.source, claim.product, claim.range))


def _claim(columns: CorpusColumns, reasons: Reasons, placed: Placed, row: int) -> Claim:
    context, product = int(columns.context[row]), placed.candidate.product
    document, dated, reason = (texts.text(context) for texts in columns.documents)
    inside = bool(columns.low[row] <= placed.position < columns.high[row])
    return Claim(
        source=reasons.source(row),
        product=columns.identity.text(product),
        range=reasons.range_text(product, row),
        covers=None if placed.problem and not inside else inside,
        status=columns.status.text(context),
        note=reasons.note(row),
        condition=reasons.partners(row) if columns.condition[context] else "",
        document=document,
        dated=dated,
        reason=reason,
    )
