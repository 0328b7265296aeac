from typing import Any

import pytest
from hypothesis import given, settings
from tests.engines.corpus.formats.csaf_documents import PUMP, csaf
from tests.engines.corpus.formats.documents import as_bytes, reads_or_refuses, spoiled

from hygie.engines.corpus.formats.advisory import Advisory
from hygie.engines.corpus.formats.csaf import parse_csaf
from hygie.engines.corpus.records import CorpusFormatError
from hygie.vocabulary.enums import Exploitation

DOCUMENT = csaf(
    PUMP,
    status={"known_affected": ["P-OLD"], "recommended": ["P-NEW"]},
    notes=[{"category": "summary", "text": "A flaw in pumps"}],
    scores=[
        {
            "products": ["P-OLD"],
            "cvss_v3": {
                "baseScore": 9.8,
                "vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
            },
        }
    ],
    remediations=[
        {"category": "vendor_fix", "details": "Update to 2.1", "url": "https://example.org/fix"}
        | {"product_ids": ["P-OLD"]}
    ],
    threats=[{"category": "exploit_status", "details": "Exploited:Yes", "product_ids": ["P-OLD"]}],
)


def _parse(document: dict[str, Any]) -> Advisory:
    return parse_csaf(as_bytes(document), source="acme.json")


def test_an_advisory_keeps_its_dates_and_its_records() -> None:
    advisory = _parse(DOCUMENT)
    assert (advisory.reference, advisory.publisher) == ("ACME-2099-1", "Acme")
    assert (advisory.published, advisory.updated) == ("2099-01-01", "2099-02-01")
    [record] = advisory.records
    assert (record.cve_id, record.description) == ("CVE-2099-0005", "A flaw in pumps")
    assert (record.cvss_score, record.source) == (9.8, "csaf:acme")
    assert record.exploitation is Exploitation.ACTIVE


def test_remedies_name_the_products_they_are_for() -> None:
    fix, threat, recommended = _parse(DOCUMENT).remedies
    assert (fix.category, fix.text, fix.url) == (
        "vendor_fix",
        "Update to 2.1",
        "https://example.org/fix",
    )
    assert fix.identities == ("acme_(ac)/pump",)
    assert threat.category == "exploit_status"
    assert (recommended.category, recommended.text) == ("recommended", "2.1")


def test_csaf_2_1_metrics_and_dates_are_read() -> None:
    document = csaf(
        PUMP,
        status={"known_affected": ["P-OLD"]},
        metrics=[
            {"content": {"cvss_v4": {"baseScore": 9.3, "vectorString": "CVSS:4.0/AV:N"}}},
            {
                "content": {
                    "ssvc_v2": {
                        "selections": [{"namespace": "ssvc", "key": "E", "values": [{"key": "P"}]}]
                    }
                }
            },
        ],
    )
    document["document"]["csaf_version"] = "2.1"
    [record] = _parse(document).records
    assert (record.cvss_score, record.exploitation) == (9.3, Exploitation.POC)
    assert record.epss_probability is None
    document["vulnerabilities"][0]["first_known_exploitation_dates"] = [{"date": "2099-01-01"}]
    assert _parse(document).records[0].exploitation is Exploitation.ACTIVE


def _epss(*scores: tuple[str, str]) -> dict[str, Any]:
    metrics = [
        {"content": {"epss": {"percentile": "0.5", "probability": p, "timestamp": day}}}
        for p, day in scores
    ]
    return csaf(PUMP, status={"known_affected": ["P-OLD"]}, metrics=metrics)


def test_the_latest_epss_that_an_advisory_quotes_is_read() -> None:
    [record] = _parse(
        _epss(("0.25", "2099-02-01T00:00:00Z"), ("0.5", "2099-01-01T00:00:00Z"))
    ).records
    assert record.epss_probability == 0.25


@pytest.mark.parametrize("probability", ["", "2.0", "1", "0,5", "nan"])
def test_an_epss_that_is_no_probability_is_refused(probability: str) -> None:
    with pytest.raises(CorpusFormatError) as caught:
        _parse(_epss((probability, "2099-02-01T00:00:00Z")))
    assert caught.value.place.endswith("epss.probability")


def test_a_vulnerability_without_cve_is_left_out_and_said() -> None:
    document = csaf(PUMP, status={"known_affected": ["P-OLD"]}, cve=None)
    advisory = _parse(document)
    assert advisory.records == ()
    assert advisory.left_out == ("CSAF : vulnérabilité sans identifiant CVE",)


def test_another_version_of_csaf_is_refused() -> None:
    document = csaf(PUMP)
    document["document"]["csaf_version"] = "1.2"
    with pytest.raises(CorpusFormatError) as caught:
        _parse(document)
    assert (caught.value.source, caught.value.place) == ("acme.json", "document.csaf_version")


@given(spoiled(DOCUMENT))
@settings(max_examples=250)
def test_a_spoiled_document_is_read_or_refused(document: bytes) -> None:
    reads_or_refuses(lambda each: parse_csaf(each, source="x"), document)
