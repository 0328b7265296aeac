"""Python versions.

Source: https://packaging.python.org/specifications/version-specifiers/ (PEP 440): epoch,
release, pre-release, post-release, development release, local label.
"""

from __future__ import annotations

import re
from typing import Final

from hygie.engines.matching.versions.encoding import VersionError, number, release, word

_SHAPE: Final = re.compile(
    r"""
    v?(?:(?P<epoch>\d+)!)?(?P<release>\d+(?:\.\d+)*)
    (?:[-_.]?(?P<pre>alpha|beta|preview|pre|a|b|c|rc)[-_.]?(?P<pre_n>\d*))?
    (?:-(?P<bare_post>\d+)|[-_.]?(?P<post>post|rev|r)[-_.]?(?P<post_n>\d*))?
    (?:[-_.]?(?P<dev>dev)[-_.]?(?P<dev_n>\d*))?
    (?:\+(?P<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?
    """,
    re.VERBOSE | re.ASCII,
)
_PRE_RANK: Final = {"a": 1, "alpha": 1, "b": 2, "beta": 2, "c": 3, "rc": 3, "pre": 3, "preview": 3}
_NO_PRE: Final = b"\x05"
_ONLY_DEV: Final = b"\x00"


def key(version: str) -> bytes:
    """Return the key of a Python version.

    Raises:
        VersionError: if it does not follow PEP 440.
    """
    found = _SHAPE.fullmatch(version.lower())
    if found is None:
        raise VersionError(f"« {version} » n’est pas une version Python (PEP 440)")
    return b"".join(
        (
            number(found["epoch"] or "0"),
            release(found["release"].split(".")),
            _pre(found),
            _post(found),
            b"\x00" + number(found["dev_n"] or "0") if found["dev"] else b"\x01",
            _local(found["local"]),
        )
    )


def _pre(found: re.Match[str]) -> bytes:
    if found["pre"]:
        return bytes((_PRE_RANK[found["pre"]],)) + number(found["pre_n"] or "0")
    # 1.0.dev1 comes before 1.0a1, but 1.0.post1.dev1 after 1.0.
    only_dev = found["dev"] and not found["post"] and found["bare_post"] is None
    return _ONLY_DEV if only_dev else _NO_PRE


def _post(found: re.Match[str]) -> bytes:
    if found["bare_post"] is not None:
        return b"\x01" + number(found["bare_post"])
    return b"\x01" + number(found["post_n"] or "0") if found["post"] else b"\x00"


def _local(label: str | None) -> bytes:
    if label is None:
        return b"\x00"
    pieces = re.split(r"[-_.]", label)
    encoded = (
        b"\x02" + number(piece) if piece.isdigit() else b"\x01" + word(piece) for piece in pieces
    )
    return b"\x01" + b"".join(encoded) + b"\x00"
