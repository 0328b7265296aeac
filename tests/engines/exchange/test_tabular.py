from __future__ import annotations

import gzip
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines.exchange.workbooks import workbook

from hygie.engines.exchange.tabular import Row, parse_table, read_table
from hygie.vocabulary.errors import InputError, TooLargeError

if TYPE_CHECKING:
    from pathlib import Path


def test_csv_and_xlsx_give_the_same_rows(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(gzip.compress(b"nom;port\nserveur;443\n"))
    (tmp_path / "b.bin").write_bytes(workbook([["nom", "port"], ["serveur", 443]]))

    rows = [read_table(tmp_path / name).rows for name in ("a.csv", "b.bin")]

    assert rows[0] == rows[1] == (Row(2, {"nom": "serveur", "port": "443"}),)


def test_the_bounds_are_arguments(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"nom\na\nb\n")

    with pytest.raises(TooLargeError):
        read_table(path, max_bytes=5)
    with pytest.raises(TooLargeError, match="plus de 1 lignes"):
        read_table(path, max_rows=1)


@given(
    st.binary(max_size=200)
    | st.binary(max_size=200).map(lambda tail: b"PK\x03\x04" + tail)
    | st.text('a;,"\n\t\r é=', max_size=80).map(str.encode)
)
def test_any_bytes_are_a_table_or_refused(document: bytes) -> None:
    with suppress(InputError):
        table = parse_table(document, source="x", max_rows=50)
        assert all(tuple(row.cells) == table.header for row in table.rows)


@given(position=st.integers(0, 4000), byte=st.integers(0, 255))
def test_a_damaged_workbook_is_read_or_refused(position: int, byte: int) -> None:
    document = bytearray(workbook([["nom", "port"], ["serveur", 443]]))
    document[position % len(document)] = byte

    with suppress(InputError):
        parse_table(bytes(document), source="x", max_rows=50)
