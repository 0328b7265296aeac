"""What a server of TLS 1.2 or older says in clear after its ServerHello. Pure.

Its certificate, perhaps the stapled OCSP answer, the group of its key exchange: all of it comes
before anything is encrypted, so that one ClientHello is enough and no handshake is finished.
Sources: RFC 5246 section 7.4, RFC 8422 section 5.4, RFC 6066 section 8, RFC 6962 section 3.3.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from hygie.engines.probing.errors import ProtocolError
from hygie.engines.probing.suites import suite_name
from hygie.engines.probing.tls_hello import Alert, ServerHello, read_server_hello_body

if TYPE_CHECKING:
    from collections.abc import Iterator

FLIGHT_MAX_BYTES: Final = 100_000
_RECORD_MAX: Final = 16_384 + 2_048
_ALERT, _HANDSHAKE, _UNRECOGNIZED_NAME = 21, 22, 112
_SERVER_HELLO, _CERTIFICATE, _KEY_EXCHANGE, _DONE, _STATUS = 2, 11, 12, 14, 22
_NAMED_CURVE: Final = 3


@dataclass(frozen=True, slots=True)
class Flight:
    """What was said in clear.

    Attributes:
        hello: the ServerHello.
        complete: everything came up to ServerHelloDone (never so in TLS 1.3).
        curve: named group of an elliptic key exchange, None for another one.
        dhe_bits: size of the prime of a DHE key exchange, None for another one.
        stapled: an OCSP answer was stapled.
        chain: certificates as sent, DER, the service's own first.
    """

    hello: ServerHello
    complete: bool = False
    curve: int | None = None
    dhe_bits: int | None = None
    stapled: bool = False
    chain: tuple[bytes, ...] = ()


Reply: TypeAlias = Flight | Alert


def read_flight(data: bytes, *, ended: bool = False) -> Reply | None:
    """Read what came so far; None asks for more bytes.

    Args:
        data: bytes received since the ClientHello.
        ended: nothing more will come: what is there must do.

    Raises:
        ProtocolError: if this is not TLS, or passes FLIGHT_MAX_BYTES.
    """
    handshake, alert, encrypted = _records(data)
    flight = _read(handshake)
    if flight is not None and (flight.complete or encrypted or ended or alert is not None):
        return flight
    if flight is None and alert is not None:
        return alert
    if len(data) >= FLIGHT_MAX_BYTES:
        raise ProtocolError("le service ne finit pas sa réponse TLS")
    return None


def _records(data: bytes) -> tuple[bytes, Alert | None, bool]:
    """Return handshake bytes, the first alert, and whether the rest is encrypted."""
    handshake = bytearray()
    position = 0
    while len(data) - position >= 5:  # noqa: PLR2004 - a record header
        kind, major = data[position], data[position + 1]
        length = int.from_bytes(data[position + 3 : position + 5], "big")
        if major != 3 or length > _RECORD_MAX or not 20 <= kind <= 23:  # noqa: PLR2004
            raise ProtocolError("le service ne répond pas en TLS")
        fragment = data[position + 5 : position + 5 + length]
        position += 5 + length
        if kind == _HANDSHAKE:
            handshake += fragment
        elif kind == _ALERT and len(fragment) == 2 == length:  # noqa: PLR2004 - level, reason
            if fragment[1] != _UNRECOGNIZED_NAME:
                return bytes(handshake), Alert(fragment[1]), False
        elif kind != _ALERT:
            return bytes(handshake), None, True
    if data and data[0] not in (_ALERT, _HANDSHAKE):
        raise ProtocolError("le service ne répond pas en TLS")
    return bytes(handshake), None, False


def _read(handshake: bytes) -> Flight | None:
    hello: ServerHello | None = None
    complete, stapled = False, False
    curve: int | None = None
    bits: int | None = None
    chain: tuple[bytes, ...] = ()
    for kind, body in _messages(handshake):
        if hello is None:
            if kind != _SERVER_HELLO:
                raise ProtocolError("le service ne commence pas par un ServerHello")
            hello = read_server_hello_body(body)
        elif kind == _CERTIFICATE:
            chain = tuple(_certificates(body))
        elif kind == _KEY_EXCHANGE:
            curve, bits = _key_exchange(hello, body)
        elif kind == _STATUS:
            stapled = len(body) > 4 and body[0] == 1  # noqa: PLR2004 - type and length
        elif kind == _DONE:
            complete = True
    return Flight(hello, complete, curve, bits, stapled, chain) if hello else None


def _messages(handshake: bytes) -> Iterator[tuple[int, bytes]]:
    position = 0
    while position + 4 <= len(handshake):
        length = int.from_bytes(handshake[position + 1 : position + 4], "big")
        body = handshake[position + 4 : position + 4 + length]
        if length > FLIGHT_MAX_BYTES:
            raise ProtocolError("message TLS trop long")
        if len(body) < length:
            return
        yield handshake[position], body
        position += 4 + length


def _certificates(body: bytes) -> Iterator[bytes]:
    """Yield each certificate of a Certificate message; a cut one ends the list."""
    position = 3
    while position + 3 <= len(body):
        end = position + 3 + int.from_bytes(body[position : position + 3], "big")
        if end > len(body):
            return
        yield body[position + 3 : end]
        position = end


def _key_exchange(hello: ServerHello, body: bytes) -> tuple[int | None, int | None]:
    """Return (named group, bits of the prime) of a ServerKeyExchange."""
    name = suite_name(hello.suite)
    if name.startswith("TLS_ECDH") and len(body) > 3 and body[0] == _NAMED_CURVE:  # noqa: PLR2004
        return int.from_bytes(body[1:3], "big"), None
    if name.startswith("TLS_DH") and len(body) > 2:  # noqa: PLR2004 - a length
        length = int.from_bytes(body[:2], "big")
        return None, int.from_bytes(body[2 : 2 + length], "big").bit_length()
    return None, None
