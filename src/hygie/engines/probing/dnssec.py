"""Whether a zone is signed, and whether its signatures hold, from three answers.

The chain above the parent's DS record is the resolver's business; here the zone's own part is
checked: DS against DNSKEY, DNSKEY and SOA against their signatures, at a given time.
Sources: RFC 4033 to 4035. The number of keys and signatures tried is bounded (CVE-2023-50387).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import dns.dnssec
import dns.exception
import dns.name
import dns.rdataclass
import dns.rdatatype
import dns.rrset
from dns.exception import UnsupportedAlgorithm

from hygie.engines.probing.dnsclient import read_message

if TYPE_CHECKING:
    import datetime as dt

    from hygie.engines.probing.dnswire import DnsAnswer

_TRIALS_MAX: Final = 64


class InvalidError(Exception):
    """A signature is missing, or there are more than anybody needs."""


@dataclass(frozen=True, slots=True)
class DnssecFacts:
    """What the zone shows.

    Attributes:
        signed: it publishes keys, or its parent says that it does; None when nobody could say.
        valid: the keys are those the parent vouches for and the signatures hold; None when
            the zone is not signed, has no DS at its parent, or uses an unknown algorithm.
    """

    signed: bool | None
    valid: bool | None


def check_dnssec(
    zone: str, *, keys: DnsAnswer, delegation: DnsAnswer, start: DnsAnswer, now: dt.datetime
) -> DnssecFacts:
    """Check a zone from its DNSKEY, DS and SOA answers, signatures included.

    Raises:
        ProtocolError: if an answer is not a DNS message.
    """
    origin = dns.name.from_text(zone)
    key_set, key_signatures = signed_set(keys, origin, dns.rdatatype.DNSKEY)
    ds_set, _ = signed_set(delegation, origin, dns.rdatatype.DS)
    if key_set is None or ds_set is None:
        signed = key_set is not None or ds_set is not None or (None if keys.failed else False)
        return DnssecFacts(signed, False if ds_set is not None and not keys.failed else None)
    soa_set, soa_signatures = signed_set(start, origin, dns.rdatatype.SOA)
    try:
        trusted = vouched_for(key_set, ds_set, origin)
        if not trusted:
            return DnssecFacts(signed=True, valid=False)
        at = now.timestamp()
        validate_set(key_set, key_signatures, trusted, origin, at)
        validate_set(soa_set, soa_signatures, key_set, origin, at)
    except UnsupportedAlgorithm:
        return DnssecFacts(signed=True, valid=None)
    except (InvalidError, dns.exception.DNSException, ValueError, struct.error, LookupError):
        return DnssecFacts(signed=True, valid=False)
    return DnssecFacts(signed=True, valid=True)


def signed_set(
    answer: DnsAnswer, origin: dns.name.Name, kind: dns.rdatatype.RdataType
) -> tuple[dns.rrset.RRset | None, dns.rrset.RRset | None]:
    """Return the records of one kind at ``origin`` and their signatures.

    Raises:
        ProtocolError: if the answer is not a DNS message.
    """
    if not answer.exists or not answer.wire:
        return None, None
    message = read_message(answer.wire)
    internet, signature = dns.rdataclass.IN, dns.rdatatype.RRSIG
    return (
        message.get_rrset(message.answer, origin, internet, kind),
        message.get_rrset(message.answer, origin, internet, signature, kind),
    )


def vouched_for(
    keys: dns.rrset.RRset, ds_set: dns.rrset.RRset, origin: dns.name.Name
) -> dns.rrset.RRset | None:
    """Return the keys that the parent's DS records name, None when there is none.

    Raises:
        InvalidError: if there are more than anybody needs.
    """
    _bound(len(keys) * len(ds_set))
    digests = {(ds.key_tag, ds.algorithm, ds.digest_type, ds.digest) for ds in ds_set}
    kinds = {ds.digest_type for ds in ds_set}
    kept = [key for key in keys if any(_digest(origin, key, kind) in digests for kind in kinds)]
    return dns.rrset.from_rdata_list(origin, keys.ttl, kept) if kept else None


def _digest(origin: dns.name.Name, key: dns.rdata.Rdata, kind: int) -> tuple[int, int, int, bytes]:
    ds = dns.dnssec.make_ds(origin, key, kind, validating=True)  # type: ignore[arg-type] # a DNSKEY
    return ds.key_tag, ds.algorithm, ds.digest_type, ds.digest


def validate_set(
    rrset: dns.rrset.RRset | None,
    signatures: dns.rrset.RRset | None,
    keys: dns.rrset.RRset,
    origin: dns.name.Name,
    at: float,
) -> None:
    """Check that one of ``keys``, of the zone ``origin``, signs ``rrset`` at ``at``.

    Raises:
        InvalidError, dns.exception.DNSException: if none does.
        UnsupportedAlgorithm: if nobody here can check.
    """
    if rrset is None or signatures is None:
        raise InvalidError("no signature")
    _bound(len(signatures) * len(keys))
    dns.dnssec.validate(rrset, signatures, {origin: keys.to_rdataset()}, origin, now=at)


def _bound(trials: int) -> None:
    if trials > _TRIALS_MAX:
        raise InvalidError("too many keys or signatures")
