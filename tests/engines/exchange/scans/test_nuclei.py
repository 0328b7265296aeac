from __future__ import annotations

import json

import pytest
from tests.engines.exchange.scans.samples import NUCLEI, NUCLEI_EVENTS

from hygie.engines.exchange.scans.nuclei import parse_nuclei
from hygie.vocabulary.enums import Severity
from hygie.vocabulary.errors import InputError


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(NUCLEI, id="lines"),
        pytest.param(json.dumps(NUCLEI_EVENTS).encode(), id="array"),
    ],
)
def test_events_become_issues_and_information_is_counted(document: bytes) -> None:
    scan = parse_nuclei(document, source="x")

    [issue] = scan.issues
    assert (issue.key, issue.subject, issue.place) == (
        "CVE-2023-4966",
        "vpn.essai.example:443",
        "/oauth/idp",
    )
    assert (issue.severity, issue.cves) == (Severity.CRITICAL, ("CVE-2023-4966",))
    assert (scan.ignored, scan.names) == (1, {"vpn.essai.example": ("9.9.9.9",)})


def test_nuclei_settles_nothing_because_it_does_not_say_what_it_tried() -> None:
    scan = parse_nuclei(NUCLEI, source="x")

    assert not scan.settles("CVE-2019-19781", "vpn.essai.example:443")


def test_one_bad_line_refuses_the_whole_and_says_which() -> None:
    with pytest.raises(InputError, match="ligne 3"):
        parse_nuclei(NUCLEI + b"\n{oops", source="x")
