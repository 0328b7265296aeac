"""Start the invented world on loopback, and tell where each of its services listens.

The directory file, ``<home>/lab/network.json``::

    {"dns": ["127.0.0.1", 40053],
     "services": {"vpn.ch-val-hygie.example:443": ["127.0.0.1", 40123]},
     "datagrams": {"onduleur.lagons-asclepios.example:161": ["127.0.0.1", 40161]},
     "anchors": ["example. DS 12345 13 2 ..."],
     "ca": "/path/to/ca.pem", "roots": "the same certificate as PEM text"}

Whoever probes the lab connects through this map: names stay those of the world.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from functools import partial
from typing import TYPE_CHECKING, Final

from hygie.lab.certificates import CertificateAuthority
from hygie.lab.door import LOOPBACK, Door, Posture, reset
from hygie.lab.network import State, load_network
from hygie.lab.servers import banner, dicom, http, mllp, smtp, udp
from hygie.lab.servers.call import CONVERSATION_S, Call
from hygie.lab.servers.dns import DnsServer, Resolver
from hygie.lab.servers.registry import SERVER, ParentView
from hygie.lab.servers.udp import UdpDoor
from hygie.lab.state import Switchboard, write_json
from hygie.vocabulary.errors import InputError

if TYPE_CHECKING:
    import socket
    from collections.abc import Awaitable, Callable, Mapping
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from hygie.lab.network import Service

SERVERS: Final[Mapping[str, Callable[[Call], Awaitable[None]]]] = {
    "http": http.serve,
    "smtp": smtp.serve,
    "banner": banner.serve,
    "dicom": dicom.serve,
    "mllp": mllp.serve,
}
"""The server of each kind of service."""

LOOK_S: Final = 0.02
"""How often the switches are looked at, to open and close doors."""

_DNS_ATTEMPTS: Final = 20


class LabWorld:
    """The whole world, while the ``async with`` lasts.

    Args:
        home: HYGIE_HOME; everything is written under its ``lab`` folder.
        now: aware time at which good certificates are valid, the clock's when not given.
    """

    def __init__(self, home: Path, *, now: dt.datetime | None = None) -> None:
        self._folder = home / "lab"
        self._now = now or dt.datetime.now(dt.UTC)
        self._network = load_network()
        self._switchboard = Switchboard(home, (w.name for w in self._network.weaknesses))
        self._states: dict[str, State] = {}
        self._doors: list[tuple[Service, Door]] = []
        self._udp_doors: list[tuple[Service, UdpDoor]] = []
        self._datagrams: dict[str, tuple[str, int]] = {}
        self._settling = asyncio.Lock()
        self._stack = contextlib.AsyncExitStack()

    @property
    def directory_path(self) -> Path:
        """Where the directory file is."""
        return self._folder / "network.json"

    @property
    def services(self) -> Mapping[str, tuple[str, int]]:
        """Where each ``host:port`` of the world listens."""
        return {service.name: (LOOPBACK, door.port) for service, door in self._doors}

    async def __aenter__(self) -> Self:
        """Open every door and write the directory file."""
        async with contextlib.AsyncExitStack() as stack:
            await self._open(stack)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close every door and remove the directory file."""
        await self._stack.aclose()

    async def settle(self) -> None:
        """Bring every door to what the switches say now."""
        async with self._settling:
            for service, door in self._doors:
                await door.set(self._posture(service))
            for service, udp_door in self._udp_doors:
                if self._posture(service) is Posture.CLOSED:
                    udp_door.close()
                else:
                    await udp_door.open(LOOPBACK)

    async def _open(self, stack: contextlib.AsyncExitStack) -> None:
        authority = CertificateAuthority(self._folder / "certificates", now=self._now)
        for service in self._network.services:
            if service.kind == "udp":
                await self._open_udp(stack, service)
                continue
            door = Door(partial(self._answer, service, authority))
            stack.push_async_callback(door.close)
            self._doors.append((service, door))
        await self.settle()
        resolver = Resolver(
            self._network.zones, self._state_of, now=self._now, key_digest=authority.key_digest
        )
        dns_port = await self._open_dns(stack, authority, resolver)
        parent = ParentView(resolver.servers_at_parent)
        registry = UdpDoor(lambda data: parent.answer(data, over_tcp=False))
        await registry.open(LOOPBACK)
        stack.callback(registry.close)
        self._datagrams[f"{SERVER}:53"] = (LOOPBACK, registry.port)
        self._write_directory(dns_port, authority, resolver.registry.anchor)
        stack.callback(self.directory_path.unlink, missing_ok=True)
        watch = asyncio.create_task(self._watch())
        stack.push_async_callback(_end, watch)

    async def _open_udp(self, stack: contextlib.AsyncExitStack, service: Service) -> None:
        """Take a number for datagrams; the door is then closed if the switches say so."""
        door = UdpDoor(partial(self._reply, service))
        await door.open(LOOPBACK)
        stack.callback(door.close)
        self._udp_doors.append((service, door))
        self._datagrams[service.name] = (LOOPBACK, door.port)

    def _reply(self, service: Service, data: bytes) -> bytes | None:
        settings = service.settings_under(self._state_of)
        if settings is None or settings.pop("closed", False):
            return None
        return udp.answer(data, udp.UdpSettings(**settings))

    async def _open_dns(
        self,
        stack: contextlib.AsyncExitStack,
        authority: CertificateAuthority,
        resolver: Resolver,
    ) -> int:
        server = DnsServer(resolver)

        async def answer(caller: socket.socket) -> None:
            async with asyncio.timeout(CONVERSATION_S):
                await server.serve(Call(caller, "ns1.lab-dns.example", {}, authority))

        for _ in range(_DNS_ATTEMPTS):
            door = Door(answer)
            try:
                await server.open(LOOPBACK, door.port)
            except OSError:  # that number is taken for UDP: another one
                await door.close()
                continue
            stack.push_async_callback(door.close)
            stack.callback(server.close)
            await door.set(Posture.OPEN)
            return door.port
        raise OSError("no port is free for both UDP and TCP")

    async def _answer(
        self, service: Service, authority: CertificateAuthority, caller: socket.socket
    ) -> None:
        settings = service.settings_under(self._state_of)
        if settings is None or settings.pop("closed", False):
            # The switch was turned a moment ago and the door is about to follow.
            reset(caller)
            return
        async with asyncio.timeout(CONVERSATION_S):
            await SERVERS[service.kind](Call(caller, service.host, settings, authority))

    def _posture(self, service: Service) -> Posture:
        settings = service.settings_under(self._state_of)
        if settings is None:
            # Not a refusal: that is how a port answers which somebody closed as the repair.
            return Posture.SILENT
        return Posture.CLOSED if settings.get("closed") else Posture.OPEN

    def _state_of(self, name: str) -> State:
        with contextlib.suppress(InputError):  # a file being edited by hand: the last good one
            self._states = self._switchboard.states()
        return self._states.get(name, State.BROKEN)

    def _write_directory(self, dns_port: int, authority: CertificateAuthority, anchor: str) -> None:
        write_json(
            self.directory_path,
            {
                "dns": [LOOPBACK, dns_port],
                "services": self.services,
                "datagrams": self._datagrams,
                "anchors": [anchor],
                "ca": str(authority.path),
                "roots": authority.path.read_text(),
            },
        )

    async def _watch(self) -> None:
        seen: dict[str, State] | None = None
        while True:
            with contextlib.suppress(InputError):
                states = self._switchboard.states()
                if states != seen:
                    await self.settle()
                    seen = states
            await asyncio.sleep(LOOK_S)


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
