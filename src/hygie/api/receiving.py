"""Read the documents that establishments send: an SBOM, an inventory."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from hygie.domain.estate.incoming_sbom import asset_of
from hygie.domain.estate.lines import SBOM, describe
from hygie.domain.estate.receiving import kind_of, read_rows
from hygie.engines.exchange.sbom import parse_sbom
from hygie.engines.exchange.tabular import parse_table

if TYPE_CHECKING:
    from hygie.domain.estate.incoming import Incoming
    from hygie.domain.estate.incoming_sbom import IncomingSbom
    from hygie.domain.estate.lines import Document
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
    return incoming, describe(name, _sha256(content), kind=SBOM, part=incoming.line.name)


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
    what, saved = kind_of(node, table, kind=kind, mapping=mapping)
    incoming, _ = read_rows(node, table, what, source=name, saved=saved)
    return incoming, describe(name, _sha256(content), kind=what)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
