"""What the tests of probes talk to: little servers on loopback, a DNS in memory, certificates."""

from __future__ import annotations

import asyncio
import datetime as dt
import ssl
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, TypeVar

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hygie.engines.probing.dnswire import DnsAnswer
from hygie.engines.probing.errors import ForbiddenError
from hygie.engines.probing.network import LabNetwork

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
    from pathlib import Path

NOW = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)
HOST = "www.ch-epreuve.example"
NO_DNS = ["127.0.0.1", 9]

Handler = "Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]"
T = TypeVar("T")


def run(coroutine: Coroutine[object, object, T]) -> T:
    return asyncio.run(coroutine)


@asynccontextmanager
async def serving(
    handler: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
    context: ssl.SSLContext | None = None,
) -> AsyncIterator[int]:
    tasks: set[asyncio.Task[None] | None] = set()

    async def guarded(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.current_task())
        with suppress(OSError, asyncio.CancelledError, asyncio.IncompleteReadError):
            await handler(reader, writer)
        writer.transport.abort()

    server = await asyncio.start_server(guarded, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tasks:
            if task is not None:
                task.cancel()
        await asyncio.sleep(0)
        await asyncio.sleep(0)


def lab(services: Mapping[str, int], **settings: object) -> LabNetwork:
    places = {name: ["127.0.0.1", port] for name, port in services.items()}
    return LabNetwork({"dns": NO_DNS, "services": places, **settings})


def answering(
    data: bytes, *, after: int = 1
) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    """Read something (unless ``after`` is 0), say ``data``, hang up."""

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if after:
            await reader.read(65_536)
        writer.write(data)
        await writer.drain()
        writer.write_eof()
        await reader.read(65_536)

    return handler


class MemoryResolver:
    """A DNS held in a dict: (name, type) to records; a name in no key does not exist."""

    def __init__(
        self,
        records: Mapping[tuple[str, str], Sequence[str]],
        failing: Sequence[str] = (),
    ) -> None:
        self.records = {(name.lower(), kind): values for (name, kind), values in records.items()}
        self.names = {name for name, _ in self.records}
        self.failing = set(failing)
        self.asked: list[tuple[str, str]] = []

    async def query(
        self,
        name: str,
        rdtype: str,
        *,
        checking_disabled: bool = False,  # noqa: ARG002 - part of the protocol
    ) -> DnsAnswer:
        name = name.lower()
        self.asked.append((name, rdtype))
        if name in self.failing:
            return DnsAnswer("SERVFAIL")
        found = tuple(self.records.get((name, rdtype), ()))
        exists = any(known == name or known.endswith(f".{name}") for known in self.names)
        return DnsAnswer("NOERROR" if exists else "NXDOMAIN", found)


class MemoryNetwork(MemoryResolver):
    """A resolver in memory, whose every port is closed unless a lab is given."""

    user_agent = "Hygie/test"
    extra_roots = b""
    trust_anchors: tuple[str, ...] = ()

    def __init__(
        self,
        records: Mapping[tuple[str, str], Sequence[str]],
        services: Mapping[str, int] | None = None,
        failing: Sequence[str] = (),
        **directory: object,
    ) -> None:
        super().__init__(records, failing)
        self._lab = lab(services or {}, **directory)
        self.extra_roots = self._lab.extra_roots
        self.at_servers: dict[tuple[str, str], DnsAnswer] = {}

    async def resolve(self, name: str) -> tuple[str, ...]:
        return (await self.query(name, "A")).records

    async def open(self, host: str, port: int, *, address: str | None = None) -> object:
        return await self._lab.open(host, port, address=address)

    async def exchange(
        self, host: str, port: int, data: bytes, *, address: str | None = None
    ) -> bytes:
        return await self._lab.exchange(host, port, data, address=address)

    async def query_at(self, server: str, name: str, rdtype: str) -> DnsAnswer:
        if (server, rdtype) not in self.at_servers:
            raise ForbiddenError(f"{server} : {name} hors du périmètre")
        return self.at_servers[server, rdtype]


Key = ec.EllipticCurvePrivateKey


class Authority:
    """Signs certificates for tests."""

    def __init__(self, name: str = "Autorité d’épreuve") -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        usage = x509.KeyUsage(*[False] * 5, True, True, False, False)  # noqa: FBT003 - signs only
        self.certificate = (
            self._builder(self.name, self.key)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), critical=False
            )
            .sign(self.key, hashes.SHA256())
        )

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def _builder(
        self, subject: x509.Name, key: Key, end: dt.datetime | None = None
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - dt.timedelta(days=200))
            .not_valid_after(end or NOW + dt.timedelta(days=100))
        )

    def sign(
        self, *names: str, end: dt.datetime | None = None, key: Key | None = None
    ) -> tuple[x509.Certificate, Key]:
        own = key or ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
        certificate = (
            self._builder(subject, own, end)
            .add_extension(
                x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False
            )
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()),
                critical=False,
            )
            .sign(self.key, hashes.SHA256())
        )
        return certificate, own


def der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def server_context(folder: Path, certificate: x509.Certificate, key: Key) -> ssl.SSLContext:
    path = folder / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context
