"""Write the estate: what an inventory or an SBOM says replaces what it said before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hygie.domain.estate.comparing import compare_inventory, compare_sboms
from hygie.domain.estate.lines import AssetLine, Document
from hygie.domain.estate.models import Mapping, Source
from hygie.domain.estate.writing import open_source, write_difference
from hygie.domain.journal.actions import Act, record, record_many
from hygie.domain.territory.models import Node

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping as MappingType
    from collections.abc import Sequence

__all__ = [
    "AssetLine",
    "Document",
    "import_assets",
    "import_sbom",
    "import_sboms",
    "save_mapping",
]


def import_assets(
    node: Node,
    lines: Sequence[AssetLine],
    document: Document,
    *,
    actor: str,
    now: dt.datetime,
) -> Source:
    """Replace what the document of the same name said of this node by ``lines``.

    An asset that the new document no longer names is removed (dated, not erased); components
    that an SBOM stated stay; whole or not at all.
    """
    with transaction.atomic():
        _queue(node)
        difference = compare_inventory(node, lines, document)
        source = open_source(node, document, len(lines), actor=actor, now=now)
        write_difference(node, difference, source, now=now)
        detail = {
            "file": document.name,
            "sha256": document.sha256,
            "assets": len(difference.changes),
            "added": len(difference.added),
            "changed": len(difference.changed),
            "removed": len(difference.removed),
        }
        record(
            Act("estate.imported", "source", str(source.pk), node.pk, detail), actor=actor, now=now
        )
    return source


def import_sbom(
    node: Node,
    line: AssetLine,
    document: Document,
    *,
    actor: str,
    now: dt.datetime,
) -> Source:
    """Set the components of one application or device to those of its SBOM."""
    return import_sboms(node, [(line, document)], actor=actor, now=now)[0]


def import_sboms(
    node: Node,
    readings: Sequence[tuple[AssetLine, Document]],
    *,
    actor: str,
    now: dt.datetime,
) -> list[Source]:
    """Set the components of several assets, each to those of its SBOM; all of them or none.

    An asset that an inventory described keeps its fields, its criticality apart.
    """
    sources = []
    with transaction.atomic():
        _queue(node)
        acts = []
        for line, document in readings:
            difference = compare_sboms(node, [line])
            source = open_source(node, document, len(line.components), actor=actor, now=now)
            assets = write_difference(node, difference, source, now=now)
            detail = {
                "file": document.name,
                "sha256": document.sha256,
                "components": len(line.components),
            }
            acts.append(Act("estate.sbom", "asset", str(assets[line.key].pk), node.pk, detail))
            sources.append(source)
        record_many(acts, actor=actor, now=now)
    return sources


def save_mapping(
    node: Node,
    kind: str,
    name: str,
    columns: MappingType[str, str],
    *,
    actor: str,
    now: dt.datetime,
) -> Mapping:
    """Keep which column means what, under a name, for the next file of this node."""
    with transaction.atomic():
        mapping, _ = Mapping.objects.update_or_create(
            node=node, kind=kind, name=name, defaults={"columns": dict(columns)}
        )
        record(
            Act("estate.mapping", "mapping", str(mapping.pk), node.pk, {"name": name}),
            actor=actor,
            now=now,
        )
    return mapping


def _queue(node: Node) -> None:
    """Wait for another import of the same place: what is compared is what is written."""
    list(Node.objects.select_for_update(no_key=True).filter(pk=node.pk).values_list("pk"))
