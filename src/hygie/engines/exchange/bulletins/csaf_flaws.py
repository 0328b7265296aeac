"""The vulnerabilities of a CSAF document: status, score, threat and remedy of each.

Source: CSAF 2.0 section 3.2.3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cvss import CVSS2, CVSS3
from cvss.exceptions import CVSSError

from hygie.engines.exchange.bulletins.writing import stamp

if TYPE_CHECKING:
    from hygie.engines.exchange.bulletins.csaf_products import ProductTree
    from hygie.engines.exchange.bulletins.document import Bulletin, Flaw

_CVSS3: Final = ("CVSS:3.0/", "CVSS:3.1/")
# The words that Microsoft's advisories have made the ones that programs look for.
_EXPLOITED: Final = "Exploitation active connue (Exploited:Yes)"


def vulnerabilities(bulletin: Bulletin, tree: ProductTree) -> list[dict[str, Any]]:
    """Return ``vulnerabilities``, one object a CVE."""
    return [_vulnerability(bulletin, flaw, tree) for flaw in bulletin.flaws]


def _vulnerability(bulletin: Bulletin, flaw: Flaw, tree: ProductTree) -> dict[str, Any]:
    status = {"known_affected": tree.affected} | ({"fixed": tree.fixed} if tree.fixed else {})
    notes = [{"category": "summary", "title": "Résumé", "text": bulletin.summary}]
    score = _score(flaw.vector)
    if flaw.vector and not score:
        notes.append({"category": "other", "title": "CVSS", "text": flaw.vector})
    written: dict[str, Any] = {
        "cve": flaw.cve_id,
        "notes": notes,
        "product_status": status,
        "remediations": _remedies(bulletin, tree),
    }
    if score:
        written["scores"] = [score | {"products": tree.affected}]
    if flaw.exploited:
        written["threats"] = [
            {
                "category": "exploit_status",
                "date": stamp(bulletin.updated_at),
                "details": _EXPLOITED,
                "product_ids": tree.affected,
            }
        ]
    return written


def _score(vector: str) -> dict[str, Any]:
    """Return ``cvss_v2`` or ``cvss_v3``; nothing for a vector that CSAF 2.0 has no place for."""
    try:
        if vector.startswith(_CVSS3):
            return {"cvss_v3": CVSS3(vector).as_json(minimal=True)}
        if vector.startswith("AV:"):
            return {"cvss_v2": CVSS2(vector).as_json(minimal=True)}
    except CVSSError:
        return {}
    return {}


def _remedies(bulletin: Bulletin, tree: ProductTree) -> list[dict[str, Any]]:
    """Return the fixes that the products name, then the measures that are no fix."""
    remedies: list[dict[str, Any]] = []
    by_fix: dict[tuple[str, ...], list[str]] = {}
    for product, fixes in tree.fixes_of.items():
        by_fix.setdefault(fixes, []).append(product)
    for fixes, products in by_fix.items():
        text = f"Passer à la version {' ou '.join(fixes)}." if fixes else "Aucun correctif publié."
        category = "vendor_fix" if fixes else "none_available"
        remedies.append({"category": category, "details": text, "product_ids": products})
    others = [action for action in bulletin.actions if not action.is_fix]
    without_fix = [product for product, fixes in tree.fixes_of.items() if not fixes]
    # CSAF 6.1.35 forbids "none_available" beside a workaround on the same product.
    if others and without_fix:
        remedies = [one for one in remedies if one["category"] != "none_available"]
    return remedies + [
        {"category": "workaround", "details": action.text, "product_ids": tree.affected}
        for action in others
    ]
