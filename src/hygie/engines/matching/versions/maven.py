"""Maven versions.

Source: https://maven.apache.org/pom.html#version-order-specification: tokens split at dots,
hyphens and between digits and letters; null values trimmed; alpha < beta < milestone < rc =
cr < snapshot < "" = final = ga = release < sp < other words < numbers.
"""

from __future__ import annotations

import re
from typing import Final

from hygie.engines.matching.versions.encoding import (
    ABOVE,
    BELOW,
    NUMBER,
    VersionError,
    number,
    sequence,
    word,
)

_TOKEN: Final = re.compile(r"([.\-]?)(\d+|[^\d.\-]+)")
_BELOW: Final = {"alpha": 1, "beta": 2, "milestone": 3, "rc": 4, "cr": 4, "snapshot": 5}
_SHORT: Final = {"a": "alpha", "b": "beta", "m": "milestone"}
_NULL: Final = frozenset({"final", "ga", "release"})
_HYPHEN_NUMBER: Final = b"\xff"
_ZERO: Final = (NUMBER, number("0"))


def key(version: str) -> bytes:
    """Return the key of a Maven version.

    Raises:
        VersionError: if it has no letter and no digit, or is a property such as ``${v}``.
    """
    lowered = version.lower()
    if "$" in lowered or "\x00" in lowered or not re.search(r"[a-z0-9]", lowered):
        raise VersionError(f"« {version} » n’est pas une version Maven")
    pieces = _TOKEN.findall(lowered)
    tokens: list[tuple[int, bytes]] = []
    for at, piece in enumerate(pieces):
        if _hyphenated(pieces, at):
            # Null values are trimmed before each hyphen: 1.0-sp is 1-sp.
            while tokens and tokens[-1] == _ZERO:
                tokens.pop()
        tokens += _token(piece, pieces, at)
    return sequence(tokens)


def _hyphenated(pieces: list[tuple[str, str]], at: int) -> bool:
    """A hyphen, or a change between digits and letters, which reads as one."""
    separator, text = pieces[at]
    if at == 0 or separator == ".":
        return False
    return separator == "-" or text.isdigit() != pieces[at - 1][1].isdigit()


def _token(
    piece: tuple[str, str], pieces: list[tuple[str, str]], at: int
) -> list[tuple[int, bytes]]:
    text = piece[1]
    if text.isdigit():
        if _hyphenated(pieces, at) and int(text):
            # "-1" sorts after any word and before ".1".
            return [(ABOVE, _HYPHEN_NUMBER + number(text))]
        return [(NUMBER, number(text))]
    if at + 1 < len(pieces) and not pieces[at + 1][0] and pieces[at + 1][1].isdigit():
        text = _SHORT.get(text, text)
    if text in _NULL:
        return []
    if text in _BELOW:
        return [(BELOW, bytes((_BELOW[text],)))]
    return [(ABOVE, b"\x00" if text == "sp" else b"\x01" + word(text))]
