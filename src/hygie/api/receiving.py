"""Read the documents that establishments send: an SBOM, an inventory."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.utils import timezone

from hygie.domain.estate.incoming import guess_kind, read_inventory
from hygie.domain.estate.incoming_sbom import asset_of
from hygie.domain.estate.lines import MAX_NAME, SBOM, Document
from hygie.domain.estate.mappings import columns_for, mapping_named
from hygie.domain.territory.models import Kind
from hygie.domain.territory.queries import ancestors
from hygie.engines.exchange.sbom import parse_sbom
from hygie.engines.exchange.tabular import parse_table

if TYPE_CHECKING:
    from hygie.domain.estate.incoming import Incoming
    from hygie.domain.estate.incoming_sbom import IncomingSbom
    from hygie.domain.territory.models import Node
    from hygie.vocabulary.enums import Criticality

MAX_ROWS = 50_000
"""Rows of an inventory sent in one call."""


def receive_sbom(
    node: Node, content: bytes, *, name: str, asset: str, criticality: Criticality | None
) -> tuple[IncomingSbom, Document]:
    """Return the asset that an SBOM describes, and the document it is.

    Raises:
        InputError: if the content is no SBOM that is read.
        UsageError: if the asset has no name, or two assets bear it.
    """
    sbom = parse_sbom(content, source=name)
    incoming = asset_of(node, sbom, name=asset, criticality=criticality, source=name)
    return incoming, _document(SBOM, name, content, part=incoming.line.name)


def receive_inventory(
    node: Node, content: bytes, *, name: str, kind: str, mapping: str
) -> tuple[Incoming, Document]:
    """Return the assets that a table states, and the document it is.

    Args:
        node: the establishment.
        content: CSV or XLSX.
        name: under which the next version of the document replaces this one.
        kind: one of ``estate.incoming.KINDS``; empty to recognise it by its columns.
        mapping: name of a saved mapping; empty to find the columns by their names.

    Raises:
        InputError: if the content is no table that is read.
        UsageError: if the kind cannot be told, or the mapping does not exist.
    """
    table = parse_table(content, source=name, max_rows=MAX_ROWS)
    saved = mapping_named(node, mapping, kind=kind) if mapping else None
    what = saved.kind if saved else kind or guess_kind(table)
    columns = columns_for(what, table, saved=saved, chosen={})
    entities = ancestors(node, on=timezone.localdate()).filter(kind=Kind.EJ)
    finess = {node.code, *entities.values_list("code", flat=True)}
    incoming = read_inventory(table, what, columns, source=name, finess=finess)
    return incoming, _document(what, name, content)


def _document(kind: str, name: str, content: bytes, *, part: str = "") -> Document:
    suffix = f" ({part})" if part else ""
    stored = f"{name[: max(0, MAX_NAME - len(suffix))]}{suffix}"[:MAX_NAME]
    return Document(kind, stored, hashlib.sha256(content).hexdigest())
