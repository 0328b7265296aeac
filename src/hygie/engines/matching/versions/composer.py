"""PHP versions as Composer normalises them.

Source: https://getcomposer.org/doc/articles/versions.md and version_compare() of PHP:
dev < alpha < beta < RC < released < patch; branches (``dev-main``, ``1.x-dev``) do not order.
"""

from __future__ import annotations

import re
from typing import Final

from hygie.engines.matching.versions.encoding import VersionError, release

_SHAPE: Final = re.compile(
    r"v?(?P<release>\d+(?:\.\d+){0,3})"
    r"(?:[._\-]?(?P<word>alpha|beta|stable|patch|dev|rc|pl|a|b|p)(?:[.\-]?(?P<n>\d+(?:[.\-]?\d+)*))?)?"
    r"(?P<dev>[.\-]?dev)?(?:\+\S*)?",
    re.ASCII,
)
_RANK: Final = {
    "dev": 0,
    "alpha": 1,
    "a": 1,
    "beta": 2,
    "b": 2,
    "rc": 3,
    "": 4,
    "stable": 4,
    "patch": 5,
    "pl": 5,
    "p": 5,
}


def key(version: str) -> bytes:
    """Return the key of a Composer version.

    Raises:
        VersionError: if it is a branch or another text.
    """
    found = _SHAPE.fullmatch(version.lower())
    if found is None:
        raise VersionError(f"« {version} » n’est pas une version Composer qui s’ordonne")
    rank = _RANK[found["word"] or ""]
    if found["dev"] and not found["word"]:
        rank = _RANK["dev"]
    counts = re.findall(r"\d+", found["n"] or "0")
    released = b"\x00" if found["dev"] else b"\x01"
    return release(found["release"].split(".")) + bytes((rank,)) + release(counts) + released
