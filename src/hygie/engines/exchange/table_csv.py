"""Read comma-separated values as spreadsheets write them.

Source: RFC 4180, and what French spreadsheets do besides: ``;`` between cells, Windows-1252,
a byte order mark, a first line ``sep=;``.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Final

from hygie.engines.exchange.reading import decode_text, detect_encoding
from hygie.engines.exchange.table_document import TableFormatError, TableOrigin, assemble

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hygie.engines.exchange.table_document import Table

_SEPARATORS: Final = (";", ",", "\t")


def parse_csv(document: bytes, *, source: str, max_rows: int) -> Table:
    """Return the table in a CSV document.

    The separator is the one that stands most often, outside quotes, in the first line that
    is not blank; a table of one column needs none.

    Raises:
        TableFormatError: if a quote is misplaced or never closed, if the last line is cut, or
            as ``assemble``.
        TooLargeError: as ``assemble``.
        InputError: if the bytes are neither UTF-8 nor Windows-1252.
    """
    encoding = detect_encoding(document, source=source, allow_cp1252=True)
    text = decode_text(document, source=source, allow_cp1252=True)
    lines = _lines(text)
    separator, start = _separator(lines)
    origin = TableOrigin(source=source, encoding=encoding, separator=separator)
    records = _records(lines, separator=separator, start=start, source=source)
    if text and not text.endswith(("\n", "\r")):
        records = _refuse_cut(records, source=source)
    return assemble(records, origin=origin, max_rows=max_rows)


def _lines(text: str) -> list[str]:
    r"""Split at ``\n`` and ``\r`` only: a line separator U+2028 may stand inside a cell."""
    return [f"{line}\n" for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]


def _separator(lines: Sequence[str]) -> tuple[str, int]:
    """Return the separator and the index of the first line that counts."""
    for index, line in enumerate(lines):
        stripped = line.strip()
        if stripped.lower().startswith("sep=") and stripped[4:] in _SEPARATORS:
            return stripped[4:], index + 1
        if stripped:
            outside_quotes = "".join(line.split('"')[::2])
            return max(_SEPARATORS, key=outside_quotes.count), index
    return ";", 0


def _records(
    lines: Sequence[str], *, separator: str, start: int, source: str
) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(lines[start:], delimiter=separator, strict=True)
    line = start + 1
    try:
        for record in reader:
            yield line, record
            line = start + reader.line_num + 1
    except csv.Error as error:
        raise TableFormatError(
            "guillemet mal placé, jamais refermé, ou cellule démesurée", source=source, line=line
        ) from error


def _refuse_cut(
    records: Iterator[tuple[int, list[str]]], *, source: str
) -> Iterator[tuple[int, list[str]]]:
    """Pass records on, and refuse a last one shorter than the first: the file was cut there."""
    first: list[str] = []
    line, last = 0, first
    for line, last in records:
        first = first or last
        yield line, last
    if len(last) < len(first):
        raise TableFormatError(
            "la dernière ligne est coupée ; copiez ou téléchargez le fichier de nouveau",
            source=source,
            line=line,
        )
