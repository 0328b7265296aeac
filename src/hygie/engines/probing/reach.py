"""Who may be reached, how gently, and the two ways of reaching: a connection, one datagram.

The ``guard`` is called before anything leaves: with the address and port about to be reached, or
with an empty address for a question put to our own resolver about ``host``. It raises
ForbiddenError (outside the mandate) or StoppedError (emergency stop); returning means "go".
"""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import os
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

from hygie import __version__
from hygie.engines.probing.connection import Connection
from hygie.engines.probing.errors import ForbiddenError, UnresolvedError

if TYPE_CHECKING:
    from hygie.engines.probing.dnswire import DnsAnswer
    from hygie.engines.probing.politeness import Politeness

Guard: TypeAlias = Callable[[str, str, int], None]
Place: TypeAlias = tuple[str, int]

DNS_PORT: Final = 53
CONNECT_TIMEOUT_S: Final = 2.0
DATAGRAM_TIMEOUT_S: Final = 2.0
_DATAGRAM_MAX: Final = 65_535
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
    """All a probe may do outside its own memory.

    Attributes:
        user_agent: the name we give ourselves.
        extra_roots: PEM certificates trusted besides the system's.
        trust_anchors: DS records of the zones that DNSSEC chains start from, as
            ``. DS 20326 8 2 E06D…``; without any, no chain can be judged.
    """

    user_agent: str
    extra_roots: bytes
    trust_anchors: tuple[str, ...]

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

    async def exchange(
        self, host: str, port: int, data: bytes, *, address: str | None = None
    ) -> bytes:
        """Send one datagram and return the first that comes back from there.

        Raises:
            ForbiddenError: if the address may not be reached.
            ConnectionRefusedError: if the machine says that nothing listens.
            OSError, TimeoutError: if it cannot be reached, or says nothing.
        """

    async def query_at(self, server: str, name: str, rdtype: str) -> DnsAnswer:
        """Ask one name server itself, without recursion.

        Raises:
            ForbiddenError: if that server may not be reached.
            UnresolvedError: if it has no address.
            TimeoutError, OSError, ProtocolError: if nothing readable came.
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


def literal(host: str) -> str | None:
    """Return the address that ``host`` is, None when it is a name."""
    try:
        return str(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        return None


async def connect(
    place: Place, said: tuple[str, str, int], guard: Guard, politeness: Politeness
) -> Connection:
    """Connect to ``place``; ``said`` is (host, address, port) as the guard knows them.

    The guard is asked after the wait for one's turn: a stop holds for those who queue as well.

    Raises:
        ForbiddenError: if the guard refuses.
        OSError, TimeoutError: if the place cannot be reached.
    """
    guard(*said)
    give_back = await politeness.turn(said[1])
    try:
        guard(*said)
        return Connection(await _line_to(place), on_close=give_back)
    except BaseException:
        give_back()
        raise


async def _line_to(place: Place) -> socket.socket:
    """Return a connected socket; asyncio's streams would cost more than the connection itself."""
    line = socket.socket(socket.AF_INET6 if ":" in place[0] else socket.AF_INET)
    try:
        line.setblocking(False)  # noqa: FBT003 - the library's signature
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if (error := line.connect_ex(place)) == errno.EINPROGRESS:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                await _writable(line)
            error = line.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        _check(error)
    except BaseException:
        line.close()
        raise
    return line


def _check(error: int) -> None:
    if error:
        raise OSError(error, os.strerror(error))


async def _writable(line: socket.socket) -> None:
    loop, number = asyncio.get_running_loop(), line.fileno()
    ready = asyncio.Event()
    loop.add_writer(number, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_writer(number)


async def exchange(
    place: Place, said: tuple[str, str, int], data: bytes, guard: Guard, politeness: Politeness
) -> bytes:
    """Send ``data`` to ``place``, return the first datagram from there; as ``connect`` otherwise.

    Raises:
        ForbiddenError: if the guard refuses.
        ConnectionRefusedError: if the machine says that nothing listens.
        OSError, TimeoutError: if the place cannot be reached, or stays silent.
    """
    guard(*said)
    give_back = await politeness.turn(said[1])
    try:
        guard(*said)
        async with asyncio.timeout(DATAGRAM_TIMEOUT_S):
            return await _one_datagram(place, data)
    finally:
        give_back()


async def _one_datagram(place: Place, data: bytes) -> bytes:
    """Use a connected socket: only that place is heard, and its refusals reach us."""
    loop = asyncio.get_running_loop()
    family = socket.AF_INET6 if ":" in place[0] else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as line:
        line.setblocking(False)  # noqa: FBT003 - the library's signature
        line.connect(place)
        await loop.sock_sendall(line, data)
        return await loop.sock_recv(line, _DATAGRAM_MAX)
