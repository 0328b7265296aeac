"""Read tables, CSV or XLSX, as text with line numbers.

Values come out as text and stay text: a FINESS number that starts with 0 or a version such
as 12.10 must not pass through a number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygie.engines.exchange.columns import (
    loose_name,
    require_columns,
    safe_cell,
    suggest_mapping,
)
from hygie.engines.exchange.reading import read_bounded
from hygie.engines.exchange.table_csv import parse_csv
from hygie.engines.exchange.table_document import (
    MAX_TABLE_BYTES,
    Row,
    RowProblem,
    Table,
    TableFormatError,
)
from hygie.engines.exchange.table_xlsx import parse_xlsx

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "MAX_TABLE_BYTES",
    "Row",
    "RowProblem",
    "Table",
    "TableFormatError",
    "loose_name",
    "parse_table",
    "read_table",
    "require_columns",
    "safe_cell",
    "suggest_mapping",
]


def read_table(
    path: Path,
    *,
    sheet: str | None = None,
    max_rows: int = 200_000,
    max_bytes: int = MAX_TABLE_BYTES,
) -> Table:
    """Return the table in a file: CSV (plain, gzip, Zstandard) or XLSX.

    Args:
        path: the file; its content tells the format, not its name.
        sheet: name of the sheet of a workbook, the first one when None.
        max_rows: bound on the rows, header apart.
        max_bytes: bound on the bytes, after decompression.

    Raises:
        TableFormatError: if the content is no table that is read; one line says why.
        TooLargeError: if a bound is passed.
        InputError: if the file cannot be read (``reading.read_bounded``).
    """
    document = read_bounded(path, max_bytes=max_bytes, zip_expected=True)
    return parse_table(document, source=path.name, sheet=sheet, max_rows=max_rows)


def parse_table(
    document: bytes, *, source: str, sheet: str | None = None, max_rows: int = 200_000
) -> Table:
    """Return the table in a document; as ``read_table``."""
    if document.startswith(b"PK\x03\x04"):
        return parse_xlsx(document, source=source, sheet=sheet, max_rows=max_rows)
    return parse_csv(document, source=source, max_rows=max_rows)
