from __future__ import annotations

import json

from tests.engines.exchange.scans.samples import real

from hygie.engines.exchange.scans.testssl import parse_testssl
from hygie.vocabulary.enums import Severity

HERE = "127.0.0.1:18443"


def test_what_testssl_itself_wrote_flat_is_read() -> None:
    scan = parse_testssl(real("testssl-flat.json"), source="x")

    found = {issue.key: issue.severity for issue in scan.issues}
    assert found["cert_chain_of_trust"] == Severity.CRITICAL
    assert {issue.subject for issue in scan.issues} == {HERE}
    assert scan.settles("TLS1", HERE)  # looked at, and fine
    assert not scan.settles("heartbleed", HERE)  # not asked in this run


def test_what_testssl_itself_wrote_pretty_is_read() -> None:
    scan = parse_testssl(real("testssl-pretty.json"), source="x")

    assert (scan.version, list(scan.hosts)) == ("3.0.8", ["127.0.0.1"])
    assert scan.settles("heartbleed", HERE)
    assert [(issue.key, issue.cves) for issue in scan.issues] == [("LUCKY13", ("CVE-2013-0169",))]


def test_a_check_that_did_not_conclude_settles_nothing() -> None:
    line = {"id": "SSLv2", "ip": "a.essai.example/9.9.9.9", "port": "443", "severity": "WARN",
            "finding": "not tested"}  # fmt: skip
    scan = parse_testssl(json.dumps([line]).encode(), source="x")

    assert (scan.ignored, scan.settles("SSLv2", "a.essai.example:443")) == (1, False)
