"""Ask a name server one question; read its answer without trusting it.

``read_answer`` is pure: plain answers are read by ``dnswire``, the others by dnspython.
``DnsClient`` sends by UDP, again by TCP when the answer is truncated, twice to each server at
most. Questions asked at the same time to one server share one socket, whose port changes each
time it falls idle. Sources: RFC 1035, RFC 6891 (EDNS), RFC 7766 (TCP), RFC 5452 (spoofing).
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from typing import TYPE_CHECKING, Final

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdatatype
from dns.rdtypes.ANY.CNAME import CNAME
from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.ANY.NS import NS
from dns.rdtypes.ANY.PTR import PTR
from dns.rdtypes.ANY.TXT import TXT

from hygie.engines.probing.dnswire import (
    ALIASES_MAX,
    HEADER_BYTES,
    MAX_RECORDS,
    DnsAnswer,
    encode_query,
    read_plain,
)
from hygie.engines.probing.errors import ProtocolError
from hygie.engines.probing.politeness import off_the_clock

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["DnsAnswer", "DnsClient", "encode_query", "read_answer", "read_message"]

_SHARED_MAX: Final = 128
_DATAGRAM_MAX: Final = 65_535


def read_message(wire: bytes) -> dns.message.Message:
    """Return the message, whatever it says.

    Raises:
        ProtocolError: if the bytes are not one DNS message (loops in names included).
    """
    try:
        return dns.message.from_wire(wire, ignore_trailing=True)
    except (dns.exception.DNSException, ValueError, struct.error, LookupError) as error:
        raise ProtocolError("réponse DNS illisible") from error


def is_truncated(wire: bytes) -> bool:
    """Tell whether the server asks to come back by TCP."""
    return len(wire) > 3 and bool(wire[2] & 0x02)  # noqa: PLR2004 - TC bit, RFC 1035 4.1.1


def read_answer(query: bytes, wire: bytes) -> DnsAnswer:
    """Read the answer to ``query``.

    Raises:
        ProtocolError: if ``wire`` is unreadable or answers another question.
    """
    if (plain := read_plain(query, wire)) is not None:
        return plain
    message = read_message(wire)
    asked, length = dns.name.from_wire(query, HEADER_BYTES)
    kind = dns.rdatatype.RdataType.make(int.from_bytes(query[HEADER_BYTES + length :][:2], "big"))
    answers_it = not message.question or (
        message.question[0].name == asked and message.question[0].rdtype == kind
    )
    if wire[:2] != query[:2] or not answers_it:
        raise ProtocolError("la réponse DNS ne répond pas à la question posée")
    name, aliases = _follow_aliases(message, asked, kind)
    records = [
        record_text(rdata)
        for rrset in message.answer
        if rrset.rdtype == kind and rrset.name == name
        for rdata in list(rrset)[:MAX_RECORDS]
    ]
    return DnsAnswer(
        rcode=dns.rcode.to_text(message.rcode()),
        records=tuple(records[:MAX_RECORDS]),
        aliases=tuple(aliases),
        authenticated=bool(message.flags & dns.flags.AD),
        wire=wire,
        authoritative=bool(message.flags & dns.flags.AA),
        denied_by=None if records else _denying_zone(message),
    )


def _denying_zone(message: dns.message.Message) -> str | None:
    owners = [rrset.name for rrset in message.authority if rrset.rdtype == dns.rdatatype.SOA]
    return name_text(owners[-1]) if owners else None


def _follow_aliases(
    message: dns.message.Message, name: dns.name.Name, kind: dns.rdatatype.RdataType
) -> tuple[dns.name.Name, list[str]]:
    if kind == dns.rdatatype.CNAME:
        return name, []
    targets = {
        rrset.name: rrset[0].target
        for rrset in message.answer
        if rrset.rdtype == dns.rdatatype.CNAME and len(rrset)
    }
    aliases: list[str] = []
    while name in targets and len(aliases) < ALIASES_MAX:
        name = targets[name]
        aliases.append(name_text(name))
    return name, aliases


def record_text(rdata: dns.rdata.Rdata) -> str:
    """Write one record as DnsAnswer.records does."""
    match rdata:
        case TXT():
            return b"".join(rdata.strings).decode("utf-8", "replace")
        case MX():
            return f"{rdata.preference} {name_text(rdata.exchange)}"
        case NS() | CNAME() | PTR():
            return name_text(rdata.target)
        case _:
            return rdata.to_text()


def name_text(name: dns.name.Name) -> str:
    """Write a name as people do: lower case, no final dot; the root stays ``.``."""
    return name.to_text(omit_final_dot=True).lower() or "."


class DnsClient:
    """Asks the given servers, in order.

    Args:
        servers: (address, port) of recursive servers, or of the lab's own.
        attempt_s: seconds given to each try.
        at_once: questions under way at a time; the others wait, and their time does not run.
    """

    def __init__(
        self,
        servers: Sequence[tuple[str, int]],
        *,
        attempt_s: float = 2.0,
        at_once: int = 128,
    ) -> None:
        self._servers = tuple(servers)
        self._attempt_s = attempt_s
        self._at_once = at_once
        self._turns: tuple[asyncio.AbstractEventLoop, asyncio.Semaphore] | None = None
        self._lines: dict[tuple[str, int], _Line] = {}

    async def ask(self, query: bytes) -> DnsAnswer:
        """Return the first readable answer.

        Raises:
            TimeoutError: if no server answers.
            ProtocolError: if the last answer is unreadable.
            OSError: if no server can be reached.
        """
        turns = self._turns_of(asyncio.get_running_loop())
        failure: Exception = TimeoutError()
        for server in self._servers * 2:
            async with off_the_clock():
                await turns.acquire()
            try:
                async with asyncio.timeout(self._attempt_s):
                    wire = await self._by_udp(server, query)
                    if is_truncated(wire):
                        wire = await _by_tcp(server, query)
                return read_answer(query, wire)
            except (TimeoutError, ProtocolError, OSError) as error:
                failure = error
            finally:
                turns.release()
        raise failure

    def _turns_of(self, loop: asyncio.AbstractEventLoop) -> asyncio.Semaphore:
        """Return the bound on questions under way: bursts overflow buffers and lose answers."""
        if self._turns is None or self._turns[0] is not loop:
            self._turns = loop, asyncio.Semaphore(self._at_once)
        return self._turns[1]

    async def _by_udp(self, server: tuple[str, int], query: bytes) -> bytes:
        line = self._lines.get(server)
        loop = asyncio.get_running_loop()
        if line is None or not line.takes(query, loop):
            line = self._lines[server] = _Line(server, loop)
        return await line.ask(query)


class _Line:
    """One socket towards one server, for the questions of one moment."""

    def __init__(self, server: tuple[str, int], loop: asyncio.AbstractEventLoop) -> None:
        family = socket.AF_INET6 if ":" in server[0] else socket.AF_INET
        self._loop = loop
        self._waiting: dict[bytes, asyncio.Future[bytes]] = {}
        self._asked = 0
        self._open = True
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        try:
            self._socket.setblocking(False)  # noqa: FBT003 - the library's signature
            self._socket.connect(server)
            loop.add_reader(self._socket, self._receive)
        except BaseException:
            self._socket.close()
            raise

    def takes(self, query: bytes, loop: asyncio.AbstractEventLoop) -> bool:
        """Tell whether this question may still go this way; its number must be free."""
        usable = self._open and self._loop is loop and self._asked < _SHARED_MAX
        return usable and query[:2] not in self._waiting

    async def ask(self, query: bytes) -> bytes:
        """Return the datagram that carries the number of the question."""
        self._asked += 1
        number = query[:2]
        answer: asyncio.Future[bytes] = self._loop.create_future()
        self._waiting[number] = answer
        try:
            with contextlib.suppress(BlockingIOError):  # lost on the way out: asked again later
                self._socket.send(query)
            return await answer
        finally:
            del self._waiting[number]
            if not self._waiting:
                self._close()

    def _receive(self) -> None:
        try:
            wire = self._socket.recv(_DATAGRAM_MAX)
        except BlockingIOError:
            return
        except OSError as error:
            self._fail(error)
            return
        answer = self._waiting.get(wire[:2])
        if answer is not None and not answer.done():
            answer.set_result(wire)

    def _fail(self, error: OSError) -> None:
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(error)

    def _close(self) -> None:
        if self._open:
            self._open = False
            self._loop.remove_reader(self._socket)
            self._socket.close()


async def _by_tcp(server: tuple[str, int], query: bytes) -> bytes:
    reader, writer = await asyncio.open_connection(*server)
    try:
        writer.write(struct.pack(">H", len(query)) + query)
        await writer.drain()
        length = int.from_bytes(await reader.readexactly(2), "big")
        return bytes(await reader.readexactly(length))
    except asyncio.IncompleteReadError as error:
        raise ProtocolError("réponse DNS coupée") from error
    finally:
        writer.transport.abort()
