"""Maven versions.

Source: https://maven.apache.org/pom.html#version-order-specification, and ``ComparableVersion``
where the text leaves a choice. A version is levels, each inside the one before: a hyphen or a
word opens one, and so does what follows a word without separator. A level is a word or none,
then numbers. Null values (0, "", final, ga, release) are trimmed from the end of each level;
alpha < beta < milestone < rc = cr < snapshot < "" < sp < other words. At one place: a level
below the release < nothing more < a level above it < a number.

Maven 3.8 reads ``.word`` as ``-word`` at the end of a version and before digits only; elsewhere
its order has cycles (1.x.1 < 1-alpha < 1 < 1.x.1). The text says ``.word`` = ``-word``: so we do.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from hygie.engines.matching.versions.encoding import VersionError, number, word

_PIECE: Final = re.compile(r"\d+|[^\d.\-]+|[.\-]")
_BELOW: Final = {"alpha": 1, "beta": 2, "milestone": 3, "rc": 4, "cr": 4, "snapshot": 5}
_SHORT: Final = {"a": "alpha", "b": "beta", "m": "milestone"}
_NULL: Final = frozenset({"final", "ga", "release"})

_WORD_BELOW: Final = b"\x10"
_LEVEL_BELOW: Final = b"\x20"
_END: Final = b"\x30"
_WORD_ABOVE: Final = b"\x40"
_LEVEL_ABOVE: Final = b"\x50"
_NUMBER: Final = b"\x60"


class _Level(NamedTuple):
    """A word, empty for the release itself, None for no word; then numbers, as digits."""

    word: str | None
    numbers: list[str]


def key(version: str) -> bytes:
    """Return the key of a Maven version.

    Raises:
        VersionError: if it has no letter and no digit, or is a property such as ``${v}``.
    """
    lowered = version.lower()
    if "$" in lowered or "\x00" in lowered or not re.search(r"[a-z0-9]", lowered):
        raise VersionError(f"« {version} » n’est pas une version Maven")
    return _encoded(_trimmed(_levels(_PIECE.findall(lowered))))


def _levels(pieces: list[str]) -> list[_Level]:
    levels = [_Level(None, [])]
    before = "."
    for at, piece in enumerate(pieces):
        if piece in ".-":
            if before in ".-":
                levels[-1].numbers.append("0")
            if piece == "-":
                levels.append(_Level(None, []))
        elif piece.isdecimal():
            if before not in ".-":
                levels.append(_Level(None, []))
            levels[-1].numbers.append(piece)
        else:
            following = pieces[at + 1] if at + 1 < len(pieces) else ""
            opened = _Level(_qualifier(piece, following), [])
            if levels[-1] == (None, []):
                levels.pop()
            levels.append(opened)
        before = piece
    return levels


def _qualifier(text: str, following: str) -> str:
    text = _SHORT.get(text, text) if following.isdecimal() else text
    return "" if text in _NULL else text


def _trimmed(levels: list[_Level]) -> list[_Level]:
    """Drop null values at the end of each level, and levels that hold nothing at the end."""
    kept: list[_Level] = []
    for text, numbers in reversed(levels):
        while numbers and not int(numbers[-1]):
            numbers.pop()
        level = _Level(None if text == "" and not numbers else text, numbers)
        if kept or level != (None, []):
            kept.append(level)
    return kept[::-1]


def _encoded(levels: list[_Level]) -> bytes:
    parts: list[bytes] = []
    inner = b""
    for text, numbers in reversed(levels):
        own = b"".join(_NUMBER + number(digits) for digits in numbers)
        parts.append((_word(text) if text is not None else b"") + own + inner)
        above = bool(own) or inner != _LEVEL_BELOW
        if text:
            above = text not in _BELOW
        inner = _LEVEL_ABOVE if above else _LEVEL_BELOW
    return b"".join(reversed(parts)) + _END


def _word(text: str) -> bytes:
    if text in _BELOW:
        return _WORD_BELOW + bytes((_BELOW[text],))
    if text in ("", "sp"):
        return _WORD_ABOVE + (b"\x01" if text else b"\x00")
    return _WORD_ABOVE + b"\x02" + word(text)
