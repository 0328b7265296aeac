"""What the public DNS says of a domain or of a host name.

Value: exists, name_servers (names), addresses (IPv4), ipv6, caa (records as written, of the zone
or of the nearest zone above that has some; null when not known), caa_from (the name they stand
at, or null), dnssec (the zone is signed), dnssec_valid (see ``dnssec``), dnssec_chain and
dnssec_reason (see ``dnssec_chain``), networks (distinct /24, or /48 in IPv6, that the name
servers' addresses lie in, null when none is known), open_transfer (a name server hands the whole
zone to us: only its first message is read; null when none could be asked), dangling_cname (the
alias leads to this name, which does not exist; else null).

A name that is not a zone of its own has no name servers: its zone facts are empty or null, they
belong to the zone. A name that a zone above denies (NXDOMAIN with that zone's SOA record, for
addresses and for name servers) was deleted: that is a fact, exists false. Evidence: the answer
that lists the name servers, or the addresses, or that denies them.
"""

from __future__ import annotations

import asyncio
import ipaddress
import struct
from typing import TYPE_CHECKING, Final

import dns.rcode
import dns.rdatatype

from hygie.engines.probing.dnsclient import DnsAnswer, encode_query, read_message
from hygie.engines.probing.dnssec import DnssecFacts, check_dnssec
from hygie.engines.probing.dnssec_chain import check_chain
from hygie.engines.probing.errors import (
    ForbiddenError,
    ProbeError,
    StoppedError,
    UnresolvedError,
)
from hygie.vocabulary.facts import EVIDENCE_MAX_BYTES, Json, Observation

if TYPE_CHECKING:
    import datetime as dt

    from hygie.engines.probing.network import Network

SERVERS_MAX: Final = 8
_PARENTS_MAX: Final = 6
_TRANSFER_TIMEOUT_S: Final = 3.0
_NOTHING: Final = DnsAnswer("SERVFAIL")


async def observe(name: str, network: Network, *, now: dt.datetime) -> Observation:
    """Ask the DNS about ``name``, and each of its name servers for its zone.

    Raises:
        UnresolvedError: if the name does not exist, or its servers do not answer.
        ForbiddenError: if the guard refuses.
    """
    v4, v6, servers = await asyncio.gather(
        _query(network, name, "A"), _query(network, name, "AAAA"), _query(network, name, "NS")
    )
    dangling = v4.aliases[-1] if v4.aliases and v4.rcode == "NXDOMAIN" else None
    if v4.failed or servers.failed:
        raise UnresolvedError(f"les serveurs de noms de {name} ne répondent pas")
    if v4.rcode == "NXDOMAIN" and not dangling:
        return _deleted(name, v4, servers, now)
    is_zone = servers.exists and not servers.aliases
    value: dict[str, Json] = {
        "exists": True,
        "name_servers": [*sorted(servers.records)] if is_zone else [],
        "addresses": [*sorted(v4.records)],
        "ipv6": [*sorted(v6.records)],
        **(await _zone_facts(name, servers.records, network, now) if is_zone else _NO_ZONE),
        "dangling_cname": dangling,
    }
    evidence = (servers if is_zone else v4).wire[:EVIDENCE_MAX_BYTES]
    return Observation(subject=name, probe="dns", value=value, evidence=evidence, at=now)


def _deleted(name: str, v4: DnsAnswer, servers: DnsAnswer, now: dt.datetime) -> Observation:
    """Return the fact that a name is no more.

    Raises:
        UnresolvedError: if no zone above denies it twice: it may be our resolver's own word.
    """
    if servers.rcode != "NXDOMAIN" or not v4.denied_by or v4.denied_by != servers.denied_by:
        raise UnresolvedError(f"le nom {name} n’existe pas")
    nothing: dict[str, Json] = {"exists": False, "name_servers": [], "addresses": [], "ipv6": []}
    value = {**nothing, **_NO_ZONE, "dangling_cname": None}
    evidence = v4.wire[:EVIDENCE_MAX_BYTES]
    return Observation(subject=name, probe="dns", value=value, evidence=evidence, at=now)


_NO_ZONE: Final[dict[str, Json]] = {
    "caa": [],
    "caa_from": None,
    "dnssec": None,
    "dnssec_valid": None,
    "dnssec_chain": None,
    "dnssec_reason": None,
    "networks": None,
    "open_transfer": None,
}


async def _zone_facts(
    zone: str, servers: tuple[str, ...], network: Network, now: dt.datetime
) -> dict[str, Json]:
    asked = sorted(servers)[:SERVERS_MAX]
    (caa_from, caa), dnssec, chain, addresses, transfers = await asyncio.gather(
        _caa(zone, network),
        _dnssec(zone, network, now),
        check_chain(zone, network, network.trust_anchors, now=now),
        asyncio.gather(*(_addresses(server, network) for server in asked)),
        asyncio.gather(*(_transfers(zone, server, network) for server in asked)),
    )
    return {
        "caa": None if caa.failed else [*sorted(caa.records)],
        "caa_from": caa_from,
        "dnssec": dnssec.signed,
        "dnssec_valid": dnssec.valid,
        "dnssec_chain": chain.status,
        "dnssec_reason": chain.reason,
        "networks": len({_network_of(a) for known in addresses for a in known}) or None,
        "open_transfer": True if True in transfers else (False if False in transfers else None),
    }


async def _caa(zone: str, network: Network) -> tuple[str | None, DnsAnswer]:
    """Return the records that bind authorities, and where they stand (RFC 8659 section 3)."""
    labels = zone.split(".")
    answer = _NOTHING
    for start in range(min(len(labels), _PARENTS_MAX)):
        name = ".".join(labels[start:])
        answer = await _query(network, name, "CAA")
        if answer.failed or answer.exists:
            return (name if answer.exists else None), answer
    return None, answer


async def _query(network: Network, name: str, kind: str, *, signed: bool = False) -> DnsAnswer:
    """Ask one question among several: what cannot be learnt counts as a failed answer."""
    try:
        return await network.query(name, kind, checking_disabled=signed)
    except ForbiddenError:
        raise
    except (ProbeError, OSError):
        return _NOTHING


async def _dnssec(zone: str, network: Network, now: dt.datetime) -> DnssecFacts:
    keys, delegation, start = await asyncio.gather(
        *(_query(network, zone, kind, signed=True) for kind in ("DNSKEY", "DS", "SOA"))
    )
    return check_dnssec(zone, keys=keys, delegation=delegation, start=start, now=now)


async def _addresses(server: str, network: Network) -> tuple[str, ...]:
    """Return the addresses of a name server, none when the guard keeps us from asking."""

    async def ask(kind: str) -> tuple[str, ...]:
        try:
            return (await network.query(server, kind)).records
        except StoppedError:
            raise
        except (ProbeError, OSError):
            return ()

    v4, v6 = await asyncio.gather(ask("A"), ask("AAAA"))
    return v4 + v6


def _network_of(address: str) -> str:
    prefix = 24 if ipaddress.ip_address(address).version == 4 else 48  # noqa: PLR2004 - IP version
    return str(ipaddress.ip_network(f"{address}/{prefix}", strict=False))


async def _transfers(zone: str, server: str, network: Network) -> bool | None:
    """Tell whether ``server`` starts to hand the zone over; None when it could not be asked."""
    query = encode_query(zone, "AXFR")
    try:
        async with (
            await network.open(server, 53) as connection,
            asyncio.timeout(_TRANSFER_TIMEOUT_S),
        ):
            await connection.write(struct.pack(">H", len(query)) + query)
            (length,) = struct.unpack(">H", await connection.read_exactly(2))
            return starts_transfer(await connection.read_exactly(length))
    except (ProbeError, OSError):
        return None  # a server outside the mandate stays unasked; the others are asked


def starts_transfer(wire: bytes) -> bool:
    """Tell whether a message begins a zone transfer: a SOA record first (RFC 5936 section 2.2).

    Raises:
        ProtocolError: if it is not a DNS message.
    """
    message = read_message(wire)
    return (
        message.rcode() == dns.rcode.NOERROR
        and bool(message.answer)
        and message.answer[0].rdtype == dns.rdatatype.SOA
    )
