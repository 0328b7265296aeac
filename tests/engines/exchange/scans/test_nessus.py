from __future__ import annotations

from tests.engines.exchange.scans.samples import NESSUS

from hygie.engines.exchange.scans.nessus import parse_nessus
from hygie.vocabulary.enums import Severity


def test_items_become_issues_and_information_is_counted() -> None:
    scan = parse_nessus(NESSUS, source="x")

    assert [(one.key, one.subject, one.severity) for one in scan.issues] == [
        ("57608", "10.0.0.7:445", Severity.MODERATE),
        ("104743", "10.0.0.8:443", Severity.CRITICAL),
    ]
    assert scan.issues[0].cves == ("CVE-2016-2115",)
    assert scan.names["10.0.0.7"] == ("srv.essai.example",)
    assert scan.ignored == 1


def test_only_plugins_run_on_machines_finished_are_settled() -> None:
    scan = parse_nessus(NESSUS, source="x")

    assert scan.settles("12345", "10.0.0.7:80")
    assert not scan.settles("99999", "10.0.0.7:80")  # not in the plugin set
    assert not scan.settles("12345", "10.0.0.8:80")  # never finished
