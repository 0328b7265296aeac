from __future__ import annotations

import pytest

from hygie.engines.exchange.scans.report import Scan, subject_of


def test_a_report_without_reach_settles_nothing() -> None:
    assert not Scan("x").settles("k", "a.example:443", "s")


@pytest.mark.parametrize(
    ("subject", "settled"),
    [
        ("a.example:443", True),
        ("a.example", True),
        ("a.example:80", False),
        ("b.example:443", False),
    ],
)
def test_hosts_and_ports_looked_at(subject: str, *, settled: bool) -> None:
    scan = Scan("x", hosts={"a.example": frozenset({443})}, checks=frozenset({"k"}))

    assert scan.settles("k", subject) is settled


def test_subjects_of_ipv6_bear_brackets() -> None:
    assert subject_of("2001:db8::1", 443) == "[2001:db8::1]:443"
    assert Scan("x", hosts={"2001:db8::1": None}, scope="s").settles("k", "[2001:db8::1]:443", "s")
