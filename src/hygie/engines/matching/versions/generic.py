"""Versions of products that follow no published scheme, as vendors and NVD write them.

Our rule, chosen to read ``12.1-55.297``, ``7.0.6 build 0366``, ``10.2.0-h1``, ``R2.3 SP4``,
``9.1R11.4`` and ``15.0(2a)SE9``:

- a version is a sequence of numbers and words; separators and case carry no meaning, so that
  ``18-1`` and ``18.1`` are one version;
- missing numbers read as zero: ``1.0`` is ``1``;
- after the same numbers come, in this order: pre-releases (dev, alpha, beta, rc...), the
  release itself, its builds, its updates (service packs, patches, hotfixes...), other words
  (``1.0.2k``), further numbers;
- a text without any digit, or a commit hash, is not a version.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from hygie.engines.matching.versions.encoding import END, NUMBER, VersionError, number, word

_BUILD: Final = 0x50
_UPDATE: Final = 0x60
_WORD: Final = 0x70
_BEFORE: Final = 0x10

_NUMBERS: Final = re.compile(r"[0-9]+(?:\.[0-9]+)*")
_FIRST_NUMBER: Final = bytes((NUMBER, 255))
_TOKEN: Final = re.compile(r"[0-9]+|[a-z]+")
_HASH: Final = re.compile(r"(?=.*[a-f])(?=.*[0-9])[0-9a-f]{12,64}")
_SILENT: Final = frozenset(
    {"final", "firmware", "fw", "ga", "rel", "release", "rtm", "stable", "v", "ver", "version"}
)
_LEADING: Final = _SILENT | {"r", "rev", "revision", "vers", "versions"}
_PRE: Final = {
    "dev": 1,
    "pre": 2,
    "preview": 2,
    "snapshot": 2,
    "nightly": 2,
    "alpha": 3,
    "beta": 4,
    "milestone": 5,
    "rc": 6,
    "cr": 6,
}
_UPDATES: Final = {
    "cu": "cu",
    "fix": "hotfix",
    "fp": "fixpack",
    "fixpack": "fixpack",
    "h": "hotfix",
    "hf": "hotfix",
    "hotfix": "hotfix",
    "mr": "mr",
    "p": "patch",
    "patch": "patch",
    "pl": "patch",
    "r": "revision",
    "rev": "revision",
    "revision": "revision",
    "sp": "sp",
    "u": "update",
    "up": "update",
    "update": "update",
}
_BUILDS: Final = frozenset({"build", "bld"})
_SHORT_BUILD_DIGITS: Final = 3


def key(version: str) -> bytes:
    """Return the key of a version without scheme.

    Raises:
        VersionError: if the text holds no digit or is a commit hash.
    """
    return stem(version) + bytes((END,))


def stem(version: str) -> bytes:
    """Return the key without its end: builds and updates of the version begin with it.

    Raises:
        VersionError: as ``key``.
    """
    if _NUMBERS.fullmatch(version):
        return _stem_of_numbers(version.split("."))
    pieces = _pieces(version)
    stem_, zeros = bytearray(), 0
    for at, piece in enumerate(pieces):
        if not piece[0].isdigit():
            stem_ += _word(piece, pieces[at + 1] if at + 1 < len(pieces) else "")
            zeros = 0
        elif coded := _coded(piece):
            stem_ += bytes((NUMBER, 255 - zeros)) + coded
            zeros = 0
        else:
            zeros += 1
    return bytes(stem_)


def _stem_of_numbers(pieces: list[str]) -> bytes:
    """Return the stem of dotted numbers: most versions are nothing else."""
    stem_, zeros = b"", 0
    for piece in pieces:
        if coded := _coded(piece):
            stem_ += (_FIRST_NUMBER if not zeros else bytes((NUMBER, 255 - zeros))) + coded
            zeros = 0
        else:
            zeros += 1
    return stem_


@lru_cache(maxsize=65_536)
def _coded(digits: str) -> bytes:
    """Return the code of a number, empty for zero; the same few thousand come again."""
    return number(digits) if int(digits) else b""


def after_builds(version: str) -> bytes:
    """Return the smallest key above the version and all its builds (``<= 7.0.6``).

    Raises:
        VersionError: as ``key``.
    """
    return stem(version) + bytes((_BUILD + 1,))


def after_updates(version: str) -> bytes:
    """Return the smallest key above the version, its builds and its updates.

    This is what a CPE name with update ANY covers.

    Raises:
        VersionError: as ``key``.
    """
    return stem(version) + bytes((_UPDATE + 1,))


def _pieces(version: str) -> list[str]:
    text = version.lower()
    if _HASH.fullmatch(text):
        raise VersionError(f"« {version[:20]} » est une empreinte de commit, pas une version")
    pieces = _TOKEN.findall(text.replace("service pack", "sp"))
    if not any(piece.isdigit() for piece in pieces):
        raise VersionError(f"« {version} » ne contient aucun numéro de version")
    while pieces[0] in _LEADING:
        pieces.pop(0)
    return [piece for piece in pieces if piece not in _SILENT]


def _word(piece: str, following: str) -> bytes:
    if piece in _PRE:
        return bytes((_BEFORE, _PRE[piece]))
    short_build = piece == "b" and len(following) >= _SHORT_BUILD_DIGITS and following.isdigit()
    if piece in _BUILDS or short_build:
        return bytes((_BUILD,))
    if piece in _UPDATES:
        return bytes((_UPDATE,)) + word(_UPDATES[piece])
    return bytes((_WORD,)) + word(piece)
