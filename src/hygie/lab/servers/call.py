"""What every server of the lab receives: one caller, and the settings that hold right now."""

from __future__ import annotations

import asyncio
import contextlib
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hygie.lab.certificates import TlsSettings

if TYPE_CHECKING:
    import socket
    import ssl
    from collections.abc import AsyncIterator

    from hygie.lab.certificates import CertificateAuthority
    from hygie.lab.network import Settings

CONVERSATION_S: Final = 10.0
"""No caller keeps a server longer than this."""

MAX_REQUEST_BYTES: Final = 65_536
_GOODBYE_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Call:
    """One accepted connection.

    Attributes:
        caller: the connected socket; the server owns it.
        host: the name the caller asked for, as far as the world knows.
        settings: fields of the server's own settings class.
        authority: signs for ``host``.
    """

    caller: socket.socket
    host: str
    settings: Settings
    authority: CertificateAuthority

    def tls_context(self) -> ssl.SSLContext:
        """Return the server side of TLS under the settings that hold now."""
        names = TlsSettings.__dataclass_fields__
        wanted = {key: value for key, value in self.settings.items() if key in names}
        return self.authority.context(self.host, TlsSettings(**wanted))


class Line:
    """Both directions of an open connection, that may begin TLS on the way."""

    def __init__(
        self, reader: asyncio.StreamReader, protocol: _Ending, transport: asyncio.Transport
    ) -> None:
        self.reader = reader
        self._protocol = protocol
        self._transport = transport

    async def start_tls(self, tls: ssl.SSLContext) -> None:
        """Begin TLS on a plain line.

        Raises:
            OSError: if the caller leaves or TLS cannot be agreed.
        """
        transport = await asyncio.get_running_loop().start_tls(
            self._transport,
            self._protocol,
            tls,
            server_side=True,
            ssl_handshake_timeout=CONVERSATION_S,
            ssl_shutdown_timeout=_GOODBYE_S,
        )
        if transport is None:
            raise ConnectionResetError
        self._transport = transport

    async def send(self, data: bytes) -> None:
        """Write all of ``data``; answers of the lab are small enough to need no pacing."""
        self._transport.write(data)
        await asyncio.sleep(0)

    async def hang_up(self, *, politely: bool) -> None:
        """End the line; politely waits until what was sent has left."""
        if politely:
            self._transport.close()
            await self._protocol.wait_lost()
        self._transport.abort()
        await self._protocol.wait_lost()


class _Ending(asyncio.StreamReaderProtocol):
    """A stream that tells when its connection is really gone."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        super().__init__(reader)
        self._lost = asyncio.Event()

    def connection_lost(self, exc: Exception | None) -> None:
        """Note the end."""
        super().connection_lost(exc)
        self._lost.set()

    async def wait_lost(self) -> None:
        """Wait for the end, a moment at most."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_GOODBYE_S):
                await self._lost.wait()


@asynccontextmanager
async def answering(call: Call, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[Line]:
    """Open the line to the caller and end it well, whatever happens.

    Raises:
        OSError: if the caller leaves or TLS cannot be agreed.
    """
    line = await _pick_up(call.caller, tls)
    polite = False
    try:
        yield line
        polite = True
    finally:
        await line.hang_up(politely=polite)


async def _pick_up(caller: socket.socket, tls: ssl.SSLContext | None) -> Line:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=MAX_REQUEST_BYTES)
    protocol = _Ending(reader)
    try:
        transport, _ = await loop.connect_accepted_socket(
            lambda: protocol,
            caller,
            ssl=tls,
            ssl_handshake_timeout=CONVERSATION_S if tls else None,
            ssl_shutdown_timeout=_GOODBYE_S if tls else None,
        )
    except BaseException:
        caller.close()
        raise
    return Line(reader, protocol, transport)
