from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from tests.engines.corpus.formats.documents import as_bytes, reads_or_refuses, spoiled

from hygie.engines.corpus.formats.advisory import Advisory
from hygie.engines.corpus.formats.cyclonedx_vex import LEFT_OUT, parse_cyclonedx_vex
from hygie.engines.corpus.records import CorpusFormatError, Span

BOM: dict[str, Any] = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.5",
    "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
    "version": 2,
    "metadata": {
        "timestamp": "2099-01-01T00:00:00Z",
        "supplier": {"name": "Acme"},
        "component": {"name": "Pump", "version": "2.0", "publisher": "Acme", "bom-ref": "pump"},
    },
    "components": [
        {
            "name": "lib",
            "version": "1.0",
            "purl": "pkg:npm/lib@1.0",
            "bom-ref": "lib",
            "components": [{"name": "inner", "bom-ref": "inner"}],
        }
    ],
    "vulnerabilities": [
        {
            "id": "CVE-2099-0010",
            "analysis": {"state": "not_affected", "justification": "code_not_present"},
            "affects": [{"ref": "pump"}, {"ref": "lib"}],
        }
    ],
}


def _parse(vulnerability: dict[str, Any], others: Sequence[bytes] = ()) -> Advisory:
    document = BOM | {"vulnerabilities": [{"id": "CVE-2099-0010", **vulnerability}]}
    return parse_cyclonedx_vex(as_bytes(document), source="vex.json", others=others)


def test_an_analysis_speaks_of_the_components_it_affects() -> None:
    [record] = parse_cyclonedx_vex(as_bytes(BOM), source="vex.json").records
    pump, lib = record.statements
    assert (pump.identity, pump.not_spans) == ("acme/pump", (Span(exact="2.0"),))
    assert (lib.identity, lib.vex_status) == ("pkg:npm/lib", "not_affected")
    assert (lib.reason, lib.dated, lib.source) == ("code_not_present", "2099-01-01", "vex:acme")


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("exploitable", "affected"),
        ("in_triage", "under_investigation"),
        ("resolved", "fixed"),
        ("false_positive", "not_affected"),
    ],
)
def test_each_state_has_its_status(state: str, status: str) -> None:
    [record] = _parse({"analysis": {"state": state}, "affects": [{"ref": "pump"}]}).records
    assert [s.vex_status for s in record.statements] == [status]


def test_without_analysis_an_affected_component_is_affected() -> None:
    [record] = _parse({"affects": [{"ref": "inner"}]}).records
    assert [(s.identity, s.vex_status) for s in record.statements] == [("inner/inner", "affected")]


def test_versions_have_their_own_status() -> None:
    versions = [
        {"range": "vers:generic/>=2.9|<=4.1", "status": "affected"},
        {"version": "5.0", "status": "unaffected"},
        {"version": "6.0", "status": "unknown"},
    ]
    vulnerability = {
        "analysis": {"state": "resolved"},
        "affects": [{"ref": "pump", "versions": versions}],
    }
    [record] = _parse(vulnerability).records
    assert [(s.vex_status, s.spans or s.not_spans) for s in record.statements[:2]] == [
        ("affected", (Span(start="2.9", end="4.1", end_closed=True),)),
        ("fixed", (Span(exact="5.0"),)),
    ]
    assert record.statements[2].spans[0].note


def test_a_link_to_another_document_is_followed_where_it_is_given() -> None:
    serial = "3e671687-395b-41f5-a30f-a58921a69b79"
    vulnerability = {"affects": [{"ref": f"urn:cdx:{serial}/2#pump"}]}
    assert _parse(vulnerability).left_out == (LEFT_OUT,)
    [record] = _parse(vulnerability, others=[as_bytes(BOM)]).records
    assert [s.identity for s in record.statements] == ["acme/pump"]


def test_a_link_that_holds_a_purl_needs_no_other_document() -> None:
    [record] = _parse({"affects": [{"ref": "urn:cdx:x/1#pkg:npm/far@3.0?type=jar"}]}).records
    assert [(s.identity, s.spans) for s in record.statements] == [
        ("pkg:npm/far", (Span(exact="3.0"),))
    ]


def test_another_document_is_refused() -> None:
    with pytest.raises(CorpusFormatError):
        parse_cyclonedx_vex(b'{"bomFormat": "SPDX"}', source="x.json")


@given(spoiled(BOM))
@settings(max_examples=150)
def test_a_spoiled_document_is_read_or_refused(document: bytes) -> None:
    reads_or_refuses(lambda each: parse_cyclonedx_vex(each, source="x", others=[each]), document)
