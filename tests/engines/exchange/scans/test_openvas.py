from __future__ import annotations

import pytest
from tests.engines.exchange.scans.samples import OPENVAS

from hygie.engines.exchange.scans.openvas import parse_openvas
from hygie.vocabulary.enums import Severity

KEY = "1.3.6.1.4.1.25623.1.0.105610"


def test_results_become_issues_guesses_and_logs_are_counted() -> None:
    scan = parse_openvas(OPENVAS, source="x")

    [issue] = scan.issues
    assert (issue.key, issue.subject, issue.severity) == (KEY, "10.0.0.7:22", Severity.MODERATE)
    assert (issue.cves, scan.ignored) == (("CVE-2008-5161",), 2)
    assert scan.names == {"10.0.0.7": ("srv.essai.example",)}


def test_the_same_task_settles_machines_it_finished() -> None:
    scan = parse_openvas(OPENVAS, source="x")

    assert scan.settles("1.2.9", "10.0.0.7:80", "task t-1")
    assert not scan.settles("1.2.9", "10.0.0.7:80", "task t-2")
    assert not scan.settles("1.2.9", "10.0.0.8:80", "task t-1")


@pytest.mark.parametrize(
    ("before", "after"), [(b"levels=hmlg", b"levels=h"), (b"Done", b"Stopped")]
)
def test_a_report_that_hides_something_settles_nothing(before: bytes, after: bytes) -> None:
    scan = parse_openvas(OPENVAS.replace(before, after), source="x")

    assert scan.issues
    assert not scan.settles("1.2.9", "10.0.0.7:80", "task t-1")
