import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.corpus.formats.documents import JSON

from hygie.engines.corpus.formats import json_stream
from hygie.engines.corpus.formats.json_stream import stream_object
from hygie.engines.corpus.records import CorpusFormatError
from hygie.vocabulary.errors import InputError, TooLargeError


def _read(document: bytes, listed: str = "rows") -> list[tuple[str, str, object]]:
    stream = stream_object(io.BytesIO(document), listed=listed, source="x.json")
    return [(key, value.place, value.value) for key, value in stream]


def test_members_come_whole_and_listed_items_one_by_one() -> None:
    assert _read(b'{"a": 1, "rows": [{"n": 1}, {"n": 2}], "z": [3]}') == [
        ("a", "a", 1),
        ("rows", "rows[0]", {"n": 1}),
        ("rows", "rows[1]", {"n": 2}),
        ("z", "z", [3]),
    ]


def test_an_empty_object_and_an_empty_list_yield_nothing() -> None:
    assert _read(b"{}") == []
    assert _read(b'\xef\xbb\xbf{"rows": []}') == []


def test_items_that_pass_the_window_are_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "_CHUNK_BYTES", 3)
    rows = [{"text": "é" * n, "n": 10**n} for n in range(12)]
    document = json.dumps({"rows": rows}, ensure_ascii=False).encode()
    assert [value for _, _, value in _read(document)] == rows


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b'{"rows": [1, 2', id="cut in the list"),
        pytest.param(b'{"rows": [1, 2]', id="cut after the list"),
        pytest.param(b'{"rows": [1 2]}', id="no comma"),
        pytest.param(b'{"rows": [1]} {}', id="text after the end"),
        pytest.param(b'{"rows": ["\xff"]}', id="not UTF-8"),
        pytest.param(b'{"rows": ["\\udc00"]}', id="half a character"),
        pytest.param(b'{"rows": [' + b"[" * 100_000, id="too deep"),
        pytest.param(b"{1: 2}", id="a number as name"),
    ],
)
def test_a_document_that_is_not_whole_is_refused(document: bytes) -> None:
    with pytest.raises(CorpusFormatError):
        _read(document)


def test_one_endless_item_is_refused_early(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "MAX_ITEM_CHARS", 1000)
    stream = io.BytesIO(b'{"rows": ["' + b"a" * 10_000_000)
    with pytest.raises(TooLargeError):
        list(stream_object(stream, listed="rows", source="x"))
    assert stream.tell() < 2_000_000


@given(st.lists(JSON, max_size=5))
@settings(max_examples=50)
def test_what_json_writes_is_read_back(rows: list[object]) -> None:
    document = json.dumps({"rows": rows}).encode()
    if b"\\ud" in document:
        return
    assert [value for _, _, value in _read(document)] == rows


@given(st.binary(max_size=120))
@settings(max_examples=150)
def test_any_bytes_give_members_or_an_input_error(document: bytes) -> None:
    try:
        _read(document)
    except InputError:
        return
