from __future__ import annotations

import contextlib
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.veille.publications import bulletin
from tests.domain.veille.vex_documents import csaf

from hygie.domain.veille.advisory_reading import of_jump, of_kev, read_arrivals
from hygie.engines.corpus.kev import KevEntry
from hygie.vocabulary.errors import HygieError, InputError

DAY = dt.date(2099, 1, 2)


def test_a_bulletin_says_what_it_is_about() -> None:
    document = bulletin("CERTFR-2099-ALE-001", "CVE-2099-0001", closed_at="2099-02-01")

    [found] = read_arrivals(document, name="b.json") or ()

    assert (found.kind, found.reference) == ("certfr-alert", "CERTFR-2099-ALE-001")
    assert (found.published_on, found.closed_on) == (DAY, dt.date(2099, 2, 1))
    assert found.cve_ids == ("CVE-2099-0001",)
    assert found.content["products"] == [
        {"vendor": "Acme", "text": "Essai versions antérieures à 2.1", "identity": "acme/essai"}
    ]


def test_a_vendor_advisory_says_what_it_is_about() -> None:
    [found] = read_arrivals(csaf("cpe:2.3:a:acme:pacs:2.1:*:*:*:*:*:*:*"), name="c.json") or ()

    assert (found.kind, found.reference, found.publisher) == ("csaf", "ACME-2026-1", "Acme Santé")
    assert found.cve_ids == ("CVE-2099-0001",)


def test_the_same_words_have_the_same_hash_and_others_another() -> None:
    [one] = read_arrivals(bulletin(), name="a") or ()
    [same] = read_arrivals(bulletin(), name="b") or ()
    [other] = read_arrivals(bulletin(title="Autre"), name="a") or ()

    assert one.sha256 == same.sha256 != other.sha256


def test_what_is_not_of_the_stream_is_none() -> None:
    assert read_arrivals(b'{"bomFormat": "CycloneDX", "specVersion": "1.5"}', name="x") is None


def test_a_malformed_bulletin_is_refused_whole() -> None:
    with pytest.raises(InputError, match="CVE"):
        read_arrivals(bulletin("CERTFR-2099-AVI-0001", "CVE-XX"), name="b.json")


def test_an_exploited_flaw_and_a_jump_are_of_the_stream_too() -> None:
    entry = KevEntry("CVE-2099-0001", DAY, None, "Acme", "Essai", "x")

    assert of_kev(entry, name="").reference == "KEV CVE-2099-0001"
    jump = of_jump("CVE-2099-0001", 0.05, 0.8, on=DAY)
    assert (jump.reference, jump.content["after"]) == ("EPSS CVE-2099-0001 2099-01-02", 0.8)


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(document: bytes) -> None:
    with contextlib.suppress(HygieError):
        assert read_arrivals(document, name="x") is None
