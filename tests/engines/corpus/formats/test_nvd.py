import datetime as dt
import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.corpus.formats.documents import as_bytes, reads_or_refuses, spoiled

from hygie.engines.corpus.formats.nvd import read_nvd, read_nvd_1_1
from hygie.engines.corpus.records import CorpusFormatError, CveRecord, Span
from hygie.vocabulary.enums import Exploitation, TechnicalImpact

CVE: dict[str, Any] = {
    "id": "CVE-2099-0001",
    "published": "2099-01-02T03:04:05.000",
    "lastModified": "2099-02-03T03:04:05.000",
    "vulnStatus": "Analyzed",
    "cisaExploitAdd": "2099-01-05",
    "descriptions": [{"lang": "es", "value": "Fallo"}, {"lang": "en", "value": "A flaw"}],
    "metrics": {
        "cvssMetricV31": [
            {
                "type": "Secondary",
                "cvssData": {"baseScore": 5.0, "vectorString": "CVSS:3.1/AV:L"},
            },
            {
                "type": "Primary",
                "cvssData": {
                    "baseScore": 9.8,
                    "vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
                },
            },
        ],
        "cvssMetricV2": [
            {"type": "Primary", "cvssData": {"baseScore": 7.5, "vectorString": "AV:N"}}
        ],
    },
    "configurations": [
        {
            "operator": "AND",
            "nodes": [
                {
                    "operator": "OR",
                    "negate": False,
                    "cpeMatch": [
                        {
                            "vulnerable": True,
                            "criteria": "cpe:2.3:o:acme:pump_firmware:*:*:*:*:*:*:*:*",
                            "versionStartIncluding": "1.0",
                            "versionEndExcluding": "2.1",
                        }
                    ],
                },
                {
                    "operator": "OR",
                    "cpeMatch": [
                        {"vulnerable": False, "criteria": "cpe:2.3:h:acme:pump:-:*:*:*:*:*:*:*"}
                    ],
                },
            ],
        }
    ],
}
FEED: dict[str, Any] = {
    "format": "NVD_CVE",
    "version": "2.0",
    "vulnerabilities": [{"cve": CVE}],
}
ITEM_1_1: dict[str, Any] = {
    "cve": {
        "CVE_data_meta": {"ID": "CVE-2099-0002"},
        "description": {"description_data": [{"lang": "en", "value": "An old flaw"}]},
    },
    "configurations": {
        "nodes": [
            {
                "operator": "AND",
                "children": [
                    {
                        "operator": "OR",
                        "cpe_match": [
                            {
                                "vulnerable": True,
                                "cpe23Uri": "cpe:2.3:a:acme:pacs:1.4:*:*:*:*:*:*:*",
                            }
                        ],
                    },
                    {
                        "operator": "OR",
                        "cpe_match": [
                            {"vulnerable": False, "cpe23Uri": "cpe:2.3:o:acme:os:-:*:*:*:*:*:*:*"}
                        ],
                    },
                ],
            }
        ]
    },
    "impact": {"baseMetricV3": {"cvssV3": {"baseScore": 8.8, "vectorString": "CVSS:3.0/AV:A"}}},
    "publishedDate": "2099-03-04T05:06Z",
    "lastModifiedDate": "2099-04-05T05:06Z",
}
FEED_1_1: dict[str, Any] = {"CVE_data_type": "CVE", "CVE_Items": [ITEM_1_1]}


def _read(document: object) -> list[CveRecord]:
    return list(read_nvd(io.BytesIO(as_bytes(document)), source="nvd.json"))


def _read_1_1(document: object) -> list[CveRecord]:
    return list(read_nvd_1_1(io.BytesIO(as_bytes(document)), source="nvd.json"))


def test_a_2_0_record_keeps_its_facts() -> None:
    [record] = _read(FEED)
    assert (record.cve_id, record.description) == ("CVE-2099-0001", "A flaw")
    assert (record.cvss_score, record.as_of) == (9.8, "2099-02-03")
    assert record.kev_added_on == dt.date(2099, 1, 5)
    assert record.published_on == dt.date(2099, 1, 2)


def test_a_2_0_configuration_joins_its_nodes() -> None:
    [record] = _read(FEED)
    [statement] = record.statements
    assert statement.identity == "acme/pump_firmware"
    assert statement.spans == (Span(start="1.0", end="2.1"),)
    assert statement.condition[0].criteria[0].identity == "acme/pump"
    assert (statement.source, statement.dated) == ("nvd", "2099-02-03")


def test_a_1_1_record_gives_the_same() -> None:
    [record] = _read_1_1(FEED_1_1)
    [statement] = record.statements
    assert (record.cve_id, record.cvss_score) == ("CVE-2099-0002", 8.8)
    assert statement.spans == (Span(exact="1.4", any_update=True),)
    assert statement.condition[0].criteria[0].identity == "acme/os"
    assert statement.dated == "2099-04-05"


def test_a_rejected_record_states_nothing() -> None:
    [record] = _read(FEED | {"vulnerabilities": [{"cve": CVE | {"vulnStatus": "Rejected"}}]})
    assert record.rejected
    assert record.statements == ()
    texts = {"description_data": [{"lang": "en", "value": "** REJECT ** no"}]}
    item = ITEM_1_1 | {"cve": ITEM_1_1["cve"] | {"description": texts}}
    [record] = _read_1_1({"CVE_Items": [item]})
    assert record.rejected


def test_a_malformed_record_names_its_place() -> None:
    bad = CVE | {"id": "CVE-1"}
    with pytest.raises(CorpusFormatError) as caught:
        _read(FEED | {"vulnerabilities": [{"cve": CVE}, {"cve": bad}]})
    assert (caught.value.source, caught.value.place) == ("nvd.json", "vulnerabilities[1].cve.id")


@pytest.mark.parametrize("listed", [[], None, {}, "x"])
def test_a_feed_without_records_is_no_good_news(listed: object) -> None:
    with pytest.raises(CorpusFormatError):
        _read(FEED | {"vulnerabilities": listed})


@given(st.data())
@settings(max_examples=150)
def test_a_spoiled_feed_gives_records_or_an_input_error(data: st.DataObject) -> None:
    reads_or_refuses(
        lambda document: list(read_nvd(io.BytesIO(document), source="x")), data.draw(spoiled(FEED))
    )
    reads_or_refuses(
        lambda document: list(read_nvd_1_1(io.BytesIO(document), source="x")),
        data.draw(spoiled(FEED_1_1)),
    )


def test_cisa_decisions_are_read_where_nvd_repeats_them() -> None:
    options = [{"exploitation": "active"}, {"automatable": "yes"}, {"technicalImpact": "partial"}]
    ssvc = [{"source": "cisa", "ssvcData": {"options": options, "version": "2.0.3"}}]
    cve = CVE | {"metrics": CVE["metrics"] | {"ssvcV203": ssvc}}
    [record] = _read(FEED | {"vulnerabilities": [{"cve": cve}]})
    assert record.exploitation is Exploitation.ACTIVE
    assert record.technical_impact is TechnicalImpact.PARTIAL
