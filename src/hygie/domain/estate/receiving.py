"""Read what an establishment sends, a file or the body of a call: an SBOM, an inventory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from hygie.domain.estate.incoming import guess_kind, read_inventory
from hygie.domain.estate.mappings import columns_for, mapping_named
from hygie.domain.territory.models import Kind
from hygie.domain.territory.queries import ancestors

if TYPE_CHECKING:
    from collections.abc import Mapping as Columns

    from hygie.domain.estate.incoming import Incoming
    from hygie.domain.estate.models import Mapping
    from hygie.domain.territory.models import Node
    from hygie.engines.exchange.tabular import Table


def kind_of(
    node: Node, table: Table, *, kind: str = "", mapping: str = ""
) -> tuple[str, Mapping | None]:
    """Return what a table states, and the saved mapping that says it.

    Args:
        node: the establishment.
        table: as it was read.
        kind: one of ``estate.incoming.KINDS``; empty to recognise it by its columns.
        mapping: name of a saved mapping; empty for none.

    Raises:
        UsageError: if the kind cannot be told, or the mapping does not exist.
    """
    if mapping:
        saved = mapping_named(node, mapping, kind=kind)
        return saved.kind, saved
    return kind or guess_kind(table), None


def read_rows(
    node: Node,
    table: Table,
    kind: str,
    *,
    source: str,
    saved: Mapping | None = None,
    chosen: Columns[str, str] | None = None,
) -> tuple[Incoming, dict[str, str]]:
    """Return the assets that a table states about an establishment, and the columns read.

    A row that names another establishment is left aside; its own number and that of its legal
    entity are this one's.

    Raises:
        InputError: if a column that is needed is missing.
    """
    columns = columns_for(kind, table, saved=saved, chosen=dict(chosen or {}))
    entities = ancestors(node, on=timezone.localdate()).filter(kind=Kind.EJ)
    finess = {node.code, *entities.values_list("code", flat=True)}
    return read_inventory(table, kind, columns, source=source, finess=finess), columns
