"""Read which CVEs touch the products of the estate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from hygie.domain.estate.products import component_of
from hygie.domain.veille.models import Match
from hygie.vocabulary.enums import VerdictStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hygie.domain.estate.models import Product
    from hygie.vocabulary.facts import Component, Verdict


class Neighbours(Protocol):
    """What an open corpus says once it sees all that runs together."""

    def verdicts_together(self, components: Sequence[Component]) -> list[list[Verdict]]:
        """Return for each component what the others decide; see ``corpora``."""


def affecting_together(products: Iterable[Product], corpus: Neighbours) -> dict[int, list[Match]]:
    """Return the matches that say "affected" of products that run together, by product.

    A vulnerability that needs a second product is kept "unknown" of the first by itself; where
    the second runs too, its match is returned as "affected", with that reason, unsaved.
    """
    distinct = list({product.pk: product for product in products}.values())
    found = affecting(distinct)
    answers = corpus.verdicts_together([component_of(product) for product in distinct])
    decided = {
        (product.pk, verdict.cve_id): verdict
        for product, verdicts in zip(distinct, answers, strict=True)
        for verdict in verdicts
    }
    rows = Match.objects.filter(
        product__in={pk for pk, _ in decided},
        cve__in={cve_id for _, cve_id in decided},
        status=VerdictStatus.UNKNOWN,
    ).select_related("cve")
    for match in rows.order_by("cve_id"):
        if verdict := decided.get((match.product_id, match.cve_id)):
            match.status, match.reason = verdict.status, verdict.reason[:400]
            found.setdefault(match.product_id, []).append(match)
    return found


def affecting(products: Iterable[Product]) -> dict[int, list[Match]]:
    """Return the matches that say "affected", by product, with their CVE."""
    found: dict[int, list[Match]] = {}
    rows = Match.objects.filter(
        product__in=list(products), status=VerdictStatus.AFFECTED
    ).select_related("cve")
    for match in rows.order_by("cve_id"):
        found.setdefault(match.product_id, []).append(match)
    return found
