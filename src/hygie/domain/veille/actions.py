"""Match the products of the estate with the corpus, each distinct product once per corpus."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from django.db import transaction

from hygie.domain.estate.products import component_of
from hygie.domain.veille.models import Cve, Match, Matched
from hygie.vocabulary.enums import Exploitation, TechnicalImpact, VerdictStatus
from hygie.vocabulary.facts import CveFacts

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from hygie.domain.estate.models import Product
    from hygie.vocabulary.facts import Component, Verdict

KEPT = (VerdictStatus.AFFECTED, VerdictStatus.UNKNOWN)
_BATCH = 300
_CVE_FIELDS = (
    *("description", "cvss_score", "cvss_vector", "epss_probability", "kev_added_on"),
    *("ransomware", "exploitation", "technical_impact", "published_on", "sources"),
)


class CorpusLike(Protocol):
    """What matching needs of an open corpus."""

    @property
    def identity(self) -> str:
        """Return the checksum that names this corpus."""

    def verdicts(self, components: Sequence[Component]) -> list[tuple[bool, list[Verdict]]]:
        """Return for each component whether the corpus knows it, and its verdicts."""

    def facts(self, cve_ids: Iterable[str]) -> Mapping[str, CveFacts]:
        """Return what is known of each CVE."""


def match_products(
    products: Iterable[Product], corpus: CorpusLike, *, now: dt.datetime
) -> dict[str, int]:
    """Bring the matches of these products up to date with ``corpus``.

    A product already matched with this very corpus is not matched again. Returns counts:
    ``products``, ``matched``, ``affected``, ``unknown``.
    """
    wanted = {product.pk: product for product in products}
    done = Matched.objects.filter(corpus=corpus.identity, product_id__in=list(wanted))
    stale = [
        wanted[pk] for pk in sorted(set(wanted) - set(done.values_list("product_id", flat=True)))
    ]
    counts = {"products": len(wanted), "matched": len(stale), "affected": 0, "unknown": 0}
    for start in range(0, len(stale), _BATCH):
        _match_batch(stale[start : start + _BATCH], corpus, counts, now)
    return counts


def _match_batch(
    products: Sequence[Product], corpus: CorpusLike, counts: dict[str, int], now: dt.datetime
) -> None:
    answers = corpus.verdicts([component_of(product) for product in products])
    kept = [
        (product, verdict)
        for product, (_, verdicts) in zip(products, answers, strict=True)
        for verdict in verdicts
        if verdict.status in KEPT
    ]
    with transaction.atomic():
        record_cves(corpus.facts({verdict.cve_id for _, verdict in kept}))
        Match.objects.filter(product__in=products).delete()
        Match.objects.bulk_create([_row(p, v) for p, v in _once(kept)], batch_size=_BATCH)
        Matched.objects.bulk_create(
            [
                Matched(product=product, corpus=corpus.identity, known=known, at=now)
                for product, (known, _) in zip(products, answers, strict=True)
            ],
            update_conflicts=True,
            unique_fields=["product"],
            update_fields=["corpus", "known", "at"],
        )
    for _, verdict in kept:
        counts["affected" if verdict.status == VerdictStatus.AFFECTED else "unknown"] += 1


def _once(
    kept: Iterable[tuple[Product, Verdict]],
) -> list[tuple[Product, Verdict]]:
    """Keep one verdict a CVE and product: affected before unknown, then the surest."""
    best: dict[tuple[int, str], tuple[Product, Verdict]] = {}
    for product, verdict in kept:
        key = (product.pk, verdict.cve_id)
        if key not in best or _strength(verdict) > _strength(best[key][1]):
            best[key] = (product, verdict)
    return list(best.values())


def _strength(verdict: Verdict) -> tuple[bool, float]:
    return verdict.status == VerdictStatus.AFFECTED, verdict.confidence


def record_cves(facts: Mapping[str, CveFacts]) -> None:
    """Keep what the corpus knows of these CVEs, newest knowledge first."""
    rows = [
        Cve(
            cve_id=fact.cve_id,
            description=fact.description[:600],
            cvss_score=fact.cvss_score,
            cvss_vector=fact.cvss_vector[:200],
            epss_probability=fact.epss_probability,
            kev_added_on=fact.kev_added_on,
            ransomware=fact.ransomware,
            exploitation=fact.exploitation,
            technical_impact=fact.technical_impact or "",
            published_on=fact.published_on,
            sources=list(fact.sources),
        )
        for fact in facts.values()
    ]
    Cve.objects.bulk_create(
        rows,
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["cve_id"],
        update_fields=_CVE_FIELDS,
    )


def facts_of(cve: Cve) -> CveFacts:
    """Return the stored CVE as the facts that the policy reads."""
    return CveFacts(
        cve_id=cve.cve_id,
        description=cve.description,
        cvss_score=cve.cvss_score,
        cvss_vector=cve.cvss_vector,
        epss_probability=cve.epss_probability,
        kev_added_on=cve.kev_added_on,
        ransomware=cve.ransomware,
        exploitation=Exploitation(cve.exploitation),
        technical_impact=TechnicalImpact(cve.technical_impact) if cve.technical_impact else None,
        published_on=cve.published_on,
        sources=tuple(cve.sources),
    )


def _row(product: Product, verdict: Verdict) -> Match:
    return Match(
        product=product,
        cve_id=verdict.cve_id,
        status=verdict.status,
        reason=verdict.reason[:400],
        identity=verdict.product[:300],
        range=verdict.range[:300],
        source=verdict.source[:40],
        confidence=verdict.confidence,
        fixed_in=verdict.fixed_in[:120],
    )
