"""The bricks of order-preserving keys: numbers, words, and the error of an unreadable version."""

from __future__ import annotations

from typing import Final

from hygie.vocabulary.errors import InputError

VERSION_MAX_CHARS: Final = 256

END: Final = 0x40
"""Marks the end of a sequence of tokens: tokens below it sort before "nothing more"."""

BELOW: Final = 0x10
NUMBER: Final = 0xF0


class VersionError(InputError):
    """The text cannot be read as a version of its scheme."""


def number(digits: str) -> bytes:
    """Encode a natural number, of any length, so that bytes sort as numbers do."""
    value = int(digits)
    size = (value.bit_length() + 7) // 8
    return bytes((size,)) + value.to_bytes(size, "big")


def word(text: str) -> bytes:
    """Encode a word so that a prefix sorts first; the text must not hold NUL."""
    return text.encode("utf-8") + b"\x00"


def sequence(tokens: list[tuple[int, bytes]]) -> bytes:
    """Encode tokens under the rule "what is missing reads as zero".

    Args:
        tokens: (class, payload) where class is BELOW or NUMBER. The payload of a
            number is ``number(...)``; that of a word sorts inside its class.

    A run of zeros is worth nothing by itself: it is written in front of the next token, so
    that ``1``, ``1.0`` and ``1.0.0`` are one key, ``1.0.1`` sorts before ``1.1`` and
    ``1.0-alpha`` before ``1``.
    """
    key, zeros = bytearray(), 0
    for kind, payload in tokens:
        if kind == NUMBER and payload == b"\x00":
            zeros += 1
            continue
        key.append(kind)
        key.append(255 - zeros if kind == NUMBER else zeros)
        key += payload
        zeros = 0
    key.append(END)
    return bytes(key)


def release(numbers: list[str]) -> bytes:
    """Encode dotted numbers, trailing zeros dropped; ends with a byte that sorts first."""
    kept = list(numbers)
    while kept and not int(kept[-1]):
        kept.pop()
    return b"".join(b"\x03" + number(digits) for digits in kept) + b"\x02"
