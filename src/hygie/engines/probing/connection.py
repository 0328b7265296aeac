"""One bounded conversation with one service: bytes in, bytes out, never more than allowed.

Every stream counts what it receives and refuses to go past ``max_bytes``; waiting is bounded
by the caller (``politeness.time_limit``). Memory therefore stays bounded whatever the peer does.
"""

from __future__ import annotations

import asyncio
import socket
from abc import ABC, abstractmethod
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from hygie.engines.probing.errors import ProtocolError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType
    from typing import Self

MAX_BYTES: Final = 262_144
_CHUNK: Final = 16_384


class Stream(ABC):
    """What probes read from and write to: a TCP connection or a TLS channel inside one."""

    def __init__(self, *, max_bytes: int) -> None:
        self._left = max_bytes
        self._ahead = b""

    @abstractmethod
    async def write(self, data: bytes) -> None:
        """Send all of ``data``."""

    @abstractmethod
    async def _receive(self, limit: int) -> bytes:
        """Return 1 to ``limit`` bytes, or ``b""`` when the peer has closed."""

    async def read(self, limit: int = _CHUNK) -> bytes:
        """Return 1 to ``limit`` bytes, or ``b""`` at the end.

        Raises:
            ProtocolError: once the peer has sent more than ``max_bytes``.
        """
        if self._ahead:
            taken, self._ahead = self._ahead[:limit], self._ahead[limit:]
            return taken
        if self._left <= 0:
            raise ProtocolError("le service envoie sans fin ; lecture arrêtée à la borne")
        data = await self._receive(min(limit, self._left))
        self._left -= len(data)
        return data

    async def read_exactly(self, count: int) -> bytes:
        """Return ``count`` bytes.

        Raises:
            ProtocolError: if the peer closes before.
        """
        parts: list[bytes] = []
        missing = count
        while missing:
            data = await self.read(missing)
            if not data:
                raise ProtocolError("le service a fermé la connexion au milieu de sa réponse")
            parts.append(data)
            missing -= len(data)
        return b"".join(parts)

    async def read_until(self, marker: bytes, *, limit: int) -> bytes:
        """Return what comes up to and including ``marker``; what follows stays readable.

        Raises:
            ProtocolError: if ``limit`` bytes or the end come first.
        """
        held = bytearray()
        while (end := held.find(marker)) < 0:
            data = await self.read()
            if not data or len(held) + len(data) > limit + _CHUNK:
                raise ProtocolError("réponse incomplète ou trop longue")
            held += data
        end += len(marker)
        if end > limit:
            raise ProtocolError("réponse trop longue")
        self._ahead = bytes(held[end:]) + self._ahead
        return bytes(held[:end])

    async def read_greeting(self, limit: int, *, wait_s: float, quiet_s: float = 0.1) -> bytes:
        """Return what the peer says unasked: nothing after ``wait_s`` of silence is an answer.

        Reading ends at ``limit`` bytes, at the end, or ``quiet_s`` after the last byte.
        """
        held = bytearray()
        try:
            async with asyncio.timeout(wait_s):
                held += await self.read(limit)
                while held and len(held) < limit:
                    async with asyncio.timeout(quiet_s):
                        data = await self.read(limit - len(held))
                    if not data:
                        break
                    held += data
        except TimeoutError:
            pass  # silence ends a greeting
        return bytes(held)


class Connection(Stream):
    """A TCP connection to the one address that was checked; leave it with ``async with``."""

    def __init__(
        self, line: socket.socket, *, on_close: Callable[[], None], max_bytes: int = MAX_BYTES
    ) -> None:
        super().__init__(max_bytes=max_bytes)
        self._line = line
        self._on_close = on_close
        self._loop = asyncio.get_running_loop()
        self._waiting = 0
        self._closed = False

    async def write(self, data: bytes) -> None:
        """Send all of ``data``."""
        with self._wait():
            await self._loop.sock_sendall(self._line, data)

    async def _receive(self, limit: int) -> bytes:
        with self._wait():
            return await self._loop.sock_recv(self._line, limit)

    @contextmanager
    def _wait(self) -> Iterator[None]:
        """Keep the socket until the last one who waits on it has gone."""
        if self._closed:
            raise ConnectionAbortedError
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1
            if self._closed and not self._waiting:
                self._line.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def is_closed(self) -> bool:
        """Tell whether we have dropped it."""
        return self._closed

    def close(self) -> None:
        """Drop the connection at once; a second call does nothing.

        Whoever waits on it is woken by its end: closing a watched socket would leave them waiting.
        """
        if self._waiting and not self._closed:
            with suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)
        elif not self._closed:
            self._line.close()
        self._closed = True
        done, self._on_close = self._on_close, _nothing
        done()


def _nothing() -> None:
    """Stand in for a callback already called."""
