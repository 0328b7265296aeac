from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygie.referentials.reading import (
    MAX_BYTES,
    Document,
    as_of,
    load_folder,
    ordered,
    parse_document,
    version_of,
)
from hygie.referentials.section import ReferentialError
from hygie.vocabulary.errors import InputError

HEADER = """
id: essai
version: "1"
valid_from: 2026-01-01
valid_to: 2026-06-30
title: "Essai"
authored: Hygie
source: {title: "Nous", url: "", confidence: C}
"""


def document(**changes: str) -> Document:
    text = HEADER
    for key, value in changes.items():
        before = next(line for line in HEADER.splitlines() if line.startswith(key))
        text = text.replace(before, f"{key}: {value}")
    return parse_document(text.encode(), name="essai.yaml")


def test_a_document_states_who_when_and_how_sure() -> None:
    read = document()

    assert (read.id, read.version, read.valid_to) == ("essai", "1", dt.date(2026, 6, 30))
    assert not read.confirmed
    assert not read.regulatory


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"- a\n- b", id="a list"),
        pytest.param(b"\xff\xfe\x00", id="not UTF-8"),
        pytest.param(b"id: [", id="broken"),
        pytest.param(b"id: 2026-99-99", id="impossible date"),
        pytest.param(b"? [a]\n: 1", id="unhashable key"),
        pytest.param(b"a: !!python/object/apply:os.system ['true']", id="code"),
        pytest.param(HEADER.encode() + b"version: '2'", id="a key twice"),
        pytest.param(b"a: &x [1]\nb: *x", id="alias"),
        pytest.param(b"[" * 5_000, id="deep"),
        pytest.param(b"[" + b"1," * 200_000 + b"]", id="long"),
        pytest.param(b"x" * (MAX_BYTES + 1), id="large"),
        pytest.param(HEADER.replace("confidence: C", "confidence: Z").encode(), id="confidence"),
        pytest.param(HEADER.replace("2026-06-30", "2025-06-30").encode(), id="ends too soon"),
        pytest.param(HEADER.replace('title: "Essai"', "").encode(), id="no title"),
    ],
)
def test_anything_else_is_refused_in_one_line_that_names_the_file(text: bytes) -> None:
    with pytest.raises(InputError) as caught:
        parse_document(text, name="essai.yaml")

    assert str(caught.value).startswith("essai.yaml")
    assert "\n" not in str(caught.value)


def test_a_yaml_error_names_its_line() -> None:
    with pytest.raises(ReferentialError) as caught:
        parse_document(b"a: 1\nb: [", name="essai.yaml")

    assert caught.value.line is not None


@given(
    st.binary(max_size=300) | st.text(alphabet="ab:-[]{}&*!? \n\"'#1", max_size=80).map(str.encode)
)
def test_any_bytes_are_read_or_refused(text: bytes) -> None:
    try:
        parse_document(HEADER.encode() + text, name="essai.yaml")
    except InputError:
        return


def test_the_version_in_force_is_the_one_of_the_day() -> None:
    first, second = document(), document(version='"2"', valid_from="2026-07-01", valid_to="null")
    known = ordered([second, first])

    assert as_of(known, "essai", on=dt.date(2026, 6, 30)) is first
    assert as_of(known, "essai", on=dt.date(2030, 1, 1)) is second
    assert version_of(known, "essai", "1") is first


def test_a_day_or_a_version_that_does_not_exist_is_said() -> None:
    known = ordered([document()])

    with pytest.raises(ReferentialError, match="31/12/2025"):
        as_of(known, "essai", on=dt.date(2025, 12, 31))
    with pytest.raises(ReferentialError, match="version 9"):
        version_of(known, "essai", "9")


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"version": '"2"', "valid_from": "2026-06-30", "valid_to": "null"}, id="day"),
        pytest.param({"valid_from": "2026-07-01", "valid_to": "null"}, id="same version"),
    ],
)
def test_two_versions_never_overlap(changes: dict[str, str]) -> None:
    with pytest.raises(ReferentialError, match="chevauchent"):
        ordered([document(), document(**changes)])


def test_the_packaged_policies_are_whole_and_say_they_bind_nobody() -> None:
    policies = load_folder("policies")

    assert {policy.id for policy in policies} == {
        "hygie.declarations",
        "hygie.decision",
        "hygie.exposure",
    }
    assert not any(policy.regulatory for policy in policies)


def test_a_folder_that_does_not_exist_is_said() -> None:
    with pytest.raises(ReferentialError, match="ailleurs"):
        load_folder("ailleurs")
