"""DNSSEC signatures of the invented zones, good or expired.

One ECDSA P-256 key signs everything (a CSK); absence is not proved (no NSEC).
Sources: RFC 4034, RFC 6605.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final, Literal

import dns.dnssec
import dns.dnssectypes
import dns.name
import dns.rdatatype
import dns.rrset
from cryptography.hazmat.primitives.asymmetric import ec

if TYPE_CHECKING:
    from collections.abc import Iterable


Signing = Literal["valid", "expired"]

_DAY: Final = dt.timedelta(days=1)
_KEY_SIGNING: Final = 257
_ALGORITHM: Final = dns.dnssectypes.Algorithm.ECDSAP256SHA256


def sign_records(
    origin: dns.name.Name,
    records: Iterable[dns.rrset.RRset],
    *,
    signing: Signing,
    now: dt.datetime,
) -> tuple[list[dns.rrset.RRset], list[dns.rrset.RRset]]:
    """Sign a zone with a key made for it.

    Args:
        origin: name of the zone.
        records: its record sets.
        signing: ``valid``, or ``expired`` since three days.
        now: aware time around which the signatures hold.

    Returns:
        The DNSKEY and DS sets that the zone and its parent publish, and one RRSIG set for each
        set of ``records`` and for the DNSKEY set.
    """
    secret = ec.generate_private_key(ec.SECP256R1())
    key = dns.dnssec.make_dnskey(secret.public_key(), _ALGORITHM, flags=_KEY_SIGNING)
    soa, *others = records
    keys = dns.rrset.from_rdata(origin, soa.ttl, key)
    delegation = dns.rrset.from_rdata(origin, soa.ttl, dns.dnssec.make_ds(origin, key, "SHA256"))
    end = now - 3 * _DAY if signing == "expired" else now + 30 * _DAY
    signatures = [
        dns.rrset.from_rdata(
            rrset.name,
            rrset.ttl,
            dns.dnssec.sign(rrset, secret, origin, key, inception=now - 60 * _DAY, expiration=end),
        )
        for rrset in (soa, *others, keys)
    ]
    return [keys, delegation], signatures
