"""Every document of a folder of sources, one at a time, archives and line files opened.

No database here. Bounded in size, number and depth by the readers it uses.
"""

from __future__ import annotations

import re
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from hygie.engines.corpus.formats.detect import FEED_MAX_BYTES, HEAD_BYTES, recognise
from hygie.engines.corpus.formats.json_places import MAX_DOCUMENT_BYTES
from hygie.engines.exchange import reading
from hygie.vocabulary.errors import InputError, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_DOCUMENTS: Final = 200_000

_PACKED: Final = r"(\.zst|\.gz)?"
_ONE: Final = re.compile(rf".*\.json{_PACKED}", re.IGNORECASE)
_LINES: Final = re.compile(rf".*\.jsonl{_PACKED}", re.IGNORECASE)
_ARCHIVE: Final = re.compile(rf".*\.(tar{_PACKED}|tgz)", re.IGNORECASE)
_OF_THE_STREAM: Final = frozenset({"certfr", "certfr-index", "csaf"})


class Document(NamedTuple):
    """One document: how errors call it, and its bytes."""

    name: str
    body: bytes


def each_document(folder: Path) -> Iterator[Document]:
    """Yield the documents of the stream in name order; a folder that is not there has none.

    Raises:
        InputError: if an archive is damaged.
        TooLargeError: past a bound.
    """
    count = 0
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.name.startswith(".") or not path.is_file():
            continue
        for document in _of_file(path):
            count += 1
            if count > MAX_DOCUMENTS:
                raise TooLargeError(f"plus de {MAX_DOCUMENTS} documents", source=folder.name)
            yield document


def _of_file(path: Path) -> Iterator[Document]:
    if _ARCHIVE.fullmatch(path.name):
        yield from _members(path)
    elif _LINES.fullmatch(path.name) and _is_ours(path):
        lines = reading.iter_lines_bounded(
            path, max_line_bytes=MAX_DOCUMENT_BYTES, max_bytes=FEED_MAX_BYTES
        )
        for number, line in lines:
            if line.strip():
                yield Document(f"{path.name}:{number}", line.encode())
    elif _ONE.fullmatch(path.name) and _is_ours(path):
        body = reading.read_bounded(path, max_bytes=MAX_DOCUMENT_BYTES)
        yield Document(path.name, body)


def _is_ours(path: Path) -> bool:
    with reading.open_bounded(path, max_bytes=FEED_MAX_BYTES) as stream:
        return _streams(stream.read(HEAD_BYTES))


def _streams(head: bytes) -> bool:
    found = recognise(head)
    return found is not None and str(found.kind) in _OF_THE_STREAM


def _members(path: Path) -> Iterator[Document]:
    with reading.open_bounded(path, max_bytes=FEED_MAX_BYTES) as stream:
        try:
            with tarfile.open(fileobj=stream, mode="r|") as members:
                for member in members:
                    if not member.isfile() or not _ONE.fullmatch(member.name.lower()):
                        continue
                    name = f"{path.name}:{Path(member.name).name}"
                    if member.size > MAX_DOCUMENT_BYTES:
                        raise TooLargeError("document trop grand", source=name)
                    content = members.extractfile(member)
                    body = content.read() if content else b""
                    if _streams(body[:HEAD_BYTES]):
                        yield Document(name, body)
        except (tarfile.TarError, EOFError) as error:
            raise InputError("archive abîmée ou incomplète", source=path.name) from error
