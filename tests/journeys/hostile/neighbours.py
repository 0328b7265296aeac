"""Servers that mean harm, on as many loopback ports, and a name server that means it too.

``python -m tests.journeys.hostile.neighbours`` prints their ports as JSON, then serves until its
input ends.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import struct
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

_BOMB: Final = gzip.compress(bytes(60_000_000))


async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:  # noqa: ARG001
    await asyncio.sleep(600)


async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:  # noqa: ARG001
    for byte in b"HTTP/1.1 200 OK\r\nX: " + b"a" * 600:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(1)


async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:  # noqa: ARG001
    while True:
        writer.write(b"220-welcome to the machine\r\n" * 2_000)
        await writer.drain()


async def huge_header(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:  # noqa: ARG001
    writer.write(b"HTTP/1.1 200 OK\r\nX-Huge: ")
    for _ in range(160):
        writer.write(b"a" * 65_536)
        await writer.drain()


async def tls_garbage(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:  # noqa: ARG001
    while True:
        writer.write(b"\x16\x03\x03\x40\x00" + b"\x02\x00\x3f\xfc" + bytes(16_380))
        await writer.drain()


async def tls_certificates(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Accept anything, then announce a chain of sixteen megabytes and send it for ever."""
    await reader.read(2_000)
    hello = b"\x03\x03" + bytes(32) + b"\0\xc0\x2f\0\0\0"
    writer.write(_record(b"\x02" + len(hello).to_bytes(3, "big") + hello))
    writer.write(_record(b"\x0b\xff\xff\xff\xff\xff\xfc" + bytes(8_000)))
    while True:
        writer.write(_record(bytes(16_000)))
        await writer.drain()


def _record(body: bytes) -> bytes:
    return b"\x16\x03\x03" + struct.pack(">H", len(body)) + body


async def bomb(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(10_000)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + _BOMB)
    await writer.drain()


async def redirects(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(10_000)
    writer.write(b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n")
    await writer.drain()


async def chunks(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(10_000)
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"1\r\na\r\n" * 4_000)
        await writer.drain()


async def hangs_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:  # noqa: ARG001
    writer.transport.abort()


async def huge_pdu(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Announce four gigabytes of DICOM, and begin to send them."""
    await reader.read(10_000)
    writer.write(b"\x02\x00\xff\xff\xff\xff")
    await endless(reader, writer)


HANDLERS: Final[dict[str, Handler]] = {
    "mute": mute,
    "drip": drip,
    "endless": endless,
    "huge-header": huge_header,
    "tls-garbage": tls_garbage,
    "tls-certificates": tls_certificates,
    "bomb": bomb,
    "redirects": redirects,
    "chunks": chunks,
    "hangs-up": hangs_up,
    "huge-pdu": huge_pdu,
}


class Names(asyncio.DatagramProtocol):
    """Answer each question by the first label of its name: loops, floods, lies, silence."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._line = transport

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        answer = _LIES.get(data[13 : 13 + data[12]], _loop)(data)
        if answer:
            self._line.sendto(answer, address)  # type: ignore[attr-defined] # a datagram transport


def _head(query: bytes, answers: int) -> bytes:
    end = query.index(b"\0", 12) + 5
    return query[:2] + b"\x81\x80\0\1" + struct.pack(">HHH", answers, 0, 0) + query[12:end]


def _loop(query: bytes) -> bytes:
    """A name that points at itself."""
    head = _head(query, 1)
    return head + struct.pack(">H", 0xC000 | len(head)) + b"\0\1\0\1\0\0\0\0\0\4\x7f\0\0\1"


def _aliases(query: bytes) -> bytes:
    return _head(query, 1) + b"\xc0\x0c\0\5\0\1\0\0\0\0\0\2\xc0\x0c"


def _flood(query: bytes) -> bytes:
    return _head(query, 60_000) + b"\xc0\x0c\0\1\0\1\0\0\0\0\0\4\x7f\0\0\1" * 3_900


_LIES: Final[dict[bytes, Callable[[bytes], bytes]]] = {
    b"loop": _loop,
    b"aliases": _aliases,
    b"flood": _flood,
    b"cut": lambda query: _head(query, 9)[:-3],
    b"truncated": lambda query: query[:2] + b"\x83\x80" + query[4:],
    b"silence": lambda _: b"",
    b"garbage": lambda query: query[:2] + b"\xff" * 400,
}


async def main() -> None:
    """Serve until the input ends."""
    ports = {}
    for name, handler in HANDLERS.items():
        server = await asyncio.start_server(_kept(handler), "127.0.0.1", 0)
        ports[name] = server.sockets[0].getsockname()[1]
    loop = asyncio.get_running_loop()
    line, _ = await loop.create_datagram_endpoint(Names, local_addr=("127.0.0.1", 0))
    ports["dns"] = line.get_extra_info("sockname")[1]
    print(json.dumps({"ports": ports, "lies": [name.decode() for name in _LIES]}), flush=True)
    await asyncio.to_thread(sys.stdin.read)


def _kept(handler: Handler) -> Handler:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            await handler(reader, writer)
        writer.close()

    return serve


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(main())
