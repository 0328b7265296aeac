"""A raw stream of plain bytes from a plain, gzip or Zstandard file, bounded as it is read.

A compressed stream is decoded in small steps, so that the few kilobytes of a bomb never
become gigabytes before the bound is checked; a cut or damaged stream is an error, never a
short file.
"""

from __future__ import annotations

import io
import zlib
from typing import TYPE_CHECKING, BinaryIO, Final, Protocol

import zstandard

from hygie.vocabulary.errors import InputError, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed import WriteableBuffer

_GZIP_MAGIC: Final = b"\x1f\x8b"
_ZSTD_MAGIC: Final = b"\x28\xb5\x2f\xfd"
_PLAIN_STEP: Final = 1 << 16
_GZIP_STEP: Final = 1 << 14  # deflate grows at most 1032 times: 16 MiB a step
_ZSTD_STEP: Final = 1 << 10  # a block of 128 KiB can take 4 bytes: 32 MiB a step
_ZSTD_MAX_WINDOW: Final = 1 << 27


class BoundedStream(io.RawIOBase):
    """The plain bytes of an open file.

    Args:
        file: the open file, at its start.
        head: its first bytes, which tell the compression.
        max_bytes: bound on the plain bytes.
        source: name of the file, for messages.
    """

    def __init__(self, file: BinaryIO, *, head: bytes, max_bytes: int, source: str) -> None:
        super().__init__()
        self._chunks = _plain_chunks(file, head, source)
        self._source = source
        self._max_bytes = max_bytes
        self._read_bytes = 0
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill ``buffer`` with the next bytes and return their count, 0 at the end.

        Raises:
            TooLargeError: if the file holds more than ``max_bytes``.
            InputError: if the compressed stream is cut or damaged.
        """
        view = memoryview(buffer).cast("B")
        while not self._rest:
            chunk = self._next_chunk()
            if chunk is None:
                return 0
            self._count(len(chunk))
            self._rest = memoryview(chunk)
        size = min(len(view), len(self._rest))
        view[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size

    def _next_chunk(self) -> bytes | None:
        try:
            return next(self._chunks, None)
        except OSError as error:
            raise InputError(
                f"lecture impossible ({error.strerror or error})", source=self._source
            ) from error

    def _count(self, size: int) -> None:
        self._read_bytes += size
        if self._read_bytes > self._max_bytes:
            raise TooLargeError(
                f"contenu de plus de {_mebibytes(self._max_bytes)} ; découpez le fichier",
                source=self._source,
            )


class _Decoder(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /) -> bytes: ...


def _plain_chunks(file: BinaryIO, head: bytes, source: str) -> Iterator[bytes]:
    if head.startswith(_GZIP_MAGIC):
        return _decoded_chunks(file, _GZIP_STEP, source)
    if head.startswith(_ZSTD_MAGIC):
        return _decoded_chunks(file, _ZSTD_STEP, source)
    return iter(lambda: file.read(_PLAIN_STEP), b"")


def _decoded_chunks(file: BinaryIO, step_bytes: int, source: str) -> Iterator[bytes]:
    """Yield the content of one frame after another; both formats may be concatenated."""
    decoder: _Decoder | None = None
    data = b""
    try:
        while data or (data := file.read(step_bytes)):
            if decoder is None:
                decoder = _decoder(data)
            yield decoder.decompress(data)
            data = decoder.unused_data if decoder.eof else b""
            if decoder.eof:
                decoder = None
                data = _without_padding(data)
    except (zlib.error, zstandard.ZstdError) as error:
        raise InputError(
            "fichier compressé abîmé ; téléchargez-le de nouveau", source=source
        ) from error
    if decoder is not None:
        raise InputError("fichier compressé tronqué ; téléchargez-le de nouveau", source=source)


def _decoder(data: bytes) -> _Decoder:
    if data.startswith(_GZIP_MAGIC[:1]):
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    return zstandard.ZstdDecompressor(max_window_size=_ZSTD_MAX_WINDOW).decompressobj()


def _without_padding(data: bytes) -> bytes:
    """Drop the zeros that tape blocks and some archivers leave after the last gzip member."""
    return data.lstrip(b"\0")


def _mebibytes(size_bytes: int) -> str:
    if size_bytes < 1 << 20:
        return f"{size_bytes} octets"
    return f"{size_bytes >> 20} Mio"
