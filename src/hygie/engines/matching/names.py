"""Rows of a sorted column of hashes, found one name at a time."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from hygie.vocabulary.identity import identity_hash

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygie.engines.matching.columns import Column

_BUCKET_BITS: Final = 16
_SHIFT: Final = 64 - _BUCKET_BITS


class NameIndex:
    """Looks names up in a column; a bucket for each beginning of a hash holds a row or two.

    Args:
        hashes: uint64, sorted: ``identity_hash`` of the name of each row.
    """

    def __init__(self, hashes: Column) -> None:
        self._hashes = hashes
        self._view = hashes.data

    def rows(self, name: str) -> Iterator[int]:
        """Yield the rows whose hash is that of the name; compare the names as well."""
        wanted = identity_hash(name)
        starts = self._starts
        bucket = wanted >> _SHIFT
        for row in range(starts[bucket], starts[bucket + 1]):
            if self._view[row] == wanted:
                yield row

    @cached_property
    def _starts(self) -> list[int]:
        edges = np.arange(1 << _BUCKET_BITS, dtype=np.uint64) << np.uint64(_SHIFT)
        starts: list[int] = np.searchsorted(self._hashes, edges).tolist()
        return [*starts, len(self._hashes)]
