"""Ruby gem versions.

Source: https://docs.ruby-lang.org/en/master/Gem/Version.html: segments of digits or letters,
a missing segment reads as zero, letters (a pre-release) sort before numbers.
"""

from __future__ import annotations

import re
from typing import Final

from hygie.engines.matching.versions.encoding import (
    BELOW,
    NUMBER,
    VersionError,
    number,
    sequence,
    word,
)

_SHAPE: Final = re.compile(r"[0-9]+(?:\.[0-9a-zA-Z]+)*(?:-[0-9A-Za-z\-]+(?:\.[0-9A-Za-z\-]+)*)?")
_SEGMENT: Final = re.compile(r"[0-9]+|[A-Za-z]+")


def key(version: str) -> bytes:
    """Return the key of a gem version.

    Raises:
        VersionError: if RubyGems would refuse it.
    """
    if not _SHAPE.fullmatch(version):
        raise VersionError(f"« {version} » n’est pas une version RubyGems")
    segments = _SEGMENT.findall(version.replace("-", ".pre."))
    first_word = next((at for at, s in enumerate(segments) if s.isalpha()), len(segments))
    numbers, rest = segments[:first_word], segments[first_word:]
    while numbers and not int(numbers[-1]):
        # RubyGems drops the zeros in front of a pre-release: 1.0.a is 1.a.
        numbers.pop()
    return sequence([_token(segment) for segment in numbers + rest])


def _token(segment: str) -> tuple[int, bytes]:
    return (BELOW, word(segment)) if segment.isalpha() else (NUMBER, number(segment))
