from __future__ import annotations

import datetime as dt

import dns.dnssec
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from hygie.lab.servers.registry import ORIGIN, SERVER, ParentView, Registry

NOW = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)
REGISTRY = Registry(NOW)
ZONE = dns.name.from_text("ch.example.")


def ask(kind: str) -> dns.message.Message:
    query = dns.message.make_query(ORIGIN, kind, want_dnssec=True)
    response = dns.message.make_response(query)
    REGISTRY.look_up(query.question[0], response, signed=True)
    return response


def test_what_it_signs_holds_under_its_own_key() -> None:
    keys, signature = ask("DNSKEY").answer

    dns.dnssec.validate(keys, signature, {ORIGIN: keys.to_rdataset()}, now=NOW.timestamp())
    [key] = keys
    assert REGISTRY.anchor == f"example. DS {dns.dnssec.make_ds(ORIGIN, key, 'SHA256')}"


def test_a_set_that_changes_is_signed_anew() -> None:
    one, two = (dns.rrset.from_text(ZONE, 60, "IN", "DS", f"{n} 13 2 {'00' * 32}") for n in (1, 2))

    assert REGISTRY.signature_of(one) is REGISTRY.signature_of(one)
    assert REGISTRY.signature_of(one) != REGISTRY.signature_of(two)


def test_it_knows_itself_and_denies_with_its_own_record() -> None:
    response = ask("MX")
    REGISTRY.deny(response)

    assert REGISTRY.holds(dns.name.from_text(SERVER))
    assert not REGISTRY.holds(ZONE)
    assert response.rcode() == dns.rcode.NXDOMAIN
    assert response.authority[0].rdtype == dns.rdatatype.SOA


def test_its_server_refers_to_the_servers_it_knows_and_to_no_other_zone() -> None:
    view = ParentView({ZONE: ("ns1.lab-dns.example",)}.get)

    wire = view.answer(dns.message.make_query(ZONE, "NS").to_wire(), over_tcp=False)
    other = view.answer(dns.message.make_query("autre.example.", "NS").to_wire(), over_tcp=False)

    assert wire is not None
    assert other is not None
    assert [str(r) for r in dns.message.from_wire(wire).authority[0]] == ["ns1.lab-dns.example."]
    assert dns.message.from_wire(other).rcode() == dns.rcode.REFUSED
    assert view.answer(b"\xff", over_tcp=False) is None
