"""The one door to the network: who may be reached, how gently, and at which address.

A probe sees only ``Network``. ``InternetNetwork`` refuses addresses that are not public, checks
them again at connection time and connects to the checked address itself, so that a name which
changes its address in between (DNS rebinding) gains nothing. ``LabNetwork`` maps every name and
port to loopback and reaches nothing else.

The ``guard`` is called before anything leaves: with the address and port about to be reached, or
with an empty address for a question put to our own resolver about ``host``. It raises
ForbiddenError (outside the mandate) or StoppedError (emergency stop); returning means "go".
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

import dns.resolver

from hygie import __version__
from hygie.engines.probing.connection import Connection
from hygie.engines.probing.dnsclient import DnsAnswer, DnsClient, encode_query
from hygie.engines.probing.errors import ForbiddenError, UnresolvedError
from hygie.engines.probing.politeness import Politeness
from hygie.vocabulary.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

Guard: TypeAlias = Callable[[str, str, int], None]
Place: TypeAlias = tuple[str, int]

DNS_PORT: Final = 53
CONNECT_TIMEOUT_S: Final = 2.0
_DIRECTORY_MAX_BYTES: Final = 4_000_000
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")


class Resolver(Protocol):
    """What answers DNS questions."""

    async def query(self, name: str, rdtype: str, *, checking_disabled: bool = False) -> DnsAnswer:
        """Return the answer, "no such name" included.

        Raises:
            TimeoutError, OSError, ProtocolError: if nothing readable came.
            ForbiddenError: if the guard refuses.
        """


class Network(Resolver, Protocol):
    """All a probe may do outside its own memory."""

    user_agent: str
    extra_roots: bytes

    async def resolve(self, name: str) -> tuple[str, ...]:
        """Return the addresses of ``name``, IPv4 first; an address resolves to itself.

        Raises:
            UnresolvedError: if it has none.
        """

    async def open(self, host: str, port: int, *, address: str | None = None) -> Connection:
        """Connect to ``host``, at ``address`` when it is known already.

        Raises:
            ForbiddenError: if the address may not be reached.
            OSError, TimeoutError: if it cannot be.
        """


def user_agent(contact: str) -> str:
    """Return the name we give ourselves everywhere a protocol lets us say it."""
    return f"Hygie/{__version__} (+{contact})" if contact else f"Hygie/{__version__}"


def allow_all(host: str, address: str, port: int) -> None:
    """Refuse nothing: the guard of the lab."""


def check_public(address: str) -> None:
    """Let only addresses of the public Internet pass, embedded IPv4 ones included.

    Raises:
        ForbiddenError: for private, loopback, link-local, multicast and reserved ranges.
    """
    for candidate in _readings(ipaddress.ip_address(address)):
        if not candidate.is_global or candidate.is_multicast or candidate.is_reserved:
            raise ForbiddenError(f"{address} n’est pas une adresse publique ; rien n’est envoyé")


def _readings(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    if address in _NAT64:
        return [ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)]
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    if address.teredo is not None:
        return [*address.teredo]
    return [address, address.sixtofour] if address.sixtofour is not None else [address]


async def addresses_of(resolver: Resolver, name: str) -> tuple[str, ...]:
    """Return the IPv4 then IPv6 addresses of ``name``.

    Raises:
        UnresolvedError: if it has none.
    """
    answers = await asyncio.gather(resolver.query(name, "A"), resolver.query(name, "AAAA"))
    found = tuple(record for answer in answers for record in answer.records)
    if not found:
        raise UnresolvedError(f"le nom {name} n’a pas d’adresse")
    return found


def _literal(host: str) -> str | None:
    try:
        return str(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        return None


class InternetNetwork:
    """The Internet, public addresses only.

    Args:
        contact: address or page where a person finds out who probes and why.
        guard: what enforces the mandate.
        politeness: bounds on connections.
        resolvers: (address, port) of recursive resolvers; the system's when empty.
        extra_roots: PEM certificates trusted besides the system's.
    """

    def __init__(
        self,
        *,
        contact: str,
        guard: Guard,
        politeness: Politeness | None = None,
        resolvers: Sequence[Place] = (),
        extra_roots: bytes = b"",
    ) -> None:
        self.user_agent = user_agent(contact)
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
        literal = _literal(name)
        return (literal,) if literal else await addresses_of(self, name)

    async def open(self, host: str, port: int, *, address: str | None = None) -> Connection:
        """Connect to a public address of ``host`` and to no other."""
        checked = address or (await self.resolve(host))[0]
        check_public(checked)
        return await _connect((checked, port), (host, checked, port), self._guard, self._politeness)


def _system_resolvers() -> list[Place]:
    return [(str(server), DNS_PORT) for server in dns.resolver.get_default_resolver().nameservers]


async def _connect(
    place: Place, said: tuple[str, str, int], guard: Guard, politeness: Politeness
) -> Connection:
    """Connect to ``place``; ``said`` is (host, address, port) as the guard knows them.

    The guard is asked after the wait for one's turn: a stop holds for those who queue as well.
    """
    guard(*said)
    give_back = await politeness.turn(said[1])
    try:
        guard(*said)
        async with asyncio.timeout(CONNECT_TIMEOUT_S):
            reader, writer = await asyncio.open_connection(*place)
    except BaseException:
        give_back()
        raise
    return Connection(reader, writer, on_close=give_back)


class LabNetwork:
    """An invented world on loopback, described by a directory of names and ports.

    Args:
        directory: ``{"dns": ["127.0.0.1", port], "services": {"host:port": [address, port]}}``
            and optionally ``"ca"``: path of the lab's own authority (PEM). A port that is not
            in it is refused, as a closed port is. Port 53 of any name is the lab's DNS.
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
        self._dns_place, self._services, self.extra_roots = _read_directory(directory)
        self.user_agent = user_agent(contact)
        self._guard = guard
        self._politeness = politeness or Politeness(per_host=16, interval_s=0.0)
        self._dns = DnsClient([self._dns_place], attempt_s=1.0)

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
        literal = _literal(name)
        return (literal,) if literal else await addresses_of(self, name)

    async def open(self, host: str, port: int, *, address: str | None = None) -> Connection:
        """Connect to the loopback port that plays ``host:port``."""
        place = self._services.get(f"{host}:{port}") or self._services.get(f"{address}:{port}")
        if place is None and port == DNS_PORT:
            place = self._dns_place
        if place is None:
            self._guard(host, address or host, port)
            raise ConnectionRefusedError
        return await _connect(place, (host, address or host, port), self._guard, self._politeness)


def _read_directory(document: object) -> tuple[Place, dict[str, Place], bytes]:
    """Check the shape of the directory, refuse whatever is not loopback."""
    fault = InputError("annuaire du laboratoire illisible ; relancez le laboratoire")
    if not isinstance(document, dict):
        raise fault
    try:
        services = {str(name): _loopback(place) for name, place in document["services"].items()}
        place = _loopback(document["dns"])
        authority = document.get("ca")
        return place, services, _read_bounded(Path(authority)) if authority else b""
    except (AttributeError, KeyError, TypeError, ValueError, OSError) as error:
        raise fault from error


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
