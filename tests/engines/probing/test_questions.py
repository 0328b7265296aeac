from __future__ import annotations

from tests.engines.probing.peers import HOST, MemoryNetwork, run

from hygie.engines.probing.passes import ALL_PROBES, DEEP_ONLY_PROBES, FAST_PROBES
from hygie.engines.probing.ports import DEFAULT_PORTS
from hygie.engines.probing.questions import (
    NAME_PROBES,
    ZONE_PROBES,
    Target,
    kinds_for,
    literal_version,
    ports_for,
)

ZONE = MemoryNetwork({("ch.example", "NS"): ["ns.ch.example"], (HOST, "A"): ["192.0.2.1"]})


def kinds(target: Target, probes: tuple[str, ...] = ALL_PROBES) -> list[str]:
    return run(kinds_for(target, ZONE, probes))  # type: ignore[arg-type]


def test_every_probe_is_about_a_name_or_has_its_ports() -> None:
    assert set(DEFAULT_PORTS) == set(ALL_PROBES) - NAME_PROBES


def test_the_fast_pass_leaves_the_deep_questions() -> None:
    assert kinds(Target("ch.example", deep=False)) == list(FAST_PROBES)
    assert set(kinds(Target("ch.example"))) - set(FAST_PROBES) == set(DEEP_ONLY_PROBES)


def test_a_host_is_not_asked_what_only_a_zone_can_say() -> None:
    assert not set(kinds(Target(HOST))) & ZONE_PROBES


def test_a_named_kind_is_taken_at_its_word() -> None:
    assert kinds(Target(HOST, kinds=("dkim",))) == ["dkim"]
    assert ports_for(Target(HOST, (8443,), ("fhir",)), "fhir") == (8443,)
    assert ports_for(Target(HOST, (8443, 25)), "starttls") == (25,)
    assert ports_for(Target(HOST), "tls-depth") == (443,)


def test_addresses_have_a_version_and_names_none() -> None:
    assert [literal_version(n) for n in ("192.0.2.1", "2001:db8::1", HOST)] == [4, 6, None]
