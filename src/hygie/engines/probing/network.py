"""The one door to the network: the Internet, or an invented world on loopback.

A probe sees only ``Network`` (see ``reach``). ``InternetNetwork`` refuses addresses that are not
public, checks them again at connection time and connects to the checked address itself, so that
a name which changes its address in between (DNS rebinding) gains nothing. ``LabNetwork`` maps
every name and port to loopback and reaches nothing else.
"""

from __future__ import annotations

import ipaddress
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import dns.resolver

from hygie.engines.probing.dnsclient import DnsAnswer, DnsClient, encode_query, read_answer
from hygie.engines.probing.dnssec_anchors import ROOT_ANCHORS
from hygie.engines.probing.politeness import Politeness
from hygie.engines.probing.reach import (
    DNS_PORT,
    Guard,
    Network,
    Place,
    Resolver,
    addresses_of,
    allow_all,
    check_public,
    connect,
    exchange,
    literal,
    user_agent,
)
from hygie.vocabulary.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygie.engines.probing.connection import Connection

__all__ = [
    "DNS_PORT",
    "Guard",
    "InternetNetwork",
    "LabNetwork",
    "Network",
    "Place",
    "Resolver",
    "addresses_of",
    "allow_all",
    "check_public",
    "user_agent",
]

_DIRECTORY_MAX_BYTES: Final = 4_000_000


class InternetNetwork:
    """The Internet, public addresses only.

    Args:
        contact: address or page where a person finds out who probes and why.
        guard: what enforces the mandate.
        politeness: bounds on connections.
        resolvers: (address, port) of recursive resolvers; the system's when empty.
        extra_roots: PEM certificates trusted besides the system's.
        trust_anchors: DS records that DNSSEC chains start from, the root's by default.
    """

    def __init__(
        self,
        *,
        contact: str,
        guard: Guard,
        politeness: Politeness | None = None,
        resolvers: Sequence[Place] = (),
        extra_roots: bytes = b"",
        trust_anchors: tuple[str, ...] = ROOT_ANCHORS,
    ) -> None:
        self.user_agent = user_agent(contact)
        self.trust_anchors = trust_anchors
        self.extra_roots = extra_roots
        self._guard = guard
        self._politeness = politeness or Politeness()
        self._dns = DnsClient(resolvers or _system_resolvers())

    async def query(self, name: str, rdtype: str, *, checking_disabled: bool = False) -> DnsAnswer:
        """Ask the resolver."""
        self._guard(name, "", DNS_PORT)
        return await self._dns.ask(encode_query(name, rdtype, checking_disabled=checking_disabled))

    async def resolve(self, name: str) -> tuple[str, ...]:
        """Return the addresses of ``name``."""
        own = literal(name)
        return (own,) if own else await addresses_of(self, name)

    async def open(self, host: str, port: int, *, address: str | None = None) -> Connection:
        """Connect to a public address of ``host`` and to no other."""
        checked = address or (await self.resolve(host))[0]
        check_public(checked)
        return await connect((checked, port), (host, checked, port), self._guard, self._politeness)

    async def exchange(
        self, host: str, port: int, data: bytes, *, address: str | None = None
    ) -> bytes:
        """Send one datagram to a public address of ``host`` and to no other."""
        checked = address or (await self.resolve(host))[0]
        check_public(checked)
        said = (host, checked, port)
        return await exchange((checked, port), said, data, self._guard, self._politeness)

    async def query_at(self, server: str, name: str, rdtype: str) -> DnsAnswer:
        """Ask one name server, within the mandate as any other machine."""
        query = encode_query(name, rdtype, recursive=False)
        return read_answer(query, await self.exchange(server, DNS_PORT, query))


def _system_resolvers() -> list[Place]:
    return [(str(server), DNS_PORT) for server in dns.resolver.get_default_resolver().nameservers]


class LabNetwork:
    """An invented world on loopback, described by a directory of names and ports.

    Args:
        directory: ``{"dns": ["127.0.0.1", port], "services": {"host:port": [address, port]}}``
            and optionally ``"ca"``: path of the lab's own authority (PEM), ``"datagrams"``: as
            services, for UDP, and ``"anchors"``: DS records of the zones it signs from. A port
            that is not in it is refused, as a closed port is. Port 53 of any name is the lab's
            DNS.
        contact, guard, politeness: as for InternetNetwork.

    Raises:
        InputError: if the directory has another shape or leaves loopback.
    """

    def __init__(
        self,
        directory: object,
        *,
        contact: str = "",
        guard: Guard = allow_all,
        politeness: Politeness | None = None,
    ) -> None:
        world = _read_directory(directory)
        self._dns_place, self._services, self._datagrams = world.dns, world.tcp, world.udp
        self.extra_roots, self.trust_anchors = world.roots, world.anchors
        self.user_agent = user_agent(contact)
        self._guard = guard
        self._politeness = politeness or Politeness(per_host=16, interval_s=0.0)
        self._dns = DnsClient([self._dns_place], attempt_s=2.0, at_once=16)

    @classmethod
    def from_file(cls, path: Path, *, guard: Guard = allow_all) -> LabNetwork:
        """Read the directory the lab writes when it starts.

        Raises:
            InputError: if the file is absent or is not such a directory.
        """
        try:
            document = json.loads(_read_bounded(path))
        except OSError as error:
            raise InputError(
                "le laboratoire n’est pas démarré : lancez « hygie demo »", source=path.name
            ) from error
        except (ValueError, RecursionError) as error:
            raise InputError("annuaire du laboratoire illisible", source=path.name) from error
        return cls(document, guard=guard)

    async def query(self, name: str, rdtype: str, *, checking_disabled: bool = False) -> DnsAnswer:
        """Ask the lab's name server."""
        self._guard(name, "", DNS_PORT)
        return await self._dns.ask(encode_query(name, rdtype, checking_disabled=checking_disabled))

    async def resolve(self, name: str) -> tuple[str, ...]:
        """Return the addresses the lab gives to ``name``."""
        own = literal(name)
        return (own,) if own else await addresses_of(self, name)

    async def open(self, host: str, port: int, *, address: str | None = None) -> Connection:
        """Connect to the loopback port that plays ``host:port``."""
        place = self._place(self._services, host, port, address)
        return await connect(place, (host, address or host, port), self._guard, self._politeness)

    async def exchange(
        self, host: str, port: int, data: bytes, *, address: str | None = None
    ) -> bytes:
        """Send one datagram to the loopback port that plays ``host:port``."""
        place = self._place(self._datagrams, host, port, address)
        said = (host, address or host, port)
        return await exchange(place, said, data, self._guard, self._politeness)

    async def query_at(self, server: str, name: str, rdtype: str) -> DnsAnswer:
        """Ask the name server that plays ``server``."""
        query = encode_query(name, rdtype, recursive=False)
        return read_answer(query, await self.exchange(server, DNS_PORT, query))

    def _place(self, places: dict[str, Place], host: str, port: int, address: str | None) -> Place:
        place = places.get(f"{host}:{port}") or places.get(f"{address}:{port}")
        if place is None and port == DNS_PORT:
            place = self._dns_place
        if place is None:
            self._guard(host, address or host, port)
            raise ConnectionRefusedError
        return place


@dataclass(frozen=True, slots=True)
class _World:
    dns: Place
    tcp: dict[str, Place]
    udp: dict[str, Place]
    roots: bytes
    anchors: tuple[str, ...]


def _read_directory(document: object) -> _World:
    """Check the shape of the directory, refuse whatever is not loopback."""
    fault = InputError("annuaire du laboratoire illisible ; relancez le laboratoire")
    if not isinstance(document, dict):
        raise fault
    try:
        authority = document.get("ca")
        return _World(
            dns=_loopback(document["dns"]),
            tcp=_places(document["services"]),
            udp=_places(document.get("datagrams", {})),
            roots=_read_bounded(Path(authority)) if authority else b"",
            anchors=tuple(str(anchor) for anchor in document.get("anchors", ())),
        )
    except (AttributeError, KeyError, TypeError, ValueError, OSError) as error:
        raise fault from error


def _places(services: dict[str, object]) -> dict[str, Place]:
    return {str(name): _loopback(place) for name, place in services.items()}


def _read_bounded(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_DIRECTORY_MAX_BYTES)


def _loopback(place: object) -> Place:
    if not isinstance(place, list | tuple):
        raise TypeError
    address, port = place
    if not ipaddress.ip_address(address).is_loopback:
        raise ValueError(address)
    return str(address), int(port)
