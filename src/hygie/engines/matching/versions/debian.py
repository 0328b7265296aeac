"""Debian versions: ``[epoch:]upstream[-revision]``.

Source: deb-version(7) and Debian Policy § 5.6.12: runs of non-digits, where ``~`` sorts
before the end and letters before the rest, alternate with numbers.
"""

from __future__ import annotations

import re
from typing import Final

from hygie.engines.matching.versions.encoding import VersionError, number

# An upstream version holds colons only behind an epoch.
_SHAPE: Final = re.compile(r"(?:(\d{1,9}):([\w.+:~\-]+)|([\w.+~\-]+))", re.ASCII)
_RUN: Final = re.compile(r"(\D*)(\d*)", re.ASCII)
_TILDE: Final = 0x01
_END: Final = 0x02
_AFTER_LETTERS: Final = 0x80


def key(version: str) -> bytes:
    """Return the key of a Debian version.

    Raises:
        VersionError: if it holds a character Debian forbids, or no upstream part.
    """
    found = _SHAPE.fullmatch(version)
    text = (found[2] or found[3]) if found else ""
    if found is None or "_" in text:
        raise VersionError(f"« {version} » n’est pas une version Debian")
    upstream, _, revision = text.rpartition("-") if "-" in text else (text, "", "0")
    if not upstream or not revision:
        raise VersionError(f"« {version} » n’est pas une version Debian")
    return number(found[1] or "0") + _part(upstream) + _part(revision)


def _part(text: str) -> bytes:
    key = bytearray()
    for letters, digits in _RUN.findall(text):
        if not letters and not digits:
            break
        key += bytes(_order(character) for character in letters)
        key.append(_END)
        key += number(digits or "0")
    key.append(_END)
    return bytes(key)


def _order(character: str) -> int:
    if character == "~":
        return _TILDE
    return ord(character) if character.isalpha() else ord(character) + _AFTER_LETTERS
