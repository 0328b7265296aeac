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


def key(version: str) -> bytes:
    """Return the key of a Maven version.

    Raises:
        VersionError: if it has no letter and no digit, or is a property such as ``${v}``.
    """
    lowered = version.lower()
    if "$" in lowered or "\x00" in lowered or not re.search(r"[a-z0-9]", lowered):
        raise VersionError(f"« {version} » n’est pas une version Maven")
    pieces = _TOKEN.findall(lowered)
    return sequence([t for at, piece in enumerate(pieces) for t in _token(piece, pieces, at)])


def _token(
    piece: tuple[str, str], pieces: list[tuple[str, str]], at: int
) -> list[tuple[int, bytes]]:
    separator, text = piece
    after_word = at > 0 and not pieces[at - 1][1].isdigit()
    if text.isdigit():
        hyphenated = at > 0 and (separator == "-" or (not separator and after_word))
        if hyphenated and int(text):
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
