"""Put one ClientHello to a service, straight away or after STARTTLS, and tell what came of it.

An answer is a reply, a hang-up, silence, or the reason why nothing was asked: each is a fact.
"""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, Protocol, TypeVar

from hygie.engines.probing.errors import ForbiddenError, ProtocolError
from hygie.engines.probing.smtp import begin_tls
from hygie.engines.probing.tls_hello import REPLY_MAX_BYTES, Offer, encode_offer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from hygie.engines.probing.connection import Connection, Stream
    from hygie.engines.probing.network import Network

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Reader(Protocol[T_co]):
    """Reads what came so far."""

    def __call__(self, data: bytes, *, ended: bool) -> T_co | None:
        """Return what was read; None asks for more, ``ended`` says that no more will come."""


HELLO_TIMEOUT_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Door:
    """Where TLS begins.

    Attributes:
        host, port, address: the service, at an address known already or not.
        network: what connects.
        starttls: the service speaks SMTP first.
    """

    host: str
    port: int
    network: Network
    address: str | None = None
    starttls: bool = False

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Connection]:
        """Connect, up to the moment where a ClientHello may be sent.

        Raises:
            ProtocolError: if SMTP refuses STARTTLS.
            ForbiddenError, OSError, TimeoutError: if the service cannot be reached.
        """
        async with await self.network.open(self.host, self.port, address=self.address) as line:
            if self.starttls and not await begin_tls(line):
                raise ProtocolError("le serveur de messagerie ne propose pas STARTTLS")
            yield line


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """What one ClientHello brought.

    Attributes:
        reply: what was read, None when nothing was.
        closed: the service hung up without a word of TLS.
        data: the bytes received.
        failure: why nothing could be asked, or why what came is unreadable; None otherwise.
    """

    reply: T | None = None
    closed: bool = False
    data: bytes = b""
    failure: Exception | None = None


async def ask(
    door: Door, offer: Offer | bytes, read: Reader[T], *, timeout_s: float = HELLO_TIMEOUT_S
) -> Answer[T]:
    """Send ``offer`` (or a hello made elsewhere) and read the answer with ``read``."""
    hello = (
        offer if isinstance(offer, bytes) else encode_offer(offer, door.host, random=os.urandom(64))
    )
    try:
        async with door.open() as line:
            try:
                async with asyncio.timeout(timeout_s):
                    await line.write(hello)
                    return await _read(line, read)
            except ConnectionError:
                return Answer(closed=True)
            except TimeoutError:
                return Answer()
    except (ProtocolError, ForbiddenError, OSError) as error:
        return Answer(failure=error)


async def _read(stream: Stream, read: Reader[T]) -> Answer[T]:
    data = b""
    while (reply := read(data, ended=False)) is None:
        more = await stream.read(REPLY_MAX_BYTES)
        if not more:
            last = read(data, ended=True)
            return Answer(last, closed=last is None, data=data)
        data += more
    return Answer(reply, data=data)
