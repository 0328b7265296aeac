from __future__ import annotations

import pytest

from hygie.engines.exchange.table_csv import parse_csv
from hygie.engines.exchange.table_document import Row, Table, TableFormatError
from hygie.vocabulary.errors import InputError


def parse(document: bytes) -> Table:
    return parse_csv(document, source="x.csv", max_rows=100)


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_the_separator_is_found_outside_quotes(separator: str) -> None:
    table = parse(f'"a;b,c;d,e"{separator}port\n1{separator}2\n'.encode())

    assert table.separator == separator
    assert table.header == ("a;b,c;d,e", "port")


def test_a_spreadsheet_may_state_its_separator() -> None:
    table = parse(b"sep=,\na;b,c\n1,2\n")

    assert table.header == ("a;b", "c")
    assert table.rows == (Row(3, {"a;b": "1", "c": "2"}),)


@pytest.mark.parametrize(
    ("document", "encoding"),
    [
        ("hôpital\né\n".encode(), "utf-8"),
        ("hôpital\né\n".encode("utf-8-sig"), "utf-8-sig"),
        ("hôpital\né\n".encode("cp1252"), "cp1252"),
    ],
)
def test_the_encoding_is_found_and_reported(document: bytes, encoding: str) -> None:
    table = parse(document)

    assert table.encoding == encoding
    assert table.rows == (Row(2, {"hôpital": "é"}),)


def test_quoted_line_ends_stay_in_the_cell_and_lines_stay_right() -> None:
    table = parse(b'\r\nnom;note\r\n"a";"un\r\ndeux ""2"""\r\n\r\nb;c\r\n')

    assert table.rows == (
        Row(3, {"nom": "a", "note": 'un\ndeux "2"'}),
        Row(6, {"nom": "b", "note": "c"}),
    )


@pytest.mark.parametrize(
    ("document", "line"),
    [(b'a;b\n1;2\n"never;closed\n', 3), (b'a;b\n1;"2"x\n', 2), (b"a\n" + b"x" * 200_000, 2)],
)
def test_bad_quotes_and_endless_cells_are_refused_with_their_line(
    document: bytes, line: int
) -> None:
    with pytest.raises(InputError) as raised:
        parse(document)

    assert raised.value.line == line


@pytest.mark.parametrize("document", [b"", b"\n \n;;\n"])
def test_an_empty_table_is_refused(document: bytes) -> None:
    with pytest.raises(TableFormatError, match="vide"):
        parse(document)


def test_a_file_cut_in_its_last_line_is_refused() -> None:
    with pytest.raises(TableFormatError, match=r"ligne 3 : la dernière ligne est coupée"):
        parse(b"a;b\n1;2\n3")
    assert len(parse(b"a;b\n1;2\n3;4").rows) == 2
