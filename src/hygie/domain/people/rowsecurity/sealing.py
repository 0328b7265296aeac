"""The scope as the database is told it: sealed, so that only this installation can tell it.

An injected query can set any setting; without the key it cannot make a seal. A seal holds for one
connection alone: one overheard from a neighbour opens nothing. Both halves of HMAC's key (RFC
2104) are kept in the database, where only the owner of the tables reads them.
"""

from __future__ import annotations

import hmac
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from hygie.domain.people.rowsecurity.scope import Scope

_PURPOSE: Final = b"hygie row security 1"
_BLOCK: Final = 64
"""Bytes of a block of SHA-256."""


class Pads(NamedTuple):
    """The key, padded and mixed as HMAC does it inside and outside."""

    inner: bytes
    outer: bytes


@lru_cache(maxsize=8)
def key_of(secret: str) -> bytes:
    """Return the key of the seals; the secret key of the site cannot be found from it."""
    return hmac.digest(secret.encode(), _PURPOSE, "sha256")


def pads_of(secret: str) -> Pads:
    """Return what the database needs to check a seal with SHA-256 alone."""
    key = key_of(secret).ljust(_BLOCK, b"\0")
    return Pads(bytes(byte ^ 0x36 for byte in key), bytes(byte ^ 0x5C for byte in key))


@lru_cache(maxsize=4096)
def sealed(scope: Scope, *, pid: int, secret: str) -> str:
    """Return ``kind|subject|pid|seal``: letters, digits, ``_ - |`` only.

    Args:
        scope: who asks.
        pid: process of the server behind the connection.
        secret: secret key of the site.
    """
    said = f"{scope.kind}|{scope.subject}|{pid}"
    return f"{said}|{hmac.new(key_of(secret), said.encode(), sha256).hexdigest()}"
