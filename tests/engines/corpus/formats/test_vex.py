from typing import Any

import pytest
from hypothesis import given, settings
from tests.engines.corpus.formats.documents import as_bytes, reads_or_refuses, spoiled

from hygie.engines.corpus.formats.advisory import Advisory
from hygie.engines.corpus.formats.vex import parse_openvex
from hygie.engines.corpus.records import CorpusFormatError, Span

VEX: dict[str, Any] = {
    "@context": "https://openvex.dev/ns/v0.2.0",
    "@id": "https://example.org/vex/1",
    "author": "Acme",
    "timestamp": "2099-01-01T00:00:00Z",
    "version": 1,
    "statements": [
        {
            "vulnerability": {"name": "CVE-2099-0008"},
            "timestamp": "2099-01-02T00:00:00Z",
            "products": [
                {
                    "@id": "pkg:oci/pump@2.0",
                    "identifiers": {"cpe23": "cpe:2.3:o:acme:pump:2.0:*:*:*:*:*:*:*"},
                    "subcomponents": [{"@id": "pkg:npm/lib@1.0"}],
                }
            ],
            "status": "not_affected",
            "justification": "vulnerable_code_not_present",
            "impact_statement": "Removed.",
        },
        {
            "vulnerability": "CVE-2099-0009",
            "products": ["pkg:oci/pump@2.0", "acme-bed"],
            "status": "affected",
        },
    ],
}


def _parse(**changes: object) -> Advisory:
    return parse_openvex(as_bytes(VEX | changes), source="vex.json")


def test_a_maker_says_why_it_is_not_affected() -> None:
    record = _parse().records[0]
    assert (record.cve_id, record.as_of) == ("CVE-2099-0008", "2099-01-02")
    assert [s.identity for s in record.statements] == ["pkg:oci/pump", "acme/pump", "pkg:npm/lib"]
    assert {s.reason for s in record.statements} == {"vulnerable_code_not_present : Removed."}
    assert all(s.spans == () and s.vex_status == "not_affected" for s in record.statements)


def test_a_subcomponent_is_spoken_of_inside_its_product_only() -> None:
    inside = _parse().records[0].statements[2]
    [clause] = inside.condition
    assert [criterion.identity for criterion in clause.criteria] == ["pkg:oci/pump", "acme/pump"]


def test_a_product_without_identifier_is_left_out_and_said() -> None:
    advisory = _parse()
    assert [s.spans for s in advisory.records[1].statements] == [(Span(exact="2.0"),)]
    assert advisory.left_out == ("VEX : produit sans purl ni CPE",)


@pytest.mark.parametrize(
    "changes", [{"@context": "x"}, {"statements": [{"status": "perhaps"}]}, {"statements": 3}]
)
def test_another_document_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(CorpusFormatError):
        _parse(**changes)


@given(spoiled(VEX))
@settings(max_examples=150)
def test_a_spoiled_document_is_read_or_refused(document: bytes) -> None:
    reads_or_refuses(lambda each: parse_openvex(each, source="x"), document)
