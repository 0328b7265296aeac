import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygie.engines.corpus.formats import json_places
from hygie.engines.corpus.formats.json_places import Json, is_cve_id, load_json
from hygie.engines.corpus.records import CorpusFormatError
from hygie.vocabulary.errors import InputError, TooLargeError


def test_a_refusal_names_the_place() -> None:
    root = load_json(b'{"a": [{"b": 3}]}', source="x.json")
    [item] = root.each("a")
    with pytest.raises(CorpusFormatError) as caught:
        item.text("b")
    assert caught.value.place == "a[0].b"


def test_a_missing_member_and_a_null_one_are_the_same() -> None:
    root = load_json(b'{"a": null}', source="x.json")
    assert (root.text("a"), root.text("b")) == ("", "")
    assert list(root.each("a")) == []
    assert not root.has("a")


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b'{"a": NaN}', id="not a number"),
        pytest.param(b'{"a": "\\ud800"}', id="half a character"),
        pytest.param(b"[" * 100_000, id="too deep"),
        pytest.param(b'{"a": "\xff"}', id="not UTF-8"),
    ],
)
def test_what_is_not_sound_json_is_refused(document: bytes) -> None:
    with pytest.raises(CorpusFormatError):
        load_json(document, source="x.json")


def test_a_document_beyond_the_bound_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_places, "MAX_DOCUMENT_BYTES", 10)
    with pytest.raises(TooLargeError):
        load_json(b'{"a": "0123456789"}', source="x.json")


def test_a_cve_number_that_the_corpus_cannot_hold_is_refused() -> None:
    assert is_cve_id("CVE-2024-123456")
    assert not is_cve_id("CVE-2024-1234567890123456")
    with pytest.raises(CorpusFormatError):
        Json({"id": "CVE-2024-1234567890123456"}).cve_id("id")


@given(st.binary(max_size=200))
@settings(max_examples=100)
def test_any_bytes_give_an_object_or_an_input_error(document: bytes) -> None:
    try:
        load_json(document, source="x").members()
    except InputError:
        return
