"""Read which CVEs touch the products of the estate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygie.domain.veille.models import Match
from hygie.vocabulary.enums import VerdictStatus

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hygie.domain.estate.models import Product


def affecting(products: Iterable[Product]) -> dict[int, list[Match]]:
    """Return the matches that say "affected", by product, with their CVE."""
    found: dict[int, list[Match]] = {}
    rows = Match.objects.filter(
        product__in=list(products), status=VerdictStatus.AFFECTED
    ).select_related("cve")
    for match in rows.order_by("cve_id"):
        found.setdefault(match.product_id, []).append(match)
    return found
