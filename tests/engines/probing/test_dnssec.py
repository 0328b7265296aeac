from __future__ import annotations

import datetime as dt

import dns.dnssec
import dns.message
import dns.name
import dns.rdatatype
import dns.rrset
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from tests.engines.probing.peers import NOW

from hygie.engines.probing.dnsclient import DnsAnswer, record_text
from hygie.engines.probing.dnssec import DnssecFacts, check_dnssec

ORIGIN = dns.name.from_text("ch.example")
NOTHING = DnsAnswer("NOERROR")
DAY = dt.timedelta(days=1)


def answer(kind: str, *rrsets: dns.rrset.RRset) -> DnsAnswer:
    message = dns.message.make_response(dns.message.make_query(ORIGIN, kind))
    message.answer = list(rrsets)
    records = tuple(record_text(r) for r in rrsets[0])
    return DnsAnswer("NOERROR", records, wire=message.to_wire())


class SignedZone:
    """A zone with one key, signed from ``start`` to ``end``."""

    def __init__(self, start: dt.datetime = NOW - DAY, end: dt.datetime = NOW + DAY) -> None:
        secret = ec.generate_private_key(ec.SECP256R1())
        key = dns.dnssec.make_dnskey(
            secret.public_key(), dns.dnssec.Algorithm.ECDSAP256SHA256, flags=257
        )
        keys = dns.rrset.from_rdata_list(ORIGIN, 60, [key])
        soa = dns.rrset.from_text(ORIGIN, 60, "IN", "SOA", "ns. dns. 1 2 3 4 5")
        ds = dns.dnssec.make_ds(ORIGIN, key, "SHA256")

        def sign(rrset: dns.rrset.RRset) -> dns.rrset.RRset:
            signature = dns.dnssec.sign(rrset, secret, ORIGIN, key, inception=start, expiration=end)
            return dns.rrset.from_rdata_list(ORIGIN, 60, [signature])

        self.keys = answer("DNSKEY", keys, sign(keys))
        self.delegation = answer("DS", dns.rrset.from_rdata_list(ORIGIN, 60, [ds]))
        self.start = answer("SOA", soa, sign(soa))
        self.unsigned_start = answer("SOA", soa)


def check(keys: DnsAnswer, delegation: DnsAnswer, start: DnsAnswer = NOTHING) -> DnssecFacts:
    return check_dnssec("ch.example", keys=keys, delegation=delegation, start=start, now=NOW)


def test_a_zone_signed_and_vouched_for_is_valid() -> None:
    zone = SignedZone()

    assert check(zone.keys, zone.delegation, zone.start) == DnssecFacts(signed=True, valid=True)


def test_an_unsigned_zone_is_only_unsigned() -> None:
    assert check(NOTHING, NOTHING) == DnssecFacts(signed=False, valid=None)


def test_keys_without_a_parent_to_vouch_for_them_prove_nothing() -> None:
    zone = SignedZone()

    assert check(zone.keys, NOTHING, zone.start) == DnssecFacts(signed=True, valid=None)


@pytest.mark.parametrize("fault", ["expired", "other keys", "no keys", "no signature"])
def test_a_broken_zone_is_not_valid(fault: str) -> None:
    zone = SignedZone(end=NOW - dt.timedelta(hours=1)) if fault == "expired" else SignedZone()
    keys = {"other keys": SignedZone().keys, "no keys": NOTHING}.get(fault, zone.keys)
    start = zone.unsigned_start if fault == "no signature" else zone.start

    assert check(keys, zone.delegation, start) == DnssecFacts(signed=True, valid=False)


def test_keys_that_could_not_be_asked_leave_validity_unknown() -> None:
    zone = SignedZone()

    assert check(DnsAnswer("SERVFAIL"), zone.delegation).valid is None


def test_silence_about_keys_is_not_an_unsigned_zone() -> None:
    mute = DnsAnswer("SERVFAIL")

    assert check(mute, mute) == DnssecFacts(signed=None, valid=None)
