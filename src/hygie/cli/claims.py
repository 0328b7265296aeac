"""What every source says of one component and one CVE, one line each, contradictions included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hygie.cli.console import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygie.engines.matching.claims import Claim

MOST: Final = 20

_SAID: Final = {
    "affected": "touché",
    "not_affected": "déclaré non touché",
    "fixed": "déclaré corrigé",
    "overruled": "écarté : une source qui prévaut dit le contraire",
}


def claim_lines(claims: Sequence[Claim]) -> list[str]:
    """Return one line a claim, the first MOST of them, and how many more there are."""
    lines = [_line(claim) for claim in claims[:MOST]]
    if len(claims) > MOST:
        lines.append(_("… et {more} autres.").format(more=len(claims) - MOST))
    return lines


def _line(claim: Claim) -> str:
    where = ", ".join(filter(None, (claim.document, claim.dated)))
    said = _("indécidable") if claim.note else _(_SAID[claim.status])
    details = ", ".join(filter(None, (claim.note, claim.condition, claim.reason)))
    source = f"{claim.source} ({where})" if where else claim.source
    text = f"{source} : {claim.range or _('toutes les versions')}, {said}"
    return f"{text} ({details})" if details else text
