"""Read which CVEs touch what runs at an establishment.

A vulnerability may need a second product ("only when running on X"). By itself such a product
is "unknown". Whether the condition holds is a question to one asset, not to the nation:

- the second product is on the same asset: affected, and the reason says so;
- the inventory names one product for the asset and nothing of what it runs with, while the
  second product is elsewhere in the establishment: affected, half as sure, "to be checked";
- the asset is described by several products and the second is not among them: still unknown.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from hygie.domain.estate.products import component_of
from hygie.domain.veille.models import Match
from hygie.vocabulary.enums import VerdictStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hygie.domain.estate.models import Product
    from hygie.vocabulary.facts import Component, Verdict

ELSEWHERE: Final = (
    " ; il est ailleurs dans l’établissement, l’inventaire ne dit pas s’il est sur cet équipement"
)
ELSEWHERE_CONFIDENCE: Final = 0.5

_REASON_MAX: Final = 400


class Neighbours(Protocol):
    """What an open corpus says once it sees all that runs together."""

    def verdicts_together(self, components: Sequence[Component]) -> list[list[Verdict]]:
        """Return for each component what the others decide; see ``corpora``."""


class Running(NamedTuple):
    """A product at work: ``place`` names the asset it is on, the same for all that is there."""

    product: Product
    place: str


def affecting_together(
    running: Iterable[Running], corpus: Neighbours
) -> dict[tuple[int, str], list[Match]]:
    """Return the matches that say "affected", by (product id, place), conditions decided.

    Args:
        running: what one establishment runs, repeats welcome.
        corpus: the corpus in use, with which these products were matched.
    """
    places = list(dict.fromkeys(running))
    distinct = {one.product.pk: one.product for one in places}
    alone = affecting(distinct.values())
    found = {(one.product.pk, one.place): list(alone.get(one.product.pk, ())) for one in places}
    somewhere = _decided(list(distinct.values()), corpus)
    if somewhere:
        for key, match in _conditional(places, somewhere, corpus):
            found[key].append(match)
    return {key: matches for key, matches in found.items() if matches}


def affecting(products: Iterable[Product]) -> dict[int, list[Match]]:
    """Return the matches that say "affected", by product, with their CVE."""
    return _matches(products, VerdictStatus.AFFECTED)


def unsettled(products: Iterable[Product]) -> dict[int, list[Match]]:
    """Return the matches that say "perhaps", by product, with their CVE."""
    return _matches(products, VerdictStatus.UNKNOWN)


def _matches(products: Iterable[Product], status: VerdictStatus) -> dict[int, list[Match]]:
    found: dict[int, list[Match]] = {}
    rows = Match.objects.filter(product__in=list(products), status=status).select_related("cve")
    for match in rows.order_by("cve_id"):
        found.setdefault(match.product_id, []).append(match)
    return found


def _decided(products: Sequence[Product], corpus: Neighbours) -> dict[tuple[int, str], Verdict]:
    """Return what products that run together decide of one another, by (product id, CVE)."""
    answers = corpus.verdicts_together([component_of(product) for product in products])
    return {
        (product.pk, verdict.cve_id): verdict
        for product, verdicts in zip(products, answers, strict=True)
        for verdict in verdicts
    }


def _conditional(
    places: Sequence[Running], somewhere: Mapping[tuple[int, str], Verdict], corpus: Neighbours
) -> Iterable[tuple[tuple[int, str], Match]]:
    """Yield the "unknown" matches that the neighbours of their own asset settle, unsaved."""
    conditional = {pk for pk, _ in somewhere}
    there: dict[str, list[Product]] = defaultdict(list)
    for one in places:
        there[one.place].append(one.product)
    open_matches = unsettled(p for p in {one.product for one in places} if p.pk in conditional)
    for place, products in there.items():
        if conditional.isdisjoint(product.pk for product in products):
            continue
        here = _decided(products, corpus)
        for product in products:
            for match in open_matches.get(product.pk, ()):
                key = (product.pk, match.cve_id)
                if key in here:
                    yield (product.pk, place), _settled(match, here[key].reason, match.confidence)
                elif key in somewhere and len(products) == 1:
                    yield (
                        (product.pk, place),
                        _settled(
                            match,
                            f"{somewhere[key].reason}{ELSEWHERE}",
                            match.confidence * ELSEWHERE_CONFIDENCE,
                        ),
                    )


def _settled(match: Match, reason: str, confidence: float) -> Match:
    return Match(
        product_id=match.product_id,
        cve=match.cve,
        status=VerdictStatus.AFFECTED,
        reason=reason[:_REASON_MAX],
        identity=match.identity,
        range=match.range,
        source=match.source,
        confidence=confidence,
        fixed_in=match.fixed_in,
    )
