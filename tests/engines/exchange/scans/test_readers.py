"""What holds for every format: whatever the bytes, a report or one French line, within bounds."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.exchange.scans.samples import ALL

from hygie.engines.exchange.scans.readers import NAMES, READERS
from hygie.engines.exchange.scans.report import Scan
from hygie.vocabulary.errors import InputError

FORMATS = sorted(READERS)


def read(name: str, document: bytes) -> Scan | None:
    try:
        return READERS[name](document, source="rapport")
    except InputError as error:
        line = str(error)
    assert line.startswith("rapport")
    assert "\n" not in line
    return None


def test_every_format_has_its_name_and_its_sample() -> None:
    assert set(NAMES) == set(READERS) == set(ALL)


@pytest.mark.parametrize("name", FORMATS)
def test_a_report_of_one_tool_is_no_other_s(name: str) -> None:
    assert read(name, ALL[name]) is not None
    for other in FORMATS:
        if other != name:
            assert read(other, ALL[name]) is None, other


@pytest.mark.parametrize("name", FORMATS)
@given(document=st.binary(max_size=400))
def test_any_bytes_are_a_report_or_one_line(name: str, document: bytes) -> None:
    read(name, document)


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=60)
@given(data=st.data())
def test_a_damaged_report_is_a_report_or_one_line(name: str, data: st.DataObject) -> None:
    whole = ALL[name]
    at = data.draw(st.integers(0, len(whole) - 1))
    length = data.draw(st.integers(0, 40))
    patch = data.draw(st.binary(max_size=40))
    found = read(name, whole[:at] + patch + whole[at + length :])

    for issue in found.issues if found else ():
        assert len(issue.key) <= 60
        assert len(issue.title) <= 300
        assert issue.title.isprintable()


@pytest.mark.parametrize("name", [name for name in FORMATS if ALL[name].lstrip()[:1] == b"<"])
def test_entities_are_refused(name: str) -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE nmaprun [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    body = ALL[name].partition(b"?>")[2] if ALL[name].startswith(b"<?xml") else ALL[name]
    body = body.replace(b"<!DOCTYPE nmaprun>", b"")

    assert read(name, bomb + body) is None
    assert read(name, bomb.replace(b'"aaaa"', b'SYSTEM "file:///etc/passwd"') + body) is None


@pytest.mark.parametrize("name", FORMATS)
def test_nesting_is_bounded(name: str) -> None:
    assert read(name, b"[" * 5000 + b"]" * 5000) is None
    assert read(name, b"<a>" * 5000 + b"</a>" * 5000) is None


def test_readers_take_plain_bytes_only() -> None:
    assert read("nmap", gzip.compress(ALL["nmap"])) is None
