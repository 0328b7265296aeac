"""Read one sheet of an XLSX workbook as text.

A workbook is a ZIP of XML files. Before openpyxl sees it, the sizes in its directory are
added up and every part is decompressed once under that bound, which also checks its sum;
what could run code or reach out (macros, external links) is refused.

Source: ECMA-376 (Office Open XML), PKWARE APPNOTE 4.4.4 (bit 0: encrypted).
"""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
import zipfile
import zlib
from typing import TYPE_CHECKING, Any, Final

import openpyxl

from hygie.engines.exchange.table_document import TableFormatError, TableOrigin, assemble
from hygie.vocabulary.errors import HygieError, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygie.engines.exchange.table_document import Table

MAX_PARTS: Final = 2_000
MAX_UNPACKED_BYTES: Final = 256 << 20
MAX_SHEET_ROWS: Final = 1_048_576

_DECIMALS: Final = re.compile(r"(?:#,##)?0\.(0+)")
_FORBIDDEN_PARTS: Final = {
    "vbaproject.bin": "le classeur contient des macros ; enregistrez-le en .xlsx sans macro",
    "xl/externallinks/": "le classeur contient des liens vers d’autres fichiers ; "
    "rompez les liaisons (Données, Modifier les liens) et enregistrez",
}


def parse_xlsx(document: bytes, *, source: str, sheet: str | None, max_rows: int) -> Table:
    """Return the table in a sheet of a workbook, the first sheet when none is named.

    Formulas give the value last computed. Dates are ISO 8601, whole numbers have no decimal
    point, other numbers keep the decimals of their cell's format, booleans read ``oui`` and
    ``non``.

    Raises:
        TableFormatError: if it is not a workbook, is encrypted, holds macros or external
            links, lacks the sheet, or as ``assemble``.
        TooLargeError: past MAX_PARTS, MAX_UNPACKED_BYTES, or as ``assemble``.
    """
    _check_parts(document, source=source)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # styles and extensions that openpyxl leaves out
        try:
            return _read_sheet(document, source=source, sheet=sheet, max_rows=max_rows)
        except HygieError:
            raise
        except Exception as error:  # openpyxl raises whatever its XML meets
            raise TableFormatError(
                "classeur illisible ; ouvrez-le et enregistrez-le de nouveau en .xlsx",
                source=source,
            ) from error


def _read_sheet(document: bytes, *, source: str, sheet: str | None, max_rows: int) -> Table:
    workbook = openpyxl.load_workbook(
        io.BytesIO(document), read_only=True, data_only=True, keep_links=False
    )
    try:
        names = [worksheet.title for worksheet in workbook.worksheets]
        name = sheet or (names[0] if names else "")
        if name not in names:
            raise TableFormatError(
                f"pas de feuille «\u00a0{name[:60]}\u00a0» ; "
                f"feuilles présentes : {', '.join(names)[:300]}",
                source=source,
            )
        worksheet = workbook[name]
        worksheet.reset_dimensions()  # the stated size may be wrong
        origin = TableOrigin(source=source, encoding="xlsx", sheet=name)
        return assemble(_records(worksheet, source), origin=origin, max_rows=max_rows)
    finally:
        workbook.close()


def _records(worksheet: Any, source: str) -> Iterator[tuple[int, list[str]]]:  # noqa: ANN401 - openpyxl does not export the type of a read-only sheet
    for number, cells in enumerate(worksheet.iter_rows(), start=1):
        if number > MAX_SHEET_ROWS:
            raise TooLargeError(f"plus de {MAX_SHEET_ROWS} lignes", source=source)
        yield number, [_text(cell) for cell in cells]


def _text(cell: Any) -> str:  # noqa: ANN401 - EmptyCell or ReadOnlyCell
    match cell.value:
        case None:
            return ""
        case bool() as value:
            return "oui" if value else "non"
        case float() as value:
            return _number_text(value, cell.number_format)
        case dt.datetime() as value if value.time() == dt.time.min:
            return value.date().isoformat()
        case dt.date() | dt.time() as value:  # a datetime is a date
            return value.isoformat()
        case value:
            return str(value)


def _number_text(value: float, number_format: str) -> str:
    """Return a number as shown: a version typed 12.10 stays 12.10 when its format says so."""
    decimals = _DECIMALS.fullmatch(number_format or "")
    if decimals:
        return f"{value:.{len(decimals.group(1))}f}"
    return str(int(value)) if value.is_integer() else repr(value)


def _check_parts(document: bytes, *, source: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(document)) as archive:
            _check_directory(archive.infolist(), source=source)
            for info in archive.infolist():
                _check_part(archive, info)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise TableFormatError(
            "classeur abîmé ou tronqué ; téléchargez-le ou enregistrez-le de nouveau",
            source=source,
        ) from error
    except (ValueError, RuntimeError, IndexError, UnicodeError) as error:
        raise TableFormatError("classeur illisible", source=source) from error


def _check_directory(parts: list[zipfile.ZipInfo], *, source: str) -> None:
    names = [part.filename.lower() for part in parts]
    if "xl/workbook.xml" not in names:
        raise TableFormatError(
            "cette archive n’est pas un classeur .xlsx ; enregistrez en .xlsx ou en .csv",
            source=source,
        )
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise TooLargeError(
            f"classeur de plus de {MAX_UNPACKED_BYTES >> 20} Mio une fois décompressé ; "
            "découpez-le",
            source=source,
        )
    if any(part.flag_bits & 1 for part in parts):
        raise TableFormatError("classeur chiffré ; enregistrez-le sans mot de passe", source=source)
    for name in names:
        for forbidden, message in _FORBIDDEN_PARTS.items():
            if name.startswith(forbidden) or name.endswith(f"/{forbidden}"):
                raise TableFormatError(message, source=source)


def _check_part(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    """Decompress a part in small steps; more bytes than announced fail its checksum."""
    with archive.open(info) as part:
        while part.read(1 << 16):
            pass
