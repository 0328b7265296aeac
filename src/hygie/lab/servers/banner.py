"""Services known by their first bytes: SSH, FTP, Telnet, VNC, MySQL, remote desktop."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hygie.lab.servers.call import answering

if TYPE_CHECKING:
    from hygie.lab.servers.call import Call

_MAX_READS: Final = 20
# X.224 Connection Confirm with an RDP negotiation response: TLS (MS-RDPBCGR 2.2.1.2).
_RDP_CONFIRM: Final = bytes.fromhex("030000130ed000001234000200080001000000")
_TELNET_WILL_ECHO: Final = b"\xff\xfb\x01\xff\xfb\x03"
_MYSQL_CAPABILITIES: Final = 0xF7DF


@dataclass(frozen=True, slots=True)
class BannerSettings:
    """What is said first.

    Attributes:
        service: ``ssh``, ``ftp``, ``telnet``, ``vnc``, ``mysql`` or ``rdp``.
        text: the line, or the version for MySQL; nothing for RDP, which waits for the caller.
    """

    service: str
    text: str = ""


async def serve(call: Call) -> None:
    """Say the first bytes, then listen until the caller leaves; nobody is ever let in."""
    settings = BannerSettings(**call.settings)
    async with answering(call) as line:
        await line.send(first_bytes(settings))
        for _ in range(_MAX_READS):
            if not await line.reader.read(4096):
                return
            if settings.service == "rdp":
                await line.send(_RDP_CONFIRM)


def first_bytes(settings: BannerSettings) -> bytes:
    """Return what the service sends before being asked anything."""
    text = settings.text.encode()
    if settings.service == "telnet":
        return _TELNET_WILL_ECHO + text + b"\r\nlogin: "
    if settings.service == "vnc":
        return text + b"\n"
    if settings.service == "mysql":
        return _mysql_greeting(text)
    return text + b"\r\n" if text else b""


def _mysql_greeting(version: bytes) -> bytes:
    """Protocol::HandshakeV10, whose scramble is a constant: no login can follow."""
    payload = (
        b"\x0a"
        + version
        + b"\0"
        + struct.pack("<I", 42)
        + b"labolabo\0"
        + struct.pack("<HBHH", _MYSQL_CAPABILITIES, 8, 2, 0x800F)
        + b"\x15"
        + bytes(10)
        + b"laboratoire!\0"
        + b"mysql_native_password\0"
    )
    return struct.pack("<I", len(payload))[:3] + b"\0" + payload
