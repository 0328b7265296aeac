"""Services on UDP: each answers the one harmless question that a client asks first.

A tampering question, a community or a password gets no answer: none of it exists here.
"""

from __future__ import annotations

import asyncio
import contextlib
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

import dns.exception
import dns.flags
import dns.message
import dns.rdatatype
import dns.rrset

if TYPE_CHECKING:
    from collections.abc import Callable

_SNMP_REPORT: Final = bytes.fromhex(
    "3069020103 3011 02024a69 020300ffe3 040100 020103"
    "0420 301e 040b 80001f8803001122334455 020101 020200ff 0400 0400 0400"
    "302f 040b 80001f8803001122334455 0400 a81e 020237f0 020100 020100"
    "3012 3010 060a 2b060106030f01010400 410101"
)


@dataclass(frozen=True, slots=True)
class UdpSettings:
    """What answers.

    Attributes:
        service: a key of ANSWERS.
        text: what it says of itself, where the protocol lets it.
    """

    service: str
    text: str = ""


def answer(data: bytes, settings: UdpSettings) -> bytes | None:
    """Return the answer to one datagram, None for silence."""
    return ANSWERS[settings.service](data, settings.text)


def _snmp(data: bytes, _text: str) -> bytes | None:
    return _SNMP_REPORT if data[:1] == b"\x30" and b"\x02\x01\x03" in data[:8] else None


def _ipmi(data: bytes, _text: str) -> bytes | None:
    if data[:4] != b"\x06\x00\xff\x06" or data[8:9] != b"\x80":
        return None
    pong = struct.pack(">IBBBB", 0x11BE, 0x40, data[9], 0, 16)
    return data[:4] + pong + struct.pack(">II", 0x11BE, 0) + b"\x81" + bytes(7)


def _memcached(data: bytes, text: str) -> bytes | None:
    return data[:8] + f"VERSION {text}\r\n".encode() if data[8:] == b"version\r\n" else None


def _bacnet(data: bytes, _text: str) -> bytes | None:
    if data[:2] != b"\x81\x0a" or data[6:8] != b"\x10\x08":
        return None
    return bytes.fromhex("810a0014 0100 1000 c4020004d2 22040091 0321 0f 00".replace(" ", ""))


def _ntp(data: bytes, _text: str) -> bytes | None:
    return b"\x24\x02" + bytes(46) if len(data) >= 48 and data[0] & 7 == 3 else None  # noqa: PLR2004


def _ssdp(data: bytes, text: str) -> bytes | None:
    head = f"HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nSERVER: {text}\r\n\r\n"
    return head.encode() if data.startswith(b"M-SEARCH ") else None


def _open_resolver(data: bytes, _text: str) -> bytes | None:
    """Resolve anything for anybody: the fault itself, with an address kept for documentation."""
    try:
        query = dns.message.from_wire(data)
        response = dns.message.make_response(query, recursion_available=True)
    except (dns.exception.DNSException, ValueError):
        return None
    if len(query.question) == 1 and query.question[0].rdtype == dns.rdatatype.A:
        name = query.question[0].name
        response.answer.append(dns.rrset.from_text(name, 60, "IN", "A", "192.0.2.80"))
    return response.to_wire()


ANSWERS: Final[dict[str, Callable[[bytes, str], bytes | None]]] = {
    "snmp": _snmp,
    "ipmi": _ipmi,
    "memcached": _memcached,
    "bacnet": _bacnet,
    "ntp": _ntp,
    "ssdp": _ssdp,
    "open-resolver": _open_resolver,
}


class UdpDoor:
    """One loopback port for datagrams; what it answers is asked at each of them.

    Args:
        reply: the answer to a datagram, None for silence.
        port: a port to take, 0 for any.
    """

    def __init__(self, reply: Callable[[bytes], bytes | None], port: int = 0) -> None:
        self._reply = reply
        self._transport: asyncio.DatagramTransport | None = None
        self.port = port

    async def open(self, host: str) -> None:
        """Listen, at the same number as before when there was one.

        Raises:
            OSError: if the port is taken.
        """
        if self._transport is None:
            made, _ = await asyncio.get_running_loop().create_datagram_endpoint(
                lambda: _Datagrams(self._reply), local_addr=(host, self.port)
            )
            self._transport = made
            self.port = made.get_extra_info("sockname")[1]

    def close(self) -> None:
        """Stop listening: the machine then says that nothing does."""
        if self._transport is not None:
            self._transport.close()
            self._transport = None


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, reply: Callable[[bytes], bytes | None]) -> None:
        self._reply = reply
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        response = self._reply(data)
        if response is not None and self._transport is not None:
            with contextlib.suppress(OSError):
                self._transport.sendto(response, addr)
