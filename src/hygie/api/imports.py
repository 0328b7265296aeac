"""Send what an establishment runs: an inventory, an SBOM; look first with ``dry_run``."""

from typing import Annotated, Final, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Path, Query, Router, Schema
from pydantic import Field

from hygie.api.asking import asker
from hygie.api.bodies import read_document
from hygie.api.faults import MAX_FAULTS, fault
from hygie.api.fields import Flag, Id, Name
from hygie.api.idempotency import Answer, once
from hygie.api.problems import DOCUMENT, REFUSED, ProblemError
from hygie.api.receiving import receive_inventory, receive_sbom
from hygie.api.rendering import content_of
from hygie.domain.estate.actions import import_assets, import_sbom
from hygie.domain.estate.comparing import Change, Difference, compare_inventory, compare_sboms
from hygie.domain.estate.incoming import Incoming
from hygie.domain.estate.lines import Document
from hygie.domain.estate.models import AssetKind
from hygie.domain.people.access import node_for
from hygie.domain.people.roles import Permission
from hygie.domain.territory.models import Node
from hygie.vocabulary.enums import Criticality, NodeKind

router = Router(tags=["estate"])

SBOM_TYPES: Final = (
    "application/vnd.cyclonedx+json",
    "application/vnd.cyclonedx+xml",
    "application/spdx+json",
    "application/json",
    "application/xml",
    "text/plain",
    "application/octet-stream",
)
TABLE_TYPES: Final = (
    "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/octet-stream",
)
MAX_SHOWN: Final = 200
"""Changes and problems that an answer lists; all are counted."""

InventoryKind = Literal["domains", "addresses", "applications", "devices", "software"]


class SbomQuery(Schema):
    """How an SBOM is taken."""

    dry_run: Flag = Field(False, description="Compare and answer, write nothing.")  # noqa: FBT003 - pydantic's default
    name: Name = Field("sbom", description="Name of the file.")
    asset: Name | None = Field(None, description="Asset it describes; its own subject if absent.")
    criticality: Criticality | None = Field(None, description="For care; unchanged if absent.")


class InventoryQuery(Schema):
    """How an inventory is taken."""

    dry_run: Flag = Field(False, description="Compare and answer, write nothing.")  # noqa: FBT003 - pydantic's default
    name: Name = Field(description="Name of the file: it replaces what this name said before.")
    kind: InventoryKind | None = Field(None, description="Recognised by its columns if absent.")
    mapping: Annotated[Name, Field(max_length=80)] | None = Field(
        None, description="Saved mapping of the columns."
    )
    skip_errors: Flag = Field(False, description="Take the good rows, leave the others.")  # noqa: FBT003 - pydantic's default


class DocumentOut(Schema):
    """A document as it was read."""

    kind: str
    name: str
    sha256: str


class RowProblemOut(Schema):
    """A row that cannot be read."""

    line: int
    column: str
    message: str


class ChangeOut(Schema):
    """What happens to one asset."""

    change: Literal["added", "changed", "removed"]
    kind: AssetKind
    name: str
    fields: list[str] = Field(description="Fields that differ.")
    installed: int = Field(description="Products that come.")
    dropped: int = Field(description="Products that go.")


class ImportOut(Schema):
    """What a document changes, or changed."""

    applied: bool
    source_id: int | None = Field(description="The document as kept; null for a dry run.")
    document: DocumentOut
    rows: int
    elsewhere: int = Field(description="Rows of other establishments, left aside.")
    problem_count: int
    problems: list[RowProblemOut] = Field(description=f"The first {MAX_SHOWN}.")
    added: int
    changed: int
    removed: int
    same: int
    changes: list[ChangeOut] = Field(description=f"The first {MAX_SHOWN}.")


def _body(*media_types: str) -> dict[str, object]:
    schema = {"type": "string", "format": "binary"}
    content = {media_type: {"schema": schema} for media_type in media_types}
    return {"requestBody": {"required": True, "content": content}}


@router.post("/nodes/{node_id}/sboms", response=ImportOut, openapi_extra=_body(*SBOM_TYPES))
def import_sbom_document(
    request: HttpRequest, node_id: Path[Id], filters: Query[SbomQuery]
) -> HttpResponse:
    """Give an application or a device the components of its SBOM (CycloneDX, SPDX 2)."""
    node = _establishment(request, node_id)
    content = read_document(request, SBOM_TYPES)
    incoming, document = receive_sbom(
        node,
        content,
        name=filters.name,
        asset=filters.asset or "",
        criticality=filters.criticality,
    )
    line = incoming.line

    def write() -> Answer:
        difference = compare_sboms(node, [line])
        told = _outcome(document, difference, rows=len(line.components))
        if not filters.dry_run:
            who = {"actor": asker(request).actor, "now": timezone.now()}
            source = import_sbom(node, line, document, **who)  # type: ignore[arg-type]  # actor, now
            told.applied, told.source_id = True, source.pk
        return Answer(200, content_of(told))

    return once(request, content, write, now=timezone.now())


@router.post("/nodes/{node_id}/inventories", response=ImportOut, openapi_extra=_body(*TABLE_TYPES))
def import_inventory_document(
    request: HttpRequest, node_id: Path[Id], filters: Query[InventoryQuery]
) -> HttpResponse:
    """Replace what the document of this name said by what it says now (CSV, XLSX)."""
    node = _establishment(request, node_id)
    content = read_document(request, TABLE_TYPES)
    incoming, document = receive_inventory(
        node,
        content,
        name=filters.name,
        kind=filters.kind or "",
        mapping=filters.mapping or "",
    )
    if not filters.dry_run:
        _refuse_faulty(incoming, skip_errors=filters.skip_errors)

    def write() -> Answer:
        difference = compare_inventory(node, incoming.lines, document)
        told = _outcome(document, difference, rows=incoming.rows, incoming=incoming)
        if not filters.dry_run:
            who = {"actor": asker(request).actor, "now": timezone.now()}
            source = import_assets(node, incoming.lines, document, **who)  # type: ignore[arg-type]  # actor, now
            told.applied, told.source_id = True, source.pk
        return Answer(200, content_of(told))

    return once(request, content, write, now=timezone.now())


def _establishment(request: HttpRequest, node_id: int) -> Node:
    node = node_for(asker(request), node_id, Permission.ESTATE_WRITE)
    if node.kind != NodeKind.ET:
        raise ProblemError(REFUSED, _("Un parc appartient à un établissement (ET)."))
    return node


def _refuse_faulty(incoming: Incoming, *, skip_errors: bool) -> None:
    """Refuse rows in error that nobody asked to skip, and a document about somebody else."""
    if incoming.problem_count and not skip_errors:
        faults = [
            fault(f"line {problem.line}", problem.column or "row", problem.message)
            for problem in incoming.problems[:MAX_FAULTS]
        ]
        detail = _("{n} ligne(s) en erreur, rien n’est importé ; corrigez-les ou skip_errors=true.")
        raise ProblemError(DOCUMENT, detail.format(n=incoming.problem_count), errors=faults)
    if not incoming.lines:
        raise ProblemError(DOCUMENT, _("Aucune ligne pour cet établissement, rien n’est importé."))


def _outcome(
    document: Document, found: Difference, *, rows: int, incoming: Incoming | None = None
) -> ImportOut:
    problems = incoming.problems if incoming else ()
    return ImportOut(
        applied=False,
        source_id=None,
        document=DocumentOut(kind=document.kind, name=document.name, sha256=document.sha256),
        rows=rows,
        elsewhere=incoming.elsewhere if incoming else 0,
        problem_count=incoming.problem_count if incoming else 0,
        problems=[
            RowProblemOut(line=row.line, column=row.column or "", message=row.message)
            for row in problems[:MAX_SHOWN]
        ],
        added=len(found.added),
        changed=len(found.changed),
        removed=len(found.removed),
        same=found.same,
        changes=_changes(found)[:MAX_SHOWN],
    )


def _changes(found: Difference) -> list[ChangeOut]:
    told = [_change(change, "added") for change in found.added]
    told += [_change(change, "changed") for change in found.changed]
    told += [
        ChangeOut(change="removed", kind=AssetKind(asset.kind), name=asset.name, fields=[],
                  installed=0, dropped=0)
        for asset in found.removed
    ]  # fmt: skip
    return told


def _change(change: Change, word: Literal["added", "changed"]) -> ChangeOut:
    return ChangeOut(
        change=word,
        kind=AssetKind(change.line.kind),
        name=change.line.name,
        fields=[name for name, _before, _after in change.fields],
        installed=len(change.installed),
        dropped=len(change.dropped),
    )
