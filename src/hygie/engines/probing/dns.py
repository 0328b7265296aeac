"""What the public DNS says of a domain or of a host name.

Value: name_servers (names), addresses (IPv4), ipv6, caa (records as written, null when not
known), dnssec (the zone is signed), dnssec_valid (see ``dnssec``), networks (distinct /24, or /48
in IPv6, that the name servers' addresses lie in, null when none is known), open_transfer (a name
server hands the whole zone to us: only its first message is read; null when none could be
asked), dangling_cname (the alias leads to this name, which does not exist; else null).

A name that is not a zone of its own has no name servers: its zone facts are empty or null, they
belong to the zone. Evidence: the answer that lists the name servers, or the addresses.
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
        raise UnresolvedError(f"le nom {name} n’existe pas")
    is_zone = servers.exists and not servers.aliases
    value: dict[str, Json] = {
        "name_servers": [*sorted(servers.records)] if is_zone else [],
        "addresses": [*sorted(v4.records)],
        "ipv6": [*sorted(v6.records)],
        **(await _zone_facts(name, servers.records, network, now) if is_zone else _NO_ZONE),
        "dangling_cname": dangling,
    }
    evidence = (servers if is_zone else v4).wire[:EVIDENCE_MAX_BYTES]
    return Observation(subject=name, probe="dns", value=value, evidence=evidence, at=now)


_NO_ZONE: Final[dict[str, Json]] = {
    "caa": [],
    "dnssec": None,
    "dnssec_valid": None,
    "networks": None,
    "open_transfer": None,
}


async def _zone_facts(
    zone: str, servers: tuple[str, ...], network: Network, now: dt.datetime
) -> dict[str, Json]:
    asked = sorted(servers)[:SERVERS_MAX]
    caa, dnssec, addresses, transfers = await asyncio.gather(
        _query(network, zone, "CAA"),
        _dnssec(zone, network, now),
        asyncio.gather(*(_addresses(server, network) for server in asked)),
        asyncio.gather(*(_transfers(zone, server, network) for server in asked)),
    )
    return {
        "caa": None if caa.failed else [*sorted(caa.records)],
        "dnssec": dnssec.signed,
        "dnssec_valid": dnssec.valid,
        "networks": len({_network_of(a) for known in addresses for a in known}) or None,
        "open_transfer": True if True in transfers else (False if False in transfers else None),
    }


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
    try:
        return (await network.query(server, "A")).records
    except StoppedError:
        raise
    except (ProbeError, OSError):
        return ()


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
