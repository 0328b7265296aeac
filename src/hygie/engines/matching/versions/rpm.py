"""RPM versions: ``[epoch:]version[-release]``.

Source: rpm-version(7): segments of digits or letters, a number sorts after letters, ``~``
sorts before everything, ``^`` after the end but before any other segment.
"""

from __future__ import annotations

import re
from typing import Final

from hygie.engines.matching.versions.encoding import VersionError, number, word

_SHAPE: Final = re.compile(r"(?:(\d{1,9}):)?([^\s:\-]+)(?:-([^\s:\-]+))?", re.ASCII)
_SEGMENT: Final = re.compile(r"~|\^|[0-9]+|[A-Za-z]+", re.ASCII)
_RELEASED: Final = 0x01
_TILDE, _END, _CARET, _LETTERS, _NUMBER = 0x01, 0x02, 0x03, 0x04, 0x05


def key(version: str) -> bytes:
    """Return the key of an RPM version; a missing release sorts before any release.

    Raises:
        VersionError: if the shape is wrong or the version has no letter and no digit.
    """
    found = _SHAPE.fullmatch(version)
    if found is None or not re.search(r"[0-9A-Za-z]", found[2]):
        raise VersionError(f"« {version} » n’est pas une version RPM")
    # No release sorts before any, even one that begins with a tilde.
    release = b"" if found[3] is None else bytes((_RELEASED,)) + _part(found[3])
    return number(found[1] or "0") + _part(found[2]) + release


def _part(text: str) -> bytes:
    key = bytearray()
    for segment in _SEGMENT.findall(text):
        if segment == "~":
            key.append(_TILDE)
        elif segment == "^":
            key.append(_CARET)
        elif segment.isdigit():
            key.append(_NUMBER)
            key += number(segment)
        else:
            key.append(_LETTERS)
            key += word(segment)
    key.append(_END)
    return bytes(key)
