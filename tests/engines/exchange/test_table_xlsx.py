from __future__ import annotations

import datetime as dt
import io
import zipfile

import openpyxl
import pytest
from tests.engines.exchange.workbooks import with_parts, workbook

from hygie.engines.exchange import table_xlsx
from hygie.engines.exchange.table_document import Row, Table
from hygie.engines.exchange.table_xlsx import parse_xlsx
from hygie.vocabulary.errors import InputError, TooLargeError

PLAIN = workbook([["nom"], ["serveur"]])
SHEET = "xl/worksheets/sheet1.xml"


def parse(document: bytes, *, sheet: str | None = None) -> Table:
    return parse_xlsx(document, source="x.xlsx", sheet=sheet, max_rows=100)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3, "3"),
        (3.0, "3"),
        (2.5, "2.5"),
        (True, "oui"),
        (dt.date(2026, 1, 2), "2026-01-02"),
        (dt.datetime(2026, 1, 2), "2026-01-02"),  # noqa: DTZ001 - a sheet has no zone
        (dt.datetime(2026, 1, 2, 3, 4), "2026-01-02T03:04:00"),  # noqa: DTZ001 - a sheet has no zone
        (dt.time(3, 4), "03:04:00"),
        ("010000024", "010000024"),
        (None, ""),
    ],
)
def test_values_become_stable_text(value: object, text: str) -> None:
    [row] = parse(workbook([["a", "b"], [value, "x"]])).rows

    assert row.cells["a"] == text


def test_a_number_keeps_the_decimals_it_shows() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet["A1"], sheet["A2"] = "version", 12.1
    sheet["A2"].number_format = "0.00"
    buffer = io.BytesIO()
    book.save(buffer)

    assert parse(buffer.getvalue()).rows == (Row(2, {"version": "12.10"}),)


def test_the_sheet_is_chosen_by_name() -> None:
    assert parse(PLAIN, sheet="Inventaire").sheet == "Inventaire"
    with pytest.raises(InputError, match="feuilles présentes : Inventaire"):
        parse(PLAIN, sheet="Autre")


@pytest.mark.parametrize(
    ("document", "message"),
    [
        pytest.param(with_parts(PLAIN, {"xl/vbaProject.bin": b"x"}), "macros", id="macro"),
        pytest.param(
            with_parts(PLAIN, {"xl/externalLinks/externalLink1.xml": b"x"}), "liens", id="link"
        ),
        pytest.param(with_parts(PLAIN, {SHEET: b"<a>"}), "illisible", id="broken XML"),
        pytest.param(
            with_parts(PLAIN, {SHEET: b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
            "illisible",
            id="entity",
        ),
        pytest.param(PLAIN[:-30], "tronqué", id="cut"),
        pytest.param(b"PK\x03\x04", "tronqué", id="only a mark"),
    ],
)
def test_a_workbook_that_is_unsafe_or_broken_is_refused(document: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse(document)


def test_a_zip_of_something_else_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("lisez-moi.txt", "bonjour")

    with pytest.raises(InputError, match=r"pas un classeur \.xlsx"):
        parse(buffer.getvalue())


def test_an_encrypted_part_is_refused() -> None:
    document = bytearray(PLAIN)
    document[document.find(b"PK\x01\x02") + 8] |= 1

    with pytest.raises(InputError, match="mot de passe"):
        parse(bytes(document))


def test_a_bomb_is_refused_by_its_directory() -> None:
    document = with_parts(PLAIN, {"xl/media/a.bin": bytes(table_xlsx.MAX_UNPACKED_BYTES)})

    with pytest.raises(TooLargeError, match="256 Mio"):
        parse(document)


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    document = bytearray(with_parts(PLAIN, {"xl/media/a.bin": bytes(5_000_000)}))
    for header, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = document.rfind(header) + offset
        document[start : start + 4] = (100).to_bytes(4, "little")

    with pytest.raises(InputError, match="abîmé"):
        parse(bytes(document))


def test_too_many_parts_are_refused() -> None:
    parts = {f"xl/media/{number}": b"" for number in range(table_xlsx.MAX_PARTS)}

    with pytest.raises(TooLargeError):
        parse(with_parts(PLAIN, parts))


def test_a_row_number_out_of_any_sheet_ends_the_reading() -> None:
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as archive:
        sheet = archive.read(SHEET).replace(b'r="2"', b'r="999999999999"')

    with pytest.raises(TooLargeError, match="1048576"):
        parse(with_parts(PLAIN, {SHEET: sheet}))
