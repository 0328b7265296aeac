from __future__ import annotations

import datetime as dt
import socket
from typing import TYPE_CHECKING

import dns.dnssec
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdatatype
import dns.resolver
import dns.zone
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygie.lab.network import State, load_network
from hygie.lab.servers.dns import Resolver

if TYPE_CHECKING:
    from tests.lab.conftest import Lab

RESOLVER = Resolver(
    load_network().zones, lambda _: State.BROKEN, now=dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
)


def ask(lab: Lab, name: str, kind: str, *, dnssec: bool = False) -> dns.message.Message:
    address, port = lab.directory["dns"]
    query = dns.message.make_query(name, kind, want_dnssec=dnssec)
    return dns.query.udp(query, address, port=port, timeout=5)


def texts(lab: Lab, name: str, kind: str) -> list[str]:
    return sorted(str(record) for rrset in ask(lab, name, kind).answer for record in rrset)


def test_a_zone_publishes_what_a_good_zone_does(lab: Lab) -> None:
    assert texts(lab, "chr-machaon.example", "NS") == [
        "ns1.lab-dns.example.",
        "ns2.lab-dns.example.",
    ]
    assert texts(lab, "chr-machaon.example", "MX") == ["10 mail.chr-machaon.example."]
    assert texts(lab, "_dmarc.chr-machaon.example", "TXT") == [
        '"v=DMARC1; p=reject; sp=reject; rua=mailto:dmarc@lab-dns.example"'
    ]
    assert '0 issue "lab-ca.example"' in texts(lab, "chr-machaon.example", "CAA")
    assert texts(lab, "_mta-sts.chr-machaon.example", "TXT") == ['"v=STSv1; id=20260101"']


def test_name_servers_of_a_good_zone_are_on_two_networks(lab: Lab) -> None:
    addresses = [texts(lab, f"ns{n}.lab-dns.example", "A")[0] for n in (1, 2)]

    assert len({address.rpartition(".")[0] for address in addresses}) == 2


def test_every_host_of_the_world_resolves(lab: Lab) -> None:
    for name in lab.directory["services"]:
        assert len(texts(lab, name.partition(":")[0], "A")) == 1


def test_tcp_answers_as_udp_does(lab: Lab) -> None:
    address, port = lab.directory["dns"]
    query = dns.message.make_query("ch-val-hygie.example", "TXT")

    over_tcp = dns.query.tcp(query, address, port=port, timeout=5)

    assert over_tcp.answer == ask(lab, "ch-val-hygie.example", "TXT").answer
    assert over_tcp.flags & dns.flags.AA


def test_a_name_without_such_a_record_differs_from_no_such_name(lab: Lab) -> None:
    empty = ask(lab, "www.ch-val-hygie.example", "AAAA")
    absent = ask(lab, "rien.ch-val-hygie.example", "A")

    assert (empty.rcode(), empty.answer) == (dns.rcode.NOERROR, [])
    assert absent.rcode() == dns.rcode.NXDOMAIN
    assert absent.authority[0].to_text().startswith("ch-val-hygie.example. 60 IN SOA")


def test_names_outside_the_world(lab: Lab) -> None:
    assert ask(lab, "inconnu.example", "A").rcode() == dns.rcode.NXDOMAIN
    assert ask(lab, "hors-du-labo.invalid", "A").rcode() == dns.rcode.REFUSED


def test_an_alias_to_a_vanished_host_dangles_until_it_is_brought_home(lab: Lab) -> None:
    dangling = ask(lab, "ancien-site.ch-iaso.example", "A")
    lab.turn("cname-ch-iaso", State.FIXED)
    home = ask(lab, "ancien-site.ch-iaso.example", "A")

    assert dangling.rcode() == dns.rcode.NXDOMAIN
    assert "CNAME ch-iaso.hebergeur-disparu.example." in dangling.answer[0].to_text()
    assert home.rcode() == dns.rcode.NOERROR
    assert [rrset.rdtype for rrset in home.answer] == [dns.rdatatype.CNAME, dns.rdatatype.A]


@pytest.mark.parametrize(
    ("weakness", "name", "broken", "fixed"),
    [
        ("dmarc-ch-val-hygie", "_dmarc.ch-val-hygie.example", "p=none", "p=reject"),
        ("spf-ch-panacee", "ch-panacee.example", "+all", "-all"),
    ],
)
def test_a_mail_policy_changes_with_its_switch(
    lab: Lab, weakness: str, name: str, broken: str, fixed: str
) -> None:
    assert broken in texts(lab, name, "TXT")[0]

    lab.turn(weakness, State.FIXED)

    assert fixed in texts(lab, name, "TXT")[0]


def test_a_zone_that_is_down_answers_that_it_failed(lab: Lab) -> None:
    lab.turn("dmarc-ch-val-hygie", State.DOWN)

    assert ask(lab, "_dmarc.ch-val-hygie.example", "TXT").rcode() == dns.rcode.SERVFAIL
    assert ask(lab, "ch-iaso.example", "TXT").rcode() == dns.rcode.NOERROR


def test_a_zone_is_handed_over_only_where_that_is_the_weakness(lab: Lab) -> None:
    address, port = lab.directory["dns"]

    def transfer(name: str) -> dns.zone.Zone:
        return dns.zone.from_xfr(
            dns.query.xfr(address, name, port=port, timeout=5, relativize=False),
            relativize=False,
        )

    assert len(transfer("chs-epione.example").nodes) >= 4
    lab.turn("axfr-chs-epione", State.FIXED)
    for name in ("chs-epione.example", "ch-val-hygie.example"):
        with pytest.raises(dns.exception.DNSException):
            transfer(name)


def test_a_signed_zone_validates_under_the_key_its_parent_vouches_for(lab: Lab) -> None:
    for name, kind in [("ehpad-acheloos.example", "SOA"), ("www.ehpad-acheloos.example", "A")]:
        validate(lab, "ehpad-acheloos.example", name, kind)


def test_expired_signatures_do_not_validate_until_the_zone_is_signed_again(lab: Lab) -> None:
    zone = "lagons-asclepios.example"

    with pytest.raises(dns.dnssec.ValidationFailure):
        validate(lab, zone, zone, "SOA")
    lab.turn("dnssec-hopital-jour-asclepios", State.FIXED)
    validate(lab, zone, zone, "SOA")


def test_signatures_come_only_when_asked_for_and_only_from_signed_zones(lab: Lab) -> None:
    assert len(ask(lab, "ehpad-acheloos.example", "SOA").answer) == 1
    assert len(ask(lab, "ch-iaso.example", "SOA", dnssec=True).answer) == 1
    assert ask(lab, "ch-iaso.example", "DNSKEY", dnssec=True).answer == []


def validate(lab: Lab, zone: str, name: str, kind: str) -> None:
    """Check a record set as a validating resolver does, from the DS down."""
    origin = dns.name.from_text(zone)
    delegation = ask(lab, zone, "DS").answer[0][0]
    keys, key_signature = ask(lab, zone, "DNSKEY", dnssec=True).answer
    records, signature = ask(lab, name, kind, dnssec=True).answer

    assert dns.dnssec.make_ds(origin, keys[0], "SHA256") == delegation
    dns.dnssec.validate(keys, key_signature, {origin: keys})
    dns.dnssec.validate(records, signature, {origin: keys})


@settings(max_examples=100)
@given(st.binary(max_size=200))
def test_any_bytes_get_an_answer_or_nothing(wire: bytes) -> None:
    RESOLVER.answer(wire, over_tcp=False)


def test_bytes_that_are_no_question_leave_the_server_up(lab: Lab) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as caller:
        caller.sendto(b"\xff" * 30, tuple(lab.directory["dns"]))

    assert texts(lab, "www.ch-iaso.example", "A")
