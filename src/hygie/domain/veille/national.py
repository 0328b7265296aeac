"""Share once, for the nation, what manufacturers say: from their VEX, or typed by an analyst."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import transaction

from hygie.domain.journal.actions import Act, record
from hygie.domain.veille.declaring import IMPACT_MIN_CHARACTERS, DeclarationError
from hygie.domain.veille.models import Justification, VexStatement
from hygie.domain.veille.vex_reading import as_plain
from hygie.engines.corpus.criteria import GENERIC
from hygie.engines.corpus.formats.json_places import is_cve_id
from hygie.engines.corpus.records import EVERY_VERSION, NO_ATTRIBUTES, NOT_AFFECTED, Span, Statement
from hygie.vocabulary.identity import text_identity

if TYPE_CHECKING:
    import datetime as dt

    from hygie.domain.veille.vex_reading import Told, VexDocument

_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Published:
    """What a document changed: rows added, rows of its former release that it replaces."""

    added: int
    replaced: int
    left_out: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class NationalClaim:
    """What an analyst types of a manufacturer's word.

    Attributes:
        cve_id: the CVE.
        vendor, name: the product.
        first, last: versions it holds for, both included; empty for no bound.
        justification: a value of Justification.
        impact: the manufacturer's explanation.
        author: the manufacturer.
        document: where it is said.
        until: last day it holds, None while the manufacturer says nothing else.
    """

    cve_id: str
    vendor: str
    name: str
    first: str
    last: str
    justification: str
    impact: str
    author: str
    document: str
    until: dt.date | None


def publish_document(document: VexDocument, *, actor: str, now: dt.datetime) -> Published:
    """Keep what a VEX document says; its former release is replaced, whole or not at all."""
    with transaction.atomic():
        former = VexStatement.objects.select_for_update().filter(
            node__isnull=True, document=document.reference[:300], revoked_at__isnull=True
        )
        if former.filter(document_sha256=document.sha256).exists():
            return Published(0, 0, document.left_out)
        replaced = former.update(revoked_by=actor, revoked_at=now)
        rows = [_row(told, document, actor, now) for told in document.told]
        VexStatement.objects.bulk_create(rows, batch_size=_BATCH)
        detail = {
            "document": document.reference,
            "author": document.author,
            "sha256": document.sha256,
            "added": len(rows),
            "replaced": replaced,
        }
        record(
            Act("vex.published", "vex", document.reference[:64], None, detail), actor=actor, now=now
        )
    return Published(len(rows), replaced, document.left_out)


def publish_claim(claim: NationalClaim, *, actor: str, now: dt.datetime) -> VexStatement:
    """Keep what an analyst typed.

    Raises:
        DeclarationError: if a field does not hold.
    """
    _check(claim, now)
    bounded = claim.first or claim.last
    span = Span(start=claim.first, end=claim.last, end_closed=bool(claim.last))
    said = Statement(
        text_identity(claim.vendor, claim.name),
        "*",
        NO_ATTRIBUTES,
        GENERIC,
        (),
        "vex",
        (span if bounded else EVERY_VERSION,),
        vex_status=NOT_AFFECTED,
    )
    with transaction.atomic():
        kept = VexStatement.objects.create(
            cve_id=claim.cve_id,
            justification=claim.justification,
            impact=claim.impact.strip(),
            product=f"{claim.vendor} {claim.name}"[:300],
            version=_range(claim),
            statement=as_plain(said),
            author=claim.author,
            document=claim.document,
            said_on=now.date(),
            declared_by=actor,
            declared_at=now,
            expires_on=claim.until,
        )
        detail = {"cve": claim.cve_id, "product": kept.product, "author": claim.author}
        record(Act("vex.published", "vex", str(kept.pk), None, detail), actor=actor, now=now)
    return kept


def _check(claim: NationalClaim, now: dt.datetime) -> None:
    if not is_cve_id(claim.cve_id):
        raise DeclarationError("écrivez CVE-AAAA-NNNN", field="cve_id")
    for field in ("vendor", "name", "author"):
        if not getattr(claim, field).strip():
            raise DeclarationError("ce champ est nécessaire", field=field)
    if claim.justification not in Justification.values:
        raise DeclarationError("choisissez une raison dans la liste", field="justification")
    if len(claim.impact.strip()) < IMPACT_MIN_CHARACTERS:
        raise DeclarationError(
            f"expliquez en {IMPACT_MIN_CHARACTERS} caractères au moins pourquoi", field="impact"
        )
    if claim.until is not None and claim.until < now.date():
        raise DeclarationError("cette date est passée", field="until")


def _range(claim: NationalClaim) -> str:
    if claim.first or claim.last:
        return f"{claim.first} … {claim.last}".strip()[:200]
    return ""


def _row(told: Told, document: VexDocument, actor: str, now: dt.datetime) -> VexStatement:
    said = told.statement
    justification, _, impact = said.reason.partition(" : ")
    known = justification in Justification.values
    return VexStatement(
        cve_id=told.cve_id,
        status=said.vex_status,
        justification=justification if known else "",
        impact=(impact if known else said.reason)[:600],
        product=said.identity[:300],
        version=_spans(said.not_spans)[:200],
        statement=as_plain(said),
        author=document.author[:254],
        document=document.reference[:300],
        document_sha256=document.sha256,
        said_on=(said.dated or document.dated)[:10] or None,
        declared_by=actor,
        declared_at=now,
    )


def _spans(spans: tuple[Span, ...]) -> str:
    return ", ".join(span.exact or f"{span.start} … {span.end}".strip(" ") for span in spans).strip(
        ", …"
    )
