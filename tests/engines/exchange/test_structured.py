from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygie.engines.exchange.structured import parse_json_bounded, parse_xml_bounded
from hygie.vocabulary.errors import InputError, TooLargeError


@pytest.mark.parametrize("depth", [65, 5000, 200_000])
def test_deep_json_is_refused_with_its_place(depth: int) -> None:
    document = b'{"a":\n' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}"

    with pytest.raises(TooLargeError, match=r"x, ligne 2 : .* 64 niveaux \(colonne 64\)"):
        parse_json_bounded(document, source="x")


def test_json_as_deep_as_allowed_is_read() -> None:
    assert parse_json_bounded(b"[" * 64 + b"]" * 64, source="x")
    assert parse_json_bounded(b'"\\ud83d\\ude00"', source="x") == "😀"


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(b"{", id="cut"),
        pytest.param(b"[NaN]", id="NaN"),
        pytest.param(b"9" * 5000, id="huge number"),
        pytest.param(b'["\\ud800"]', id="half surrogate"),
        pytest.param(b"", id="empty"),
    ],
)
def test_what_is_not_json_is_refused(document: bytes) -> None:
    with pytest.raises(InputError, match="JSON illisible"):
        parse_json_bounded(document, source="x")


def test_plain_xml_is_read() -> None:
    assert parse_xml_bounded(b"<a><b>c</b></a>", source="x")[0].text == "c"


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "DOCTYPE"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "DOCTYPE"),
        (b"<a>" * 65 + b"</a>" * 65, "imbriqués"),
        (b"<a>" * 100_000, "imbriqués"),
        (b"<a><b></a>", "ligne 1 : XML illisible"),
        (b"", "illisible"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "XML"),
    ],
)
def test_dangerous_or_broken_xml_is_refused(document: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse_xml_bounded(document, source="x")


def test_too_many_xml_elements_are_refused() -> None:
    with pytest.raises(TooLargeError):
        parse_xml_bounded(b"<a><b/><b/><b/></a>", source="x", max_elements=3)


@given(
    st.binary(max_size=200)
    | st.recursive(st.text() | st.integers() | st.none(), st.lists).map(
        lambda value: json.dumps(value).encode()
    )
)
def test_any_json_bytes_are_read_or_refused(document: bytes) -> None:
    with suppress(InputError):
        parse_json_bounded(document, source="x")


@given(st.binary(max_size=200) | st.text("<>a/&;!?'\"= \n").map(str.encode))
def test_any_xml_bytes_are_read_or_refused(document: bytes) -> None:
    with suppress(InputError):
        parse_xml_bounded(document, source="x")
