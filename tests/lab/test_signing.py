from __future__ import annotations

import datetime as dt

import dns.dnssec
import dns.name
import dns.rrset
import pytest

from hygie.lab.signing import sign_records

NOW = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
ORIGIN = dns.name.from_text("x.example")
SOA = dns.rrset.from_text(ORIGIN, 60, "IN", "SOA", "ns1.y.example. dns.x.example. 1 2 3 4 5")


def test_every_set_and_the_keys_are_signed() -> None:
    (keys, delegation), signatures = sign_records(ORIGIN, [SOA], signing="valid", now=NOW)

    assert dns.dnssec.make_ds(ORIGIN, keys[0], "SHA256") == delegation[0]
    for rrset, signature in zip([SOA, keys], signatures, strict=True):
        dns.dnssec.validate(rrset, signature, {ORIGIN: keys}, now=NOW.timestamp())


def test_expired_signatures_were_once_good() -> None:
    (keys, _), (signature, _) = sign_records(ORIGIN, [SOA], signing="expired", now=NOW)

    with pytest.raises(dns.dnssec.ValidationFailure):
        dns.dnssec.validate(SOA, signature, {ORIGIN: keys}, now=NOW.timestamp())
    before = NOW - dt.timedelta(days=10)
    dns.dnssec.validate(SOA, signature, {ORIGIN: keys}, now=before.timestamp())
