from __future__ import annotations

from hygie.domain.surveillance.translating import translate
from hygie.engines.exchange.scans.report import Issue, Scan, Service
from hygie.vocabulary.enums import Severity


def issue(subject: str) -> Issue:
    return Issue("k", subject, "t", Severity.MAJOR)


SCAN = Scan(
    "x",
    hosts={"192.0.2.1": frozenset({443}), "a.example": frozenset({25}), "192.0.2.9": None},
    issues=(issue("192.0.2.1:443"), issue("192.0.2.9"), issue("b.example:80")),
    services=(Service("192.0.2.1:443", "p", ""), Service("192.0.2.9:80", "p", "")),
    names={"192.0.2.1": ("a.example", "alias.example")},
    concluded=frozenset({("192.0.2.1:443", "k"), ("192.0.2.9:80", "k")}),
)


def test_a_machine_takes_the_name_the_estate_knows() -> None:
    found = translate(SCAN, {"a.example"})

    assert [one.subject for one in found.scan.issues] == ["a.example:443"]
    assert [one.subject for one in found.scan.services] == ["a.example:443"]
    assert found.scan.hosts == {"a.example": frozenset({443, 25})}
    assert found.scan.concluded == {("a.example:443", "k")}


def test_what_is_outside_is_counted_host_by_host() -> None:
    assert translate(SCAN, {"a.example"}).outside == {"192.0.2.9": 1, "b.example": 1}


def test_an_address_of_a_network_of_the_estate_is_inside() -> None:
    found = translate(SCAN, {"192.0.2.8/30"}, ["192.0.2.8/30"])

    assert list(found.scan.hosts) == ["192.0.2.9"]
    assert found.outside == {"192.0.2.1": 1, "a.example": 0, "b.example": 1}


def test_a_name_may_become_an_ipv6_address_with_its_brackets() -> None:
    scan = Scan("x", issues=(issue("a.example:443"),), names={"a.example": ("2001:db8::1",)})

    assert translate(scan, {"2001:db8::1"}).scan.issues[0].subject == "[2001:db8::1]:443"
