from __future__ import annotations

import json

from tests.engines.exchange.scans.samples import real

from hygie.engines.exchange.scans.sslyze import parse_sslyze
from hygie.vocabulary.enums import Severity

HERE = "127.0.0.1:18443"


def document() -> dict[str, object]:
    value: dict[str, object] = json.loads(real("sslyze.json"))
    return value


def test_what_sslyze_itself_wrote_is_read() -> None:
    scan = parse_sslyze(real("sslyze.json"), source="x")

    assert (scan.version, scan.hosts) == ("6.3.1", {"127.0.0.1": frozenset({18443})})
    assert [(issue.key, issue.severity) for issue in scan.issues] == [
        ("certificate_info", Severity.MAJOR)
    ]
    assert scan.settles("tls_1_0_cipher_suites", HERE)


def test_facts_that_are_bad_become_issues() -> None:
    value = document()
    results = value["server_scan_results"][0]["scan_result"]  # type: ignore[index]
    results["tls_1_0_cipher_suites"]["result"]["accepted_cipher_suites"] = [
        {"cipher_suite": {"name": "TLS_RSA_WITH_AES_128_CBC_SHA"}}
    ]
    results["robot"]["result"]["robot_result"] = "VULNERABLE_STRONG_ORACLE"
    scan = parse_sslyze(json.dumps(value).encode(), source="x")

    found = {issue.key: issue for issue in scan.issues}
    assert found["tls_1_0_cipher_suites"].facts["value"] == "TLS_RSA_WITH_AES_128_CBC_SHA"
    assert found["robot"].cves == ("CVE-2017-13099",)


def test_a_command_that_failed_settles_nothing() -> None:
    value = document()
    results = value["server_scan_results"][0]["scan_result"]  # type: ignore[index]
    results["heartbleed"]["status"] = "ERROR"
    scan = parse_sslyze(json.dumps(value).encode(), source="x")

    assert not scan.settles("heartbleed", HERE)


def test_a_server_that_was_not_reached_is_no_host() -> None:
    value = document()
    value["server_scan_results"][0]["scan_result"] = None  # type: ignore[index]

    assert parse_sslyze(json.dumps(value).encode(), source="x").hosts == {}
