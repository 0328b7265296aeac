"""TLS inside a bounded connection, certificates not judged: the reader of facts judges nothing.

Python's ``ssl`` runs on memory buffers here, so that the bounds of the connection still hold.
"""

from __future__ import annotations

import ssl
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from hygie.engines.probing.connection import MAX_BYTES, Stream
from hygie.engines.probing.errors import ProtocolError

if TYPE_CHECKING:
    from hygie.engines.probing.connection import Connection

_LEGACY_SERVER_CONNECT: Final = 0x4  # ssl.OP_LEGACY_SERVER_CONNECT, named since Python 3.12
_DER: Final = 2  # _ssl.ENCODING_DER


class TlsChannel(Stream):
    """What is read and written inside TLS; closing it is closing the connection below."""

    def __init__(self, connection: Connection, server_name: str) -> None:
        super().__init__(max_bytes=MAX_BYTES)
        self._below = connection
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._session = _lenient_context().wrap_bio(
            self._incoming, self._outgoing, server_hostname=server_name
        )

    async def handshake(self) -> None:
        """Agree with whatever the service offers.

        Raises:
            ProtocolError: if no handshake is possible.
        """
        while True:
            try:
                self._session.do_handshake()
            except ssl.SSLWantReadError:
                await self._flush()
                await self._feed()
            except (ssl.SSLError, ValueError) as error:
                raise ProtocolError("le service refuse la négociation TLS") from error
            else:
                await self._flush()
                return

    async def write(self, data: bytes) -> None:
        """Send all of ``data``."""
        try:
            self._session.write(data)
        except ssl.SSLError as error:
            raise ProtocolError("la session TLS est rompue") from error
        await self._flush()

    async def _receive(self, limit: int) -> bytes:
        while True:
            try:
                return self._session.read(limit)
            except ssl.SSLWantReadError:
                await self._flush()
                if not await self._feed():
                    return b""
            except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                return b""
            except ssl.SSLError as error:
                raise ProtocolError("la session TLS est rompue") from error

    async def _flush(self) -> None:
        if data := self._outgoing.read():
            await self._below.write(data)

    async def _feed(self) -> bool:
        data = await self._below.read()
        if data:
            self._incoming.write(data)
        else:
            self._incoming.write_eof()
        return bool(data)

    @property
    def cipher(self) -> str | None:
        """Return OpenSSL's name of the suite agreed on."""
        agreed = self._session.cipher()
        return agreed[0] if agreed else None

    def certificates(self) -> tuple[bytes, ...]:
        """Return the chain as sent, DER, the service's own certificate first."""
        own = self._session.getpeercert(binary_form=True)
        chain = _unverified_chain(self._session)
        return chain or ((own,) if own else ())


def _unverified_chain(session: ssl.SSLObject) -> tuple[bytes, ...]:
    """Read the chain: public since Python 3.13, under ``_sslobj`` before."""
    holder: Any = session if hasattr(session, "get_unverified_chain") else session._sslobj  # type: ignore[attr-defined] # noqa: SLF001 - the only way before 3.13
    chain = holder.get_unverified_chain() or ()
    return tuple(item if isinstance(item, bytes) else item.public_bytes(_DER) for item in chain)


@cache
def _lenient_context() -> ssl.SSLContext:
    """Accept old versions and weak suites: observing a weakness needs to speak it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.options |= _LEGACY_SERVER_CONNECT
    return context
