from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.corpus.formats.documents import as_bytes, reads_or_refuses, spoiled

from hygie.engines.corpus.formats.advisory import Advisory
from hygie.engines.corpus.formats.osv import ORDER_NOTE, parse_osv, read_osv_lines
from hygie.engines.corpus.records import CorpusFormatError, Span

OSV: dict[str, Any] = {
    "schema_version": "1.6.7",
    "id": "PYSEC-2099-1",
    "modified": "2099-02-01T00:00:00Z",
    "published": "2099-01-01T00:00:00Z",
    "aliases": ["CVE-2099-0004", "GHSA-xxxx-yyyy-zzzz"],
    "summary": "A flaw",
    "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "Acme_Lib"},
            "ranges": [
                {
                    "type": "ECOSYSTEM",
                    "events": [{"introduced": "0"}, {"fixed": "1.2"}, {"introduced": "2.0"}],
                },
                {"type": "GIT", "repo": "https://example.org/r", "events": [{"introduced": "0"}]},
            ],
            "versions": ["1.1.post1"],
        }
    ],
}


def _parse(**changes: object) -> Advisory:
    return parse_osv(as_bytes(OSV | changes), source="osv.json")


def _spans(*events: dict[str, str], kind: str = "SEMVER") -> tuple[Span, ...]:
    affected = {
        "package": {"ecosystem": "npm", "name": "acme"},
        "ranges": [{"type": kind, "events": list(events)}],
    }
    [record] = _parse(affected=[affected]).records
    return record.statements[0].spans


def test_versions_and_ranges_are_joined() -> None:
    [record] = _parse().records
    [statement] = record.statements
    assert (statement.identity, statement.scheme) == ("pkg:pypi/acme-lib", "pypi")
    assert statement.spans == (Span(exact="1.1.post1"), Span(end="1.2"), Span(start="2.0"))
    assert (statement.dated, statement.document) == ("2099-02-01", "PYSEC-2099-1")
    assert record.cvss_score == 9.8


@pytest.mark.parametrize(
    ("events", "spans"),
    [
        (
            [{"introduced": "1"}, {"last_affected": "2"}],
            (Span(start="1", end="2", end_closed=True),),
        ),
        ([{"introduced": "1"}, {"limit": "2"}], (Span(start="1", end="2"),)),
        ([{"introduced": "1"}, {"limit": "*"}], (Span(start="1"),)),
        (
            [{"introduced": "1"}, {"introduced": "2"}, {"fixed": "3"}],
            (Span(start="1", note=ORDER_NOTE), Span(start="2", end="3")),
        ),
    ],
)
def test_events_open_and_close(events: list[dict[str, str]], spans: tuple[Span, ...]) -> None:
    assert _spans(*events) == spans


def test_commits_alone_are_unknown() -> None:
    [span] = _spans({"introduced": "0"}, kind="GIT")
    assert "commit" in span.note


def test_a_fix_of_one_release_of_a_distribution_decides_nothing_alone() -> None:
    affected = {
        "package": {"ecosystem": "Debian:12", "name": "openssl"},
        "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "3.0.11-1"}]}],
    }
    [record] = _parse(affected=[affected]).records
    [statement] = record.statements
    assert statement.identity == "pkg:deb/debian/openssl"
    assert statement.spans == (Span(end="3.0.11-1", note="correctif propre à Debian 12"),)


def test_a_withdrawn_advisory_states_nothing_and_says_when() -> None:
    advisory = _parse(withdrawn="2099-05-01T00:00:00Z")
    assert (advisory.records, advisory.closed) == ((), "2099-05-01")
    assert advisory.left_out == ("avis OSV retirés (2099)",)


def test_an_advisory_without_cve_says_so() -> None:
    advisory = _parse(aliases=[])
    assert advisory.records == ()
    assert "avis OSV sans identifiant CVE" in advisory.left_out


def test_an_upstream_cve_counts_as_an_alias() -> None:
    assert [r.cve_id for r in _parse(aliases=[], upstream=["CVE-2099-9999"]).records] == [
        "CVE-2099-9999"
    ]


def test_a_maven_name_becomes_a_group_and_an_artifact() -> None:
    affected = {"package": {"ecosystem": "Maven", "name": "org.acme:lib"}, "versions": ["1"]}
    [record] = _parse(affected=[affected]).records
    assert record.statements[0].identity == "pkg:maven/org.acme/lib"


def test_a_malformed_line_refuses_the_file() -> None:
    lines = [(1, as_bytes(OSV).decode()), (2, '{"id": 3}')]
    with pytest.raises(CorpusFormatError) as caught:
        list(read_osv_lines(lines, source="all.jsonl"))
    assert (caught.value.line, caught.value.place) == (2, "id")


@given(spoiled(OSV))
@settings(max_examples=150)
def test_a_spoiled_document_is_read_or_refused(document: bytes) -> None:
    reads_or_refuses(lambda each: parse_osv(each, source="x"), document)


@given(st.binary(max_size=80))
@settings(max_examples=30)
def test_any_bytes_are_read_or_refused(document: bytes) -> None:
    reads_or_refuses(lambda each: parse_osv(each, source="x"), document)
