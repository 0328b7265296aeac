"""One harmless datagram for each service that lives on UDP, and how to read what comes back.

Pure. A question is what any client sends first; none carries a password, a community or a
command that changes anything. SNMP v1 and v2 are not asked: their community is a password. The
amplification that attackers look for (NTP monlist, memcached stats) is never asked for either:
that the service answers a stranger is the weakness.
Sources: RFC 1035, RFC 5905 (NTP), RFC 3414 section 4 (SNMPv3 discovery), DSP0136 (ASF) section
3.2.4 (RMCP ping), RFC 6762 section 6.7 (mDNS), UPnP Device Architecture 1.1 section 1.3 (SSDP),
ASHRAE 135 clause 16.10 (BACnet Who-Is), memcached doc/protocol.txt.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hygie.engines.probing.dnsclient import read_message
from hygie.engines.probing.dnswire import encode_query
from hygie.engines.probing.errors import ProtocolError

if TYPE_CHECKING:
    from collections.abc import Callable

_NTP_VERSION: Final = re.compile(r"ntpd? ([0-9][0-9.p]{1,12})")
_RMCP_PING: Final = bytes.fromhex("0600ff06000011be80000000")
_WHO_IS: Final = bytes.fromhex("810a000801001008")  # unicast, no range: "are you one?"
_SSDP: Final = (
    b'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\n'
    b"MX: 1\r\nST: upnp:rootdevice\r\n\r\n"
)
_MEMCACHED: Final = b"\x48\x79\0\0\0\x01\0\0version\r\n"
_TEXT_MAX: Final = 120


@dataclass(frozen=True, slots=True)
class Words:
    """What an answer shows: a short printable detail, and the product when it names one."""

    detail: str = ""
    product: str | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True)
class UdpQuestion:
    """One service on UDP.

    Attributes:
        service: the ``service`` fact.
        encode: makes the datagram.
        read: reads the answer; raises ProtocolError when it is not one.
    """

    service: str
    encode: Callable[[], bytes]
    read: Callable[[bytes], Words]


def _dns_question() -> bytes:
    return encode_query("example.com", "A")  # reserved by RFC 2606: nobody's name


def read_dns(data: bytes) -> Words:
    """Read the answer of a name server to a question about a name that is not its own.

    Raises:
        ProtocolError: if it is no DNS message, or the server rightly does not answer.
    """
    message = read_message(data)
    recursive = bool(message.flags & 0x0080)
    if not (recursive and message.answer and message.rcode() == 0):
        raise ProtocolError("le serveur de noms ne résout pas pour les inconnus")
    return Words("résout pour tout le monde")


def _ntp_question() -> bytes:
    return b"\x23" + bytes(47)  # version 4, client


def read_ntp(data: bytes) -> Words:
    """Read a time server's answer.

    Raises:
        ProtocolError: if it is not one.
    """
    if len(data) < 48 or data[0] & 0x07 != 4:  # noqa: PLR2004 - size, server mode
        raise ProtocolError("réponse NTP illisible")
    return Words(f"NTP version {data[0] >> 3 & 0x07}, strate {data[1]}")


def _ber(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return bytes([tag, len(content)]) + content  # short form: everything here is below 128 bytes


def _snmp_question() -> bytes:
    """Return the discovery of RFC 3414 section 4: no user, no engine, nothing asked for."""
    empty, zero = _ber(0x04), _ber(0x02, b"\0")
    header = _ber(
        0x30, _ber(2, b"\x4a\x69"), _ber(2, b"\0\xff\xe3"), _ber(4, b"\x04"), _ber(2, b"\x03")
    )
    security = _ber(0x04, _ber(0x30, empty, zero, zero, empty, empty, empty))
    request = _ber(0xA0, _ber(2, b"\x37\xf0"), zero, zero, _ber(0x30))
    return _ber(0x30, _ber(2, b"\x03"), header, security, _ber(0x30, empty, empty, request))


def read_snmp(data: bytes) -> Words:
    """Read the report of an SNMPv3 engine: it names its maker.

    Raises:
        ProtocolError: if it is not one.
    """
    at = data.find(b"\x04", 0, 80)
    if data[:1] != b"\x30" or b"\x02\x01\x03" not in data[:12] or at < 0:
        raise ProtocolError("réponse SNMP illisible")
    engine = _engine_id(data)
    if engine is None:
        return Words("SNMPv3")
    maker = int.from_bytes(engine[:4], "big") & 0x7FFFFFFF
    return Words(f"SNMPv3, fabricant IANA {maker}")


def _engine_id(data: bytes) -> bytes | None:
    """Return the engine identifier: 5 to 32 bytes, of which the first bit is set (RFC 3411)."""
    for at in range(len(data) - 6):
        length = data[at + 1]
        if data[at] == 0x04 and 5 <= length <= 32 and data[at + 2] & 0x80:  # noqa: PLR2004
            return data[at + 2 : at + 2 + length]
    return None


def read_rmcp(data: bytes) -> Words:
    """Read an RMCP presence pong.

    Raises:
        ProtocolError: if it is not one.
    """
    if len(data) < 21 or data[0] != 6 or data[3] & 0x7F != 6 or data[8] != 0x40:  # noqa: PLR2004
        raise ProtocolError("réponse RMCP illisible")
    return Words("IPMI géré" if data[20] & 0x80 else "RMCP sans IPMI")


def _mdns_question() -> bytes:
    return encode_query("_services._dns-sd._udp.local", "PTR", recursive=False)


def read_mdns(data: bytes) -> Words:
    """Read a list of services announced on a local network.

    Raises:
        ProtocolError: if it is not one.
    """
    message = read_message(data)
    names = [str(record) for rrset in message.answer[:8] for record in list(rrset)[:8]]
    if not names:
        raise ProtocolError("réponse mDNS vide")
    return Words(_short(", ".join(names)))


def read_ssdp(data: bytes) -> Words:
    """Read the answer of a UPnP device.

    Raises:
        ProtocolError: if it is not one.
    """
    if not data.startswith(b"HTTP/1.1 200"):
        raise ProtocolError("réponse SSDP illisible")
    server = re.search(rb"(?im)^server:[ \t]*([^\r\n]{1,200})", data)
    return Words(_short(server[1].decode("utf-8", "replace")) if server else "UPnP")


def read_bacnet(data: bytes) -> Words:
    """Read an I-Am: the device says its number and its maker.

    Raises:
        ProtocolError: if it is not one.
    """
    at = data.find(b"\x10\x00\xc4")
    if data[:1] != b"\x81" or at < 0 or len(data) < at + 7:
        raise ProtocolError("réponse BACnet illisible")
    (identifier,) = struct.unpack_from(">I", data, at + 3)
    return Words(f"appareil BACnet {identifier & 0x3FFFFF}")


def read_memcached(data: bytes) -> Words:
    """Read the version of a memcached server.

    Raises:
        ProtocolError: if it is not one.
    """
    found = re.match(rb"VERSION ([0-9][0-9A-Za-z.\-]{0,30})\r\n", data[8:])
    if found is None:
        raise ProtocolError("réponse memcached illisible")
    version = found[1].decode("ascii")
    return Words(f"memcached {version}", "memcached/memcached", version)


def _short(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:_TEXT_MAX]


QUESTIONS: Final[dict[int, UdpQuestion]] = {
    53: UdpQuestion("open-resolver", _dns_question, read_dns),
    123: UdpQuestion("ntp", _ntp_question, read_ntp),
    161: UdpQuestion("snmp", _snmp_question, read_snmp),
    623: UdpQuestion("ipmi", lambda: _RMCP_PING, read_rmcp),
    1900: UdpQuestion("ssdp", lambda: _SSDP, read_ssdp),
    5353: UdpQuestion("mdns", _mdns_question, read_mdns),
    11211: UdpQuestion("memcached", lambda: _MEMCACHED, read_memcached),
    47808: UdpQuestion("bacnet", lambda: _WHO_IS, read_bacnet),
}
