from __future__ import annotations

import json

import pytest
from tests.engines.exchange.scans.samples import SHODAN, SHODAN_BANNERS

from hygie.engines.exchange.scans.shodan import parse_shodan
from hygie.vocabulary.enums import Severity

HOST = {"ip_str": "9.9.9.9", "ports": [443, 25], "data": SHODAN_BANNERS}


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(SHODAN, id="download"),
        pytest.param(json.dumps(SHODAN_BANNERS).encode(), id="array"),
        pytest.param(json.dumps(HOST).encode(), id="host"),
        pytest.param(json.dumps({"matches": SHODAN_BANNERS, "total": 2}).encode(), id="search"),
    ],
)
def test_banners_become_services_and_vulnerabilities(document: bytes) -> None:
    scan = parse_shodan(document, source="x")

    [issue] = scan.issues
    assert (issue.key, issue.subject, issue.severity) == (
        "CVE-2023-4966",
        "9.9.9.9:443",
        Severity.CRITICAL,
    )
    assert issue.facts["verified"] is False
    [service] = scan.services
    assert (service.product, service.version) == ("citrix/netscaler_gateway", "13.1-48.47")
    assert scan.hosts == {"9.9.9.9": frozenset({443, 25})}


def test_shodan_settles_nothing() -> None:
    assert not parse_shodan(SHODAN, source="x").settles("CVE-2019-19781", "9.9.9.9:443", "shodan")
