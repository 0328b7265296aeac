"""Semantic versions, as npm, Cargo, Go and NuGet write them.

Source: https://semver.org/spec/v2.0.0.html § 11. Read more widely than the specification
where registries are: a leading ``v``, one to four numbers, missing ones read as zero. Build
metadata (``+...``) does not order. NuGet compares pre-release labels without case.
"""

from __future__ import annotations

import re
from typing import Final

from hygie.engines.matching.versions.encoding import VersionError, number, release, word

_SHAPE: Final = re.compile(
    r"[vV=]?\s*(?P<release>\d+(?:\.\d+){0,3})"
    r"(?:-(?P<pre>[0-9A-Za-z\-]+(?:\.[0-9A-Za-z\-]+)*))?(?:\+[0-9A-Za-z.\-]*)?",
    re.ASCII,
)
_RELEASED: Final = b"\x05"


def key(version: str) -> bytes:
    """Return the key of a semantic version.

    Raises:
        VersionError: if it is not one.
    """
    found = _SHAPE.fullmatch(version)
    if found is None:
        raise VersionError(f"« {version} » n’est pas une version sémantique (semver)")
    return release(found["release"].split(".")) + _pre(found["pre"])


def nuget_key(version: str) -> bytes:
    """Return the key of a NuGet version.

    Raises:
        VersionError: if it is not one.
    """
    return key(version.lower())


def _pre(label: str | None) -> bytes:
    if label is None:
        return _RELEASED
    encoded = (
        b"\x02" + number(piece) if piece.isdigit() else b"\x03" + word(piece)
        for piece in label.split(".")
    )
    return b"\x01" + b"".join(encoded) + b"\x01"
