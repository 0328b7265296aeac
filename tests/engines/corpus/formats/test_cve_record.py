import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.corpus.formats.documents import as_bytes, reads_or_refuses, spoiled

from hygie.engines.corpus.formats.cve_record import parse_cve_record, read_cve_record_lines
from hygie.engines.corpus.records import CorpusFormatError, CveRecord, Span
from hygie.vocabulary.enums import Exploitation, TechnicalImpact

CNA: dict[str, Any] = {
    "providerMetadata": {"shortName": "acme", "dateUpdated": "2099-02-01T00:00:00Z"},
    "descriptions": [{"lang": "en", "value": "A flaw in the pump"}],
    "affected": [
        {
            "vendor": "Acme",
            "product": "Pump",
            "defaultStatus": "unaffected",
            "versions": [
                {"version": "1.0", "lessThan": "2.1", "status": "affected", "versionType": "custom"}
            ],
        }
    ],
    "metrics": [{"cvssV3_1": {"baseScore": 9.8, "vectorString": "CVSS:3.1/C:H/I:H/A:H"}}],
}
CISA: dict[str, Any] = {
    "title": "CISA ADP Vulnrichment",
    "providerMetadata": {"shortName": "CISA-ADP", "dateUpdated": "2099-03-01T00:00:00Z"},
    "affected": [
        {
            "vendor": "acme",
            "product": "pump",
            "cpes": ["cpe:2.3:o:acme:pump:*:*:*:*:*:*:*:*"],
            "defaultStatus": "unknown",
            "versions": [{"version": "0", "lessThan": "3.0", "status": "affected"}],
        }
    ],
    "metrics": [
        {
            "other": {
                "type": "ssvc",
                "content": {
                    "options": [
                        {"Exploitation": "active"},
                        {"Automatable": "yes"},
                        {"Technical Impact": "total"},
                    ]
                },
            }
        },
        {"other": {"type": "kev", "content": {"dateAdded": "2099-02-15"}}},
    ],
    "cpeApplicability": [
        {
            "nodes": [
                {
                    "operator": "OR",
                    "cpeMatch": [
                        {
                            "vulnerable": True,
                            "criteria": "cpe:2.3:a:acme:gateway:*:*:*:*:*:*:*:*",
                            "versionEndIncluding": "4",
                        }
                    ],
                }
            ]
        }
    ],
}
RECORD: dict[str, Any] = {
    "dataType": "CVE_RECORD",
    "dataVersion": "5.1",
    "cveMetadata": {
        "cveId": "CVE-2099-0003",
        "state": "PUBLISHED",
        "datePublished": "2099-01-01T00:00:00Z",
        "dateUpdated": "2099-03-02T00:00:00Z",
    },
    "containers": {"cna": CNA, "adp": [CISA]},
}


def _parse(document: object) -> CveRecord:
    return parse_cve_record(as_bytes(document), source="CVE-2099-0003.json")


def test_each_container_speaks_in_its_name_and_date() -> None:
    record = _parse(RECORD)
    said = [(s.identity, s.source, s.dated, s.spans) for s in record.statements]
    assert said == [
        ("acme/pump", "cna", "2099-02-01", (Span(start="1.0", end="2.1"),)),
        ("acme/gateway", "cisa-adp", "2099-03-01", (Span(end="4", end_closed=True),)),
        ("acme/pump", "cisa-adp", "2099-03-01", (Span(end="3.0"),)),
    ]


def test_cisa_gives_ssvc_and_kev() -> None:
    record = _parse(RECORD)
    assert record.exploitation is Exploitation.ACTIVE
    assert record.technical_impact is TechnicalImpact.TOTAL
    assert record.kev_added_on == dt.date(2099, 2, 15)
    assert record.source == "cna+cisa-adp"


def test_another_adp_speaks_in_its_own_name() -> None:
    adp = {"providerMetadata": {"shortName": "Acme Org"}, "affected": CNA["affected"]}
    record = _parse(RECORD | {"containers": {"cna": CNA, "adp": [adp]}})
    assert [s.source for s in record.statements] == ["cna", "adp:acme_org"]


def test_a_rejected_record_states_nothing() -> None:
    cna = {"rejectedReasons": [{"lang": "en", "value": "Not a flaw"}]}
    meta = RECORD["cveMetadata"] | {"state": "REJECTED"}
    record = _parse(RECORD | {"cveMetadata": meta, "containers": {"cna": cna}})
    assert (record.rejected, record.description, record.statements) == (True, "Not a flaw", ())


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        pytest.param({"dataVersion": "4.0"}, "dataVersion", id="CVE 4"),
        pytest.param(
            {"cveMetadata": {"cveId": "x", "state": "PUBLISHED"}}, "cveMetadata.cveId", id="id"
        ),
        pytest.param(
            {"containers": {"cna": {"affected": 3}}}, "containers.cna.affected", id="affected"
        ),
        pytest.param(
            {"containers": {"cna": CNA | {"affected": [{"versions": [{"status": []}]}]}}},
            "containers.cna.affected[0].versions[0].status",
            id="status",
        ),
    ],
)
def test_a_malformed_record_names_its_place(spoil: dict[str, Any], place: str) -> None:
    with pytest.raises(CorpusFormatError) as caught:
        _parse(RECORD | spoil)
    assert caught.value.place == place


def test_lines_are_documents() -> None:
    line = as_bytes(RECORD).decode()
    [record] = read_cve_record_lines([(1, line), (2, " ")], source="all.jsonl")
    assert record.cve_id == "CVE-2099-0003"
    with pytest.raises(CorpusFormatError) as caught:
        list(read_cve_record_lines([(1, line), (2, "{}")], source="all.jsonl"))
    assert caught.value.line == 2


@given(st.data())
@settings(max_examples=200)
def test_a_spoiled_record_is_read_or_refused(data: st.DataObject) -> None:
    document = data.draw(spoiled(RECORD))
    reads_or_refuses(lambda each: parse_cve_record(each, source="x"), document)
