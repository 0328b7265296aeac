"""Ask a name server one question; read its answer without trusting it.

``encode_query`` and ``read_answer`` are pure. ``DnsClient`` sends by UDP, again by TCP when the
answer is truncated, twice to each server at most.
Sources: RFC 1035, RFC 6891 (EDNS), RFC 7766 (TCP).
"""

from __future__ import annotations

import asyncio
import secrets
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
from dns.rdtypes.ANY.CNAME import CNAME
from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.ANY.NS import NS
from dns.rdtypes.ANY.PTR import PTR
from dns.rdtypes.ANY.TXT import TXT

from hygie.engines.probing.errors import ProtocolError

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_RECORDS: Final = 512
_PAYLOAD: Final = 1232  # avoids fragments, https://www.dnsflagday.net/2020/
_ALIASES: Final = 16
_HEADER_BYTES: Final = 12


@dataclass(frozen=True, slots=True)
class DnsAnswer:
    """What the DNS says of one name and one type.

    Attributes:
        rcode: ``NOERROR``, ``NXDOMAIN``, ``SERVFAIL``, ``REFUSED``...
        records: the values, aliases followed: addresses as text, names in lower case without
            final dot, TXT with its strings joined, MX as ``10 mail.example``, others in
            presentation format.
        aliases: names the CNAME records lead to, in order.
        authenticated: the resolver vouches for DNSSEC (AD bit).
        wire: the message itself, as evidence.
    """

    rcode: str
    records: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    authenticated: bool = False
    wire: bytes = b""

    @property
    def exists(self) -> bool:
        """Tell whether the name has at least one record of this type."""
        return bool(self.records)

    @property
    def failed(self) -> bool:
        """Tell whether the servers could not say (neither a value nor its absence)."""
        return self.rcode not in ("NOERROR", "NXDOMAIN")


def encode_query(name: str, rdtype: str, *, checking_disabled: bool = False) -> bytes:
    """Return a recursive query; with ``checking_disabled`` it also wants the signatures.

    Raises:
        ProtocolError: if ``name`` cannot be a domain name or ``rdtype`` is unknown.
    """
    try:
        question = dns.name.from_text(name).to_wire() or b""
        kind = dns.rdatatype.from_text(rdtype)
    except (dns.exception.DNSException, UnicodeError, ValueError) as error:
        raise ProtocolError(f"« {name[:80]} » n’est pas un nom de domaine") from error
    flags = dns.flags.RD | (dns.flags.CD if checking_disabled else 0)
    header = struct.pack(">HHHHHH", secrets.randbelow(0x10000), flags, 1, 0, 0, 1)
    wants_signatures = 0x8000 if checking_disabled else 0
    edns = struct.pack(">BHHHHH", 0, dns.rdatatype.OPT, _PAYLOAD, 0, wants_signatures, 0)
    return header + question + struct.pack(">HH", kind, dns.rdataclass.IN) + edns


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
    message = read_message(wire)
    asked, length = dns.name.from_wire(query, _HEADER_BYTES)
    kind = dns.rdatatype.RdataType.make(int.from_bytes(query[_HEADER_BYTES + length :][:2], "big"))
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
    )


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
    while name in targets and len(aliases) < _ALIASES:
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
    """

    def __init__(self, servers: Sequence[tuple[str, int]], *, attempt_s: float = 2.0) -> None:
        self._servers = tuple(servers)
        self._attempt_s = attempt_s

    async def ask(self, query: bytes) -> DnsAnswer:
        """Return the first readable answer.

        Raises:
            TimeoutError: if no server answers.
            ProtocolError: if the last answer is unreadable.
            OSError: if no server can be reached.
        """
        failure: Exception = TimeoutError()
        for server in self._servers * 2:
            try:
                async with asyncio.timeout(self._attempt_s):
                    wire = await _by_udp(server, query)
                    if is_truncated(wire):
                        wire = await _by_tcp(server, query)
                return read_answer(query, wire)
            except (TimeoutError, ProtocolError, OSError) as error:
                failure = error
        raise failure


class _OneAnswer(asyncio.DatagramProtocol):
    """Waits for the one datagram that carries the identifier of the question."""

    def __init__(self, query: bytes, answer: asyncio.Future[bytes]) -> None:
        self._query = query
        self._answer = answer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.sendto(self._query)  # type: ignore[attr-defined] # a datagram transport

    def datagram_received(self, data: bytes, addr: tuple[str | object, int]) -> None:  # noqa: ARG002
        if data[:2] == self._query[:2] and not self._answer.done():
            self._answer.set_result(data)

    def error_received(self, exc: Exception) -> None:
        if not self._answer.done():
            self._answer.set_exception(exc)


async def _by_udp(server: tuple[str, int], query: bytes) -> bytes:
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[bytes] = loop.create_future()
    transport, _ = await loop.create_datagram_endpoint(
        lambda: _OneAnswer(query, answer), remote_addr=server
    )
    try:
        return await answer
    finally:
        transport.close()


async def _by_tcp(server: tuple[str, int], query: bytes) -> bytes:
    reader, writer = await asyncio.open_connection(*server)
    try:
        writer.write(struct.pack(">H", len(query)) + query)
        await writer.drain()
        (length,) = struct.unpack(">H", await reader.readexactly(2))
        return await reader.readexactly(length)
    except asyncio.IncompleteReadError as error:
        raise ProtocolError("réponse DNS coupée") from error
    finally:
        writer.transport.abort()
