"""Inventories that `hygie match` reads: an SBOM, or a table of software, devices, applications."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hygie.cli.console import _
from hygie.engines.exchange.estate import (
    ESTATE_COLUMNS,
    REQUIRED_FIELDS,
    read_applications,
    read_devices,
    read_software,
    suggest_columns,
)
from hygie.engines.exchange.reading import read_bounded
from hygie.engines.exchange.sbom import parse_sbom
from hygie.engines.exchange.tabular import TableFormatError, parse_table
from hygie.vocabulary.facts import Component

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from hygie.engines.exchange.tabular import Table

INVENTORY_MAX_BYTES: Final = 256 * 1024 * 1024

_TAG_VALUE: Final = re.compile(rb"^\s*(?:#.*\s+)*SPDXVersion:", re.MULTILINE)
_HEAD_BYTES: Final = 10_000
_READERS: Final[Mapping[str, Callable[..., Any]]] = {
    "devices": read_devices,
    "software": read_software,
    "applications": read_applications,
}
"""The kinds of table that name products, the one that asks for most columns first."""


def read_inventory(path: Path) -> tuple[list[Component], tuple[str, ...]]:
    """Return the components of a file, and one line for each row left out.

    Raises:
        InputError: if it is neither an SBOM nor a table whose columns name products.
    """
    document = read_bounded(path, max_bytes=INVENTORY_MAX_BYTES, zip_expected=True)
    start = document.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if start in (b"{", b"<") or _TAG_VALUE.search(document[:_HEAD_BYTES]):
        return list(parse_sbom(document, source=path.name).components), ()
    return _of_table(parse_table(document, source=path.name), path.name)


def _of_table(table: Table, source: str) -> tuple[list[Component], tuple[str, ...]]:
    for kind, read in _READERS.items():
        mapping = suggest_columns(kind, table)
        if all(field in mapping for field in REQUIRED_FIELDS[kind]):
            reading = read(table, mapping, source=source)
            problems = tuple(
                _("ligne {line} : {problem}").format(line=each.line, problem=each.message)
                for each in reading.problems
            )
            return [_component(kind, record) for record in reading.records], problems
    names = ESTATE_COLUMNS["software"]["product"]
    raise TableFormatError(
        _(
            "aucune colonne ne nomme de produit ; nommez-en une « {product} », ou « fabricant » et "
            "« modèle » pour des équipements (colonnes trouvées : {found})"
        ).format(product=names[0], found=", ".join(table.header)[:200]),
        source=source,
    )


def _component(kind: str, record: Any) -> Component:  # noqa: ANN401 - one of three records
    if kind == "devices":
        return Component(record.model, record.firmware, vendor=record.manufacturer)
    if kind == "applications":
        return Component(record.name, record.version, vendor=record.vendor)
    return Component(
        record.product,
        record.version,
        purl=record.purl,
        cpe=record.cpe,
        vendor=record.vendor,
    )
