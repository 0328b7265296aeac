"""Which column of a table holds which field: suggested, saved, corrected by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygie.domain.estate.models import Mapping
from hygie.engines.exchange.estate import ESTATE_COLUMNS, suggest_columns
from hygie.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping as MappingType

    from hygie.domain.territory.models import Node
    from hygie.engines.exchange.tabular import Table


def mapping_named(node: Node, name: str, *, kind: str = "") -> Mapping:
    """Return the mapping that a place saved under a name.

    Raises:
        UsageError: if there is none, or one for several kinds and ``kind`` does not choose.
    """
    saved = Mapping.objects.filter(node=node)
    found = list(saved.filter(name=name, **({"kind": kind} if kind else {}))[:2])
    if len(found) > 1:
        kinds = ", ".join(sorted(mapping.kind for mapping in found))
        raise UsageError(
            f"«\u00a0{name}\u00a0» vaut pour plusieurs natures : dites laquelle ({kinds})"
        )
    if not found:
        names = ", ".join(sorted(set(saved.values_list("name", flat=True)))) or "aucune"
        raise UsageError(
            f"pas de correspondance «\u00a0{name}\u00a0» pour cet établissement ; "
            f"enregistrées : {names}"
        )
    return found[0]


def columns_for(
    kind: str, table: Table, *, saved: Mapping | None, chosen: MappingType[str, str]
) -> dict[str, str]:
    """Return the column of each field: the saved ones, else those suggested, then ``chosen``.

    Args:
        kind: kind of inventory.
        table: the table.
        saved: a mapping kept from an earlier file.
        chosen: columns given by hand; an empty column takes the field away.

    Raises:
        UsageError: if ``chosen`` names a field that this kind does not have.
    """
    fields = ESTATE_COLUMNS[kind]
    if unknown := sorted(chosen.keys() - fields.keys()):
        raise UsageError(
            f"champ inconnu : {', '.join(unknown)} ; champs de {kind} : {', '.join(fields)}"
        )
    columns = dict(saved.columns) if saved else suggest_columns(kind, table)
    taken = {column for column in chosen.values() if column}
    kept = {field: column for field, column in columns.items() if column not in taken}
    return {field: column for field, column in (kept | dict(chosen)).items() if column}
