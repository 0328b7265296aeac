"""The DNS of the invented world, over UDP and TCP on one port.

It is authoritative for its zones and knows no other: the rest of ``.example`` does not exist,
anything else is refused. The zone above them is the registry's (see ``registry``).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from hygie.lab.servers.call import answering
from hygie.lab.servers.registry import ORIGIN, Registry
from hygie.lab.servers.udp import UdpDoor
from hygie.lab.signing import sign_records
from hygie.lab.zones import ZoneSettings, records_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable

    from hygie.lab.network import State, Zone
    from hygie.lab.servers.call import Call

_MAX_QUESTIONS: Final = 200
_MAX_UDP: Final = 1232
_MAX_ALIASES: Final = 8

Records = dict[tuple[dns.name.Name, dns.rdatatype.RdataType], dns.rrset.RRset]
"""Record sets by name and type; signatures by the name and type that they cover."""


@dataclass(frozen=True, slots=True)
class _Content:
    """What one zone says under one set of states."""

    records: Records
    signatures: Records
    names: frozenset[dns.name.Name]
    transfer: bool


class Resolver:
    """Answers questions from the zones as the switches stand.

    Args:
        zones: the zones served.
        state_of: tells the state of a weakness, asked for each question.
        now: aware time at which good signatures are valid.
        key_digest: SHA-256 of the public key that a host shows, for DANE; None publishes none.
    """

    def __init__(
        self,
        zones: Iterable[Zone],
        state_of: Callable[[str], State],
        *,
        now: dt.datetime,
        key_digest: Callable[[str], bytes] | None = None,
    ) -> None:
        self._now = now
        self._key_digest = key_digest
        self.registry = Registry(now)
        self._zones = {dns.name.from_text(zone.name): zone for zone in zones}
        self._state_of = state_of
        self._contents: dict[tuple[object, ...], _Content] = {}

    def answer(self, wire: bytes, *, over_tcp: bool) -> bytes | None:
        """Return the response to one question, None for what is no question.

        A zone whose switch is down gets SERVFAIL: asked, and nothing learnt.
        """
        try:
            query = dns.message.from_wire(wire)
            response = dns.message.make_response(query)
        except (dns.exception.DNSException, ValueError):
            return None
        response.flags |= dns.flags.AA
        if len(query.question) == 1:
            self._resolve(query, response, over_tcp=over_tcp)
        else:
            response.set_rcode(dns.rcode.FORMERR)
        limit = 65535 if over_tcp else min(max(query.payload, 512), _MAX_UDP)
        try:
            return response.to_wire(max_size=limit)
        except dns.exception.TooBig:
            return _truncated(query)

    def _resolve(
        self, query: dns.message.Message, response: dns.message.Message, *, over_tcp: bool
    ) -> None:
        [question] = query.question
        name = question.name
        signed = bool(query.ednsflags & dns.flags.DO)
        for _ in range(_MAX_ALIASES):
            zone = self._zone_of(name)
            if zone is None and self.registry.holds(name):
                self.registry.look_up(question, response, signed=signed)
                return
            content = self._content(zone) if zone else None
            if zone is None or content is None:
                self._fail(name, response, known=zone is not None)
                return
            if question.rdtype == dns.rdatatype.AXFR:
                _transfer(content, response, allowed=over_tcp and content.transfer)
                return
            alias = content.records.get((name, dns.rdatatype.CNAME))
            if alias is None or question.rdtype == dns.rdatatype.CNAME:
                _look_up(content, name, question.rdtype, response, signed=signed)
                if signed and question.rdtype == dns.rdatatype.DS and response.answer:
                    response.answer.append(self.registry.signature_of(response.answer[-1]))
                return
            response.answer.append(alias)
            name = alias[0].target

    def _fail(self, name: dns.name.Name, response: dns.message.Message, *, known: bool) -> None:
        """A zone that is down says nothing; an unknown name of ``example.`` does not exist."""
        if not known and name.is_subdomain(ORIGIN):
            self.registry.deny(response)
        else:
            response.set_rcode(dns.rcode.SERVFAIL if known else dns.rcode.REFUSED)

    def servers_at_parent(self, name: dns.name.Name) -> tuple[str, ...] | None:
        """Return the name servers that the registry knows for a zone, None for no zone."""
        zone = self._zones.get(name)
        settings = zone.settings_under(self._state_of) if zone else None
        if settings is None:
            return None
        read = ZoneSettings(**settings)
        return tuple(read.parent_name_servers or read.name_servers)

    def _zone_of(self, name: dns.name.Name) -> Zone | None:
        while name != dns.name.root:
            if zone := self._zones.get(name):
                return zone
            name = name.parent()
        return None

    def _content(self, zone: Zone) -> _Content | None:
        states = {name: self._state_of(name) for name in zone.weaknesses}
        settings = zone.settings_under(states.__getitem__)
        if settings is None:
            return None
        key = (zone.name, *states.values())
        if key not in self._contents:
            self._contents[key] = self._build(zone, ZoneSettings(**settings))
        return self._contents[key]

    def _build(self, zone: Zone, settings: ZoneSettings) -> _Content:
        origin = dns.name.from_text(zone.name)
        rrsets = records_of(zone, settings, key_digest=self._key_digest)
        signatures: list[dns.rrset.RRset] = []
        if settings.signing:
            keys, signatures = sign_records(origin, rrsets, signing=settings.signing, now=self._now)
            rrsets += keys
        return _Content(
            {(rrset.name, rrset.rdtype): rrset for rrset in rrsets},
            {(rrset.name, rrset[0].type_covered): rrset for rrset in signatures},
            _names(origin, rrsets),
            settings.transfer,
        )


class DnsServer:
    """The resolver on one loopback port, UDP and TCP."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._door = UdpDoor(lambda data: resolver.answer(data, over_tcp=False))

    async def open(self, host: str, port: int) -> None:
        """Listen for datagrams.

        Raises:
            OSError: if the port is taken.
        """
        self._door.port = port
        await self._door.open(host)

    async def serve(self, call: Call) -> None:
        """Answer questions over one TCP connection (RFC 7766)."""
        async with answering(call) as line:
            for _ in range(_MAX_QUESTIONS):
                (length,) = struct.unpack(">H", await line.reader.readexactly(2))
                wire = await line.reader.readexactly(length)
                if (response := self._resolver.answer(wire, over_tcp=True)) is None:
                    return
                await line.send(struct.pack(">H", len(response)) + response)

    def close(self) -> None:
        """Stop listening."""
        self._door.close()


def _names(origin: dns.name.Name, rrsets: list[dns.rrset.RRset]) -> frozenset[dns.name.Name]:
    """Return every name that exists, those that only lead to another included."""
    names = {origin}
    for rrset in rrsets:
        name = rrset.name
        while name != origin:
            names.add(name)
            name = name.parent()
    return frozenset(names)


def _look_up(
    content: _Content,
    name: dns.name.Name,
    kind: dns.rdatatype.RdataType,
    response: dns.message.Message,
    *,
    signed: bool,
) -> None:
    found = content.records.get((name, kind))
    if found is None:
        if name not in content.names:
            response.set_rcode(dns.rcode.NXDOMAIN)
        response.authority.append(next(iter(content.records.values())))
        return
    response.answer.append(found)
    if signed and (signature := content.signatures.get((name, kind))):
        response.answer.append(signature)


def _transfer(content: _Content, response: dns.message.Message, *, allowed: bool) -> None:
    if not allowed:
        response.set_rcode(dns.rcode.REFUSED)
        return
    records = list(content.records.values())
    response.answer.extend([*records, records[0]])


def _truncated(query: dns.message.Message) -> bytes:
    response = dns.message.make_response(query)
    response.flags |= dns.flags.AA | dns.flags.TC
    return response.to_wire()
