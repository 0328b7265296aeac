"""The greeting of SSL 2, which no library speaks any more: is it still accepted? Pure.

Source: Hickman, "The SSL Protocol" (1995); RFC 6176 forbids it.
"""

from __future__ import annotations

import secrets
import struct
from typing import Final

from hygie.engines.probing.errors import ProtocolError

_CLIENT_HELLO, _SERVER_HELLO = 1, 4
_VERSION: Final = 0x0002
_CHALLENGE_BYTES: Final = 16
# RC4-128, RC4-40, RC2-128, RC2-40, IDEA, DES, 3DES, each with MD5.
_KINDS: Final = bytes.fromhex("010080020080030080040080050080060040 0700c0".replace(" ", ""))


def encode_sslv2_hello() -> bytes:
    """Return a CLIENT-HELLO that offers SSL 2 and nothing else."""
    lengths = struct.pack(">HHH", len(_KINDS), 0, _CHALLENGE_BYTES)
    challenge = secrets.token_bytes(_CHALLENGE_BYTES)
    body = struct.pack(">BH", _CLIENT_HELLO, _VERSION) + lengths + _KINDS + challenge
    return struct.pack(">H", 0x8000 | len(body)) + body


def read_sslv2_reply(data: bytes, *, ended: bool) -> bool | None:
    """Tell whether a SERVER-HELLO of SSL 2 with a cipher came; None asks for more bytes.

    Raises:
        ProtocolError: if something else than SSL 2, TLS or an end came.
    """
    if len(data) >= 3 and data[0] == 21 and data[1] == 3:  # noqa: PLR2004 - a TLS alert
        return False
    if len(data) < 11:  # noqa: PLR2004 - record header and fixed part
        return False if ended else None
    if not data[0] & 0x80 or data[2] != _SERVER_HELLO:
        raise ProtocolError("le service ne répond pas en SSL 2")
    version, _, ciphers = struct.unpack(">HHH", data[5:11])
    return bool(version == _VERSION and ciphers)
