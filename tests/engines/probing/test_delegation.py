from __future__ import annotations

from contextlib import suppress
from typing import Any

import dns.message
import dns.rrset
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines.probing.peers import NOW, MemoryNetwork, run

from hygie.engines.probing import delegation
from hygie.engines.probing.delegation import read_referral
from hygie.engines.probing.dnswire import DnsAnswer
from hygie.engines.probing.errors import ProtocolError, UnresolvedError

RECORDS = {
    ("ch.example", "NS"): ["ns1.ch.example", "ns2.hote.example"],
    ("example", "NS"): ["ns.registre.example"],
    ("ns1.ch.example", "A"): ["192.0.2.1"],
    ("ns2.hote.example", "AAAA"): ["2001:db8::2"],
}


def referral(*servers: str, section: str = "authority") -> bytes:
    message = dns.message.make_response(dns.message.make_query("ch.example", "NS"))
    rrset = dns.rrset.from_text("ch.example.", 60, "IN", "NS", *[f"{s}." for s in servers])
    getattr(message, section).append(rrset)
    return message.to_wire()


def held(serial: int) -> DnsAnswer:
    return DnsAnswer("NOERROR", (f"ns. dns. {serial} 2 3 4 5",), authoritative=True)


def network() -> MemoryNetwork:
    made = MemoryNetwork(RECORDS)
    made.at_servers = {
        ("ns1.ch.example", "SOA"): held(7),
        ("ns2.hote.example", "SOA"): held(7),
        ("ns.registre.example", "NS"): DnsAnswer(
            "NOERROR", wire=referral("ns2.hote.example", "ns1.ch.example")
        ),
    }
    return made


def value(made: MemoryNetwork) -> dict[str, Any]:
    return dict(run(delegation.observe("ch.example", made, now=NOW)).value)  # type: ignore[arg-type]


def test_a_parent_and_a_zone_that_name_the_same_servers_agree() -> None:
    seen = run(delegation.observe("ch.example", network(), now=NOW))  # type: ignore[arg-type]

    assert seen.value == {
        "parent": "example",
        "parent_servers": ["ns1.ch.example", "ns2.hote.example"],
        "child_servers": ["ns1.ch.example", "ns2.hote.example"],
        "agree": True,
        "lame": [],
        "unanswered": [],
        "missing": [],
        "serials_agree": True,
        "ipv6": True,
    }
    assert list(read_referral(seen.evidence, "ch.example")) == seen.value["parent_servers"]


def test_another_list_at_the_parent_is_a_disagreement() -> None:
    made = network()
    made.at_servers["ns.registre.example", "NS"] = DnsAnswer(
        "NOERROR", wire=referral("ancien.example", section="answer")
    )

    assert value(made)["agree"] is False
    assert value(made)["parent_servers"] == ["ancien.example"]


def test_what_the_mandate_keeps_us_from_asking_is_not_known() -> None:
    made = network()
    made.at_servers = {}

    seen = value(made)

    assert (seen["parent_servers"], seen["agree"], seen["serials_agree"]) == (None, None, None)
    assert seen["unanswered"] == ["ns1.ch.example", "ns2.hote.example"]
    assert seen["lame"] == []


def test_a_server_that_does_not_hold_the_zone_is_lame() -> None:
    made = network()
    made.at_servers["ns2.hote.example", "SOA"] = DnsAnswer("REFUSED")

    assert value(made)["lame"] == ["ns2.hote.example"]


def test_two_versions_of_the_zone_are_seen() -> None:
    made = network()
    made.at_servers["ns2.hote.example", "SOA"] = held(6)

    assert value(made)["serials_agree"] is False


def test_a_server_whose_name_is_gone_can_be_taken() -> None:
    made = MemoryNetwork({("ch.example", "NS"): ["ns.parti.test"], ("example", "NS"): []})

    assert value(made)["missing"] == ["ns.parti.test"]


def test_what_is_no_zone_is_not_judged() -> None:
    with pytest.raises(UnresolvedError):
        value(MemoryNetwork({("ch.example", "A"): ["192.0.2.1"]}))


@given(data=st.binary(max_size=120), at=st.integers(0, 60))
def test_any_bytes_are_a_referral_or_a_protocol_error(data: bytes, at: int) -> None:
    good = referral("ns1.ch.example")
    for wire in (data, good[:at] + data):
        with suppress(ProtocolError):
            assert isinstance(read_referral(wire, "ch.example"), tuple)
