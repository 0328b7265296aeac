from __future__ import annotations

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.realdata import shared

from hygie.engines.corpus.kev import parse_kev
from hygie.engines.corpus.records import CorpusFormatError

ENTRY = {
    "cveID": "CVE-2023-0001",
    "vendorProject": "Acme",
    "product": "Box",
    "dateAdded": "2023-10-18",
    "shortDescription": "A flaw.",
    "knownRansomwareCampaignUse": "Known",
}


def catalogue(*entries: object) -> bytes:
    return json.dumps({"dateReleased": "2026-01-29T20:24:37Z", "vulnerabilities": entries}).encode()


def test_an_entry_is_typed() -> None:
    dated, [entry] = parse_kev(catalogue(ENTRY), source="kev.json")

    assert dated == "2026-01-29"
    assert entry.added_on == dt.date(2023, 10, 18)
    assert entry.ransomware is True


def test_unknown_ransomware_use_is_not_no() -> None:
    _, [entry] = parse_kev(
        catalogue(ENTRY | {"knownRansomwareCampaignUse": "Unknown"}), source="kev.json"
    )

    assert entry.ransomware is None


@pytest.mark.parametrize(
    "document",
    [
        b"<html>maintenance</html>",
        b"[]",
        b"{}",
        b"\xff",
        catalogue(ENTRY, ENTRY | {"dateAdded": "soon"}),
        catalogue({}),
        catalogue(3),
        catalogue(ENTRY | {"product": 3}),
        catalogue(ENTRY | {"knownRansomwareCampaignUse": 3}),
        catalogue(ENTRY | {"cveID": "x"}),
    ],
)
def test_anything_else_is_refused_whole(document: bytes) -> None:
    with pytest.raises(CorpusFormatError):
        parse_kev(document, source="kev.json")


@given(st.binary(max_size=80))
def test_any_bytes_are_refused(document: bytes) -> None:
    with pytest.raises(CorpusFormatError):
        parse_kev(document, source="kev.json")


def test_the_real_catalogue_is_read() -> None:
    path = shared("kev/known_exploited_vulnerabilities.json")

    dated, entries = parse_kev(path.read_bytes(), source=path.name)

    assert len(entries) > 1000
    assert dated.startswith("20")
