"""Does the parent of a zone send people to the servers that the zone itself names?

Value: parent (the zone above), parent_servers (name servers it names, null when it could not be
asked), child_servers, agree (both name the same; null when not known), lame (servers asked that
do not hold the zone), unanswered (servers that could not be asked or did not answer), missing
(servers whose name does not exist: whoever registers it receives the zone's traffic),
serials_agree (the servers hold the same version; null with fewer than two answers), ipv6 (one
server at least has an IPv6 address).

The parent's servers and the zone's own are asked directly, one question each, where the mandate
lets us: elsewhere the fact is null. Evidence: the parent's answer, else the zone's.
Sources: RFC 1034 section 4.2.2, RFC 2182, RFC 8501.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import dns.name
import dns.rdatatype

from hygie.engines.probing.dnsclient import name_text, read_message
from hygie.engines.probing.errors import ProbeError, StoppedError, UnresolvedError
from hygie.vocabulary.facts import EVIDENCE_MAX_BYTES, Observation

if TYPE_CHECKING:
    import datetime as dt

    from hygie.engines.probing.dnswire import DnsAnswer
    from hygie.engines.probing.reach import Network

SERVERS_MAX: Final = 8
PARENT_SERVERS_MAX: Final = 2


@dataclass(frozen=True, slots=True)
class _Server:
    """One name server: does its name exist, does it hold the zone (None: not known), and which."""

    name: str
    exists: bool = True
    ipv6: bool = False
    holds: bool | None = None
    serial: str | None = None


async def observe(zone: str, network: Network, *, now: dt.datetime) -> Observation:
    """Ask the parent of ``zone`` and each of its name servers.

    Raises:
        UnresolvedError: if it is no zone, or its servers do not answer the resolver.
        ForbiddenError: if the guard refuses the zone itself.
    """
    answer = await network.query(zone, "NS")
    if answer.failed or not answer.exists or answer.aliases:
        raise UnresolvedError(f"{zone} n’est pas une zone, ou ses serveurs ne répondent pas")
    own = sorted(answer.records)
    (parent, above), servers = await asyncio.gather(
        _above(zone, network),
        asyncio.gather(*(_server(name, zone, network) for name in own[:SERVERS_MAX])),
    )
    named = read_referral(above, zone) if above else None
    serials = {server.serial for server in servers if server.serial}
    asked = [server for server in servers if server.serial]
    return Observation(
        subject=zone,
        probe="delegation",
        value={
            "parent": parent,
            "parent_servers": None if named is None else [*named],
            "child_servers": [*own],
            "agree": None if named is None else sorted(named) == own,
            "lame": [server.name for server in servers if server.holds is False],
            "unanswered": [s.name for s in servers if s.exists and s.holds is None],
            "missing": [server.name for server in servers if not server.exists],
            "serials_agree": len(serials) == 1 if len(asked) > 1 else None,
            "ipv6": any(server.ipv6 for server in servers),
        },
        evidence=(above or answer.wire)[:EVIDENCE_MAX_BYTES],
        at=now,
    )


async def _above(zone: str, network: Network) -> tuple[str | None, bytes | None]:
    """Return the parent zone, and what one of its servers says of ``zone``."""
    labels = zone.split(".")
    for start in range(1, len(labels)):
        parent = ".".join(labels[start:])
        servers = await _ask(network, parent, "NS")
        if servers is not None and servers.exists and not servers.aliases:
            for server in servers.records[:PARENT_SERVERS_MAX]:
                wire = await _ask_at(network, server, zone, "NS")
                if wire is not None and not wire.failed:
                    return parent, wire.wire
            return parent, None
    return None, None


async def _server(name: str, zone: str, network: Network) -> _Server:
    v4, v6, held = await asyncio.gather(
        _ask(network, name, "A"), _ask(network, name, "AAAA"), _ask_at(network, name, zone, "SOA")
    )
    exists = v4 is None or v4.rcode != "NXDOMAIN"
    ipv6 = v6 is not None and v6.exists
    if held is None:
        return _Server(name, exists, ipv6)
    holds = held.authoritative and held.exists
    serial = held.records[0].split()[2] if holds else None
    return _Server(name, exists, ipv6, holds, serial)


async def _ask(network: Network, name: str, kind: str) -> DnsAnswer | None:
    try:
        return await network.query(name, kind)
    except StoppedError:
        raise
    except (ProbeError, OSError):
        return None


async def _ask_at(network: Network, server: str, name: str, kind: str) -> DnsAnswer | None:
    """Ask one server; None when it may not be asked or does not answer."""
    try:
        return await network.query_at(server, name, kind)
    except StoppedError:
        raise
    except (ProbeError, OSError):
        return None


def read_referral(wire: bytes, zone: str) -> tuple[str, ...]:
    """Return the name servers of ``zone`` in an answer or in a referral, sorted.

    Raises:
        ProtocolError: if it is not a DNS message.
    """
    message = read_message(wire)
    origin = dns.name.from_text(zone)
    return tuple(
        sorted(
            name_text(record.target)
            for section in (message.answer, message.authority)
            for rrset in section
            if rrset.name == origin and rrset.rdtype == dns.rdatatype.NS
            for record in list(rrset)[:64]
        )
    )
