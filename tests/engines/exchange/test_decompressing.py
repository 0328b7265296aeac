from __future__ import annotations

import io
import zlib

import pytest

from hygie.engines.exchange.decompressing import BoundedStream
from hygie.vocabulary.errors import InputError, TooLargeError


class Broken(io.BytesIO):
    """A file on a failing disk."""

    def read(self, _size: int | None = -1, /) -> bytes:
        raise OSError(5, "Input/output error")


def stream(file: io.BytesIO, *, head: bytes = b"", max_bytes: int = 100) -> BoundedStream:
    return BoundedStream(file, head=head, max_bytes=max_bytes, source="x")


def test_reads_of_any_size_give_the_same_bytes() -> None:
    content = bytes(range(100))
    pieces = stream(io.BytesIO(content))

    assert b"".join(iter(lambda: pieces.read(7), b"")) == content


def test_the_bound_counts_plain_bytes() -> None:
    packed = zlib.compress(bytes(101), wbits=31)

    with pytest.raises(TooLargeError, match="100 octets"):
        stream(io.BytesIO(packed), head=packed[:4]).readall()


def test_a_failing_disk_is_told() -> None:
    with pytest.raises(InputError, match="lecture impossible"):
        stream(Broken()).read(1)
