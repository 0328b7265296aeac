"""The TLS greeting, by hand: one ClientHello per version, and what the server makes of it.

Pure bytes in both directions. Writing the ClientHello ourselves asks about versions that no
current OpenSSL will speak, and costs the target one signature at most.
Sources: RFC 6101 (SSLv3), RFC 2246, 4346, 5246 (TLS 1.0 to 1.2), RFC 8446 (TLS 1.3).
"""

from __future__ import annotations

import ipaddress
import struct
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

from hygie.engines.probing.errors import ProtocolError
from hygie.engines.probing.suites import OLDER_SUITES, RENEGOTIATION_SIGNAL, TLS13_SUITES

if TYPE_CHECKING:
    from collections.abc import Sequence

REPLY_MAX_BYTES: Final = 20_000
_ALERT, _HANDSHAKE = 21, 22
_SERVER_HELLO: Final = 2
_RECORD_MAX: Final = 16_384 + 2_048
# x25519, secp256r1, secp384r1, secp521r1, x448, ffdhe2048, ffdhe3072
USUAL_GROUPS: Final = (29, 23, 24, 25, 30, 0x0100, 0x0101)
_X25519: Final = 29
_SIGNATURES: Final = (
    *(0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080A, 0x080B),
    *(0x0401, 0x0501, 0x0601, 0x0301, 0x0303, 0x0203, 0x0201, 0x0202),
)


class TlsVersion(IntEnum):
    """Protocol versions, by their code on the wire."""

    SSLV3 = 0x0300
    TLS10 = 0x0301
    TLS11 = 0x0302
    TLS12 = 0x0303
    TLS13 = 0x0304

    @property
    def label(self) -> str:
        """Return the name used in facts."""
        return "SSLv3" if self is TlsVersion.SSLV3 else f"TLSv1.{self - 0x0301}"


@dataclass(frozen=True, slots=True)
class ServerHello:
    """The server accepts.

    Attributes:
        version: the version it chose.
        suite: the suite it chose.
        compression: the method it chose, 0 for none.
        extensions: codes of the extensions it answers with.
        group: named group of its key share, or that it asks for; None where it says none.
    """

    version: int
    suite: int
    compression: int = 0
    extensions: frozenset[int] = frozenset()
    group: int | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """The server refuses, and says why (RFC 8446 section 6)."""

    description: int


HelloReply: TypeAlias = ServerHello | Alert


@dataclass(frozen=True, slots=True)
class Offer:
    """What one ClientHello proposes.

    Attributes:
        version: the highest version; TLS 1.3 is then the only one.
        suites: codes, preferred first.
        groups: named groups, preferred first.
        compressions: methods, always with 0.
        with_share: in TLS 1.3, send a share for x25519; without one, a server that takes one of
            the groups asks for it (HelloRetryRequest), and signs nothing.
        with_proofs: ask for the stapled OCSP answer and for certificate transparency proofs.
    """

    version: TlsVersion
    suites: tuple[int, ...]
    groups: tuple[int, ...] = USUAL_GROUPS
    compressions: bytes = b"\x00"
    with_share: bool = True
    with_proofs: bool = False


@cache
def usual_offer(version: TlsVersion) -> Offer:
    """Return the broad offer that tells whether a server speaks ``version``."""
    return Offer(version, tuple(TLS13_SUITES if version is TlsVersion.TLS13 else OLDER_SUITES))


def encode_client_hello(version: TlsVersion, server_name: str, *, random: bytes) -> bytes:
    """Return one record that offers ``version`` and no higher, with every usual suite."""
    return encode_offer(usual_offer(version), server_name, random=random)


def encode_offer(offer: Offer, server_name: str, *, random: bytes) -> bytes:
    """Return one record that makes ``offer``.

    Args:
        offer: what is proposed.
        server_name: sent as SNI unless it is an address; SSLv3 has no extensions.
        random: 64 unpredictable bytes: the client random, then the x25519 share of TLS 1.3.
            Nobody keeps the secret of that share: the handshake is never finished.
    """
    version = offer.version
    codes = [*offer.suites, RENEGOTIATION_SIGNAL]
    body = struct.pack(">H", min(version, TlsVersion.TLS12)) + random[:32]
    session = random[:32] if version is TlsVersion.TLS13 else b""
    body += _short(session) + _codes(codes) + _short(offer.compressions)
    if version is not TlsVersion.SSLV3:
        body += _long(_extensions(offer, server_name, random[32:64]))
    handshake = b"\x01" + len(body).to_bytes(3, "big") + body
    record_version = min(version, TlsVersion.TLS10)
    return struct.pack(">BHH", _HANDSHAKE, record_version, len(handshake)) + handshake


def _extensions(offer: Offer, server_name: str, share: bytes) -> bytes:
    parts = [
        _extension(10, _codes(offer.groups)),
        _extension(11, _short(b"\x00")),
        _extension(23, b""),
    ]
    if not _is_address(server_name):
        name = server_name.encode("idna" if not server_name.isascii() else "ascii")
        parts.insert(0, _extension(0, _long(b"\x00" + _long(name))))
    if offer.with_proofs:
        parts += [_extension(5, b"\x01\0\0\0\0"), _extension(18, b"")]
    if offer.version >= TlsVersion.TLS12:
        parts.append(_extension(13, _codes(_SIGNATURES)))
    if offer.version is TlsVersion.TLS13:
        key_share = struct.pack(">H", _X25519) + _long(share) if offer.with_share else b""
        parts.append(_extension(43, _short(struct.pack(">H", offer.version))))
        parts.append(_extension(45, _short(b"\x01")))
        parts.append(_extension(51, _long(key_share)))
    return b"".join(parts)


@lru_cache(maxsize=1024)
def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _extension(kind: int, content: bytes) -> bytes:
    return struct.pack(">H", kind) + _long(content)


def _short(content: bytes) -> bytes:
    return bytes([len(content)]) + content


def _long(content: bytes) -> bytes:
    return struct.pack(">H", len(content)) + content


def _codes(codes: Sequence[int]) -> bytes:
    return _long(struct.pack(f">{len(codes)}H", *codes))


def read_hello_reply(data: bytes) -> HelloReply | None:
    """Read what came so far; None asks for more bytes.

    Raises:
        ProtocolError: if this can no longer become a ServerHello or an alert.
    """
    handshake = b""
    position = 0
    while len(data) - position >= 5:  # noqa: PLR2004 - a record header
        kind, major, length = data[position], data[position + 1], _u16(data, position + 3)
        if kind not in (_ALERT, _HANDSHAKE) or major != 3 or length > _RECORD_MAX:  # noqa: PLR2004
            raise ProtocolError("le service ne répond pas en TLS")
        fragment = data[position + 5 : position + 5 + length]
        position += 5 + length
        if kind == _ALERT and len(fragment) == length:
            if length != 2:  # noqa: PLR2004 - level, description
                raise ProtocolError("alerte TLS illisible")
            if fragment[1] != _UNRECOGNIZED_NAME:
                return Alert(fragment[1])
        elif kind == _HANDSHAKE:
            handshake += fragment
            if (hello := _read_server_hello(handshake)) is not None:
                return hello
    if len(data) >= REPLY_MAX_BYTES or (data and data[0] not in (_ALERT, _HANDSHAKE)):
        raise ProtocolError("le service ne répond pas en TLS")
    return None


_UNRECOGNIZED_NAME: Final = 112  # a warning: the hello follows (RFC 6066 section 3)


def _read_server_hello(message: bytes) -> ServerHello | None:
    if len(message) < 4:  # noqa: PLR2004 - a handshake header
        return None
    length = int.from_bytes(message[1:4], "big")
    if message[0] != _SERVER_HELLO or length > _RECORD_MAX:
        raise ProtocolError("le service ne commence pas par un ServerHello")
    if len(message) < 4 + length:
        return None
    return read_server_hello_body(message[4 : 4 + length])


def read_server_hello_body(body: bytes) -> ServerHello:
    """Read the content of a ServerHello or HelloRetryRequest.

    Raises:
        ProtocolError: if it is cut.
    """
    try:
        end = 35 + body[34]
        suite, compression = _u16(body, end), body[end + 2]
        extensions = _extensions_of(body[end + 3 :])
        chosen, share = extensions.get(43, b""), extensions.get(51, b"")
        return ServerHello(
            _u16(chosen, 0) if len(chosen) == 2 else _u16(body, 0),  # noqa: PLR2004 - a code
            suite,
            compression,
            frozenset(extensions),
            _u16(share, 0) if len(share) >= 2 else None,  # noqa: PLR2004 - a code
        )
    except (IndexError, struct.error) as error:
        raise ProtocolError("ServerHello coupé") from error


def _extensions_of(block: bytes) -> dict[int, bytes]:
    """Return the content of each extension by its code."""
    found: dict[int, bytes] = {}
    position, end = 2, min(len(block), 2 + (_u16(block, 0) if block else 0))
    while position + 4 <= end:
        kind, length = _u16(block, position), _u16(block, position + 2)
        found[kind] = block[position + 4 : position + 4 + length]
        position += 4 + length
    return found


def _u16(data: bytes, position: int) -> int:
    value: int = struct.unpack_from(">H", data, position)[0]
    return value
