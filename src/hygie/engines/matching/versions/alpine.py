"""Alpine versions: ``1.2.3b_rc1-r4``.

Source: apk-package(5): numbers, one letter, suffixes (alpha < beta < pre < rc < none < cvs <
svn < git < hg < p), commit hash, revision.
"""

from __future__ import annotations

import re
from typing import Final

from hygie.engines.matching.versions.encoding import VersionError, number

_SHAPE: Final = re.compile(
    r"(?P<numbers>\d+(?:\.\d+)*)(?P<letter>[a-z])?"
    r"(?P<suffixes>(?:_(?:alpha|beta|pre|rc|cvs|svn|git|hg|p)\d*)*)(?:~[0-9a-f]+)?"
    r"(?:-r(?P<revision>\d+))?",
    re.ASCII,
)
_SUFFIX: Final = re.compile(r"_([a-z]+)(\d*)")
_RANK: Final = {
    name: rank
    for rank, name in enumerate(
        ("alpha", "beta", "pre", "rc", "", "cvs", "svn", "git", "hg", "p"), start=1
    )
}


def key(version: str) -> bytes:
    """Return the key of an Alpine version.

    Raises:
        VersionError: if apk would refuse it.
    """
    found = _SHAPE.fullmatch(version)
    if found is None:
        raise VersionError(f"« {version} » n’est pas une version Alpine")
    numbers = b"".join(b"\x03" + number(digits) for digits in found["numbers"].split("."))
    letter = (found["letter"] or "\x00").encode()
    suffixes = b"".join(
        bytes((_RANK[name],)) + number(digits or "0")
        for name, digits in _SUFFIX.findall(found["suffixes"])
    )
    # The end of the suffixes stands where "no suffix" ranks.
    end = bytes((_RANK[""],))
    return numbers + b"\x02" + letter + suffixes + end + number(found["revision"] or "0")
