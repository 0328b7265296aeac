"""Which files of a folder are vulnerability sources, told by their content, in reading order.

No Django here. A file of no known format is passed over; one that claims a format and breaks
it refuses the whole build when it is read.
"""

from __future__ import annotations

import os
import re
import tarfile
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

from hygie.engines.corpus.formats.detect import (
    FEED_MAX_BYTES,
    HEAD_BYTES,
    Kind,
    Reader,
    read_any,
    recognise,
)
from hygie.engines.corpus.formats.json_places import MAX_DOCUMENT_BYTES
from hygie.engines.exchange import reading
from hygie.vocabulary.errors import InputError, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_FOLDER_FILES: Final = 400_000
MAX_ARCHIVE_MEMBERS: Final = 1_000_000

STARTER: Final = "starter"
ARCHIVE: Final = "archive"

_PACKED: Final = r"(\.zst|\.gz)?"
_DOCUMENT: Final = re.compile(rf".*\.(json|jsonl|csv){_PACKED}", re.IGNORECASE)
_ARCHIVE: Final = re.compile(rf".*\.(tar{_PACKED}|tgz)", re.IGNORECASE)
_STARTER: Final = re.compile(r".*\.ya?ml", re.IGNORECASE)
# Names that official sources give: what bears one must be of its kind, or the build is refused.
# A maintenance page saved as the KEV catalogue must not read as "nothing is exploited".
_NAMED: Final = (
    ("cve", re.compile(rf"cve.*\.jsonl{_PACKED}", re.IGNORECASE)),
    ("kev", re.compile(rf"known_exploited_vulnerabilities\.json{_PACKED}", re.IGNORECASE)),
    ("epss", re.compile(rf"epss_scores-?[\d\-]*\.csv{_PACKED}", re.IGNORECASE)),
)

# Kinds in the order in which the compiler must take them. A CycloneDX file is not one: an
# operator's folder holds SBOMs, which say nothing of what the world knows.
KINDS: Final = {
    Kind.CVE_LINES: "cve",
    Kind.CVE_RECORD: "cve",
    Kind.NVD_2_0: "nvd",
    Kind.NVD_1_1: "nvd",
    Kind.OSV: "osv",
    Kind.CSAF: "csaf",
    Kind.CERTFR: "certfr",
    Kind.OPENVEX: "vex",
    Kind.KEV: "kev",
    Kind.EPSS: "epss",
}
_ORDER: Final = ("cve", "nvd", "osv", "csaf", ARCHIVE, "certfr", "vex", STARTER, "kev", "epss")
_OF_PRODUCTS: Final = frozenset(KINDS) - {Kind.KEV, Kind.EPSS}


class SourceFile(NamedTuple):
    """One file to read: its kind, a value of ``_ORDER``, and where it is."""

    kind: str
    path: Path


def sorted_sources(directory: Path | None, starter_folder: Path | None) -> list[SourceFile]:
    """Return the recognised files with their kind, in the order of compilation.

    Raises:
        InputError: if a folder is absent or holds more than MAX_FOLDER_FILES files, or a file
            cannot be opened.
    """
    found = [] if directory is None else list(_recognised(directory))
    if starter_folder is not None:
        found += [
            SourceFile(STARTER, path)
            for path in _files(starter_folder)
            if _STARTER.fullmatch(path.name)
        ]
    ranks = {kind: rank for rank, kind in enumerate(_ORDER)}
    return sorted(found, key=lambda file: (ranks[file.kind], file.path.name, str(file.path)))


def archived_readers(archive: Path) -> Iterator[Reader]:
    """Yield a reader for each recognised document of a tar archive, in its order.

    Raises:
        InputError: if the archive is damaged, or a member passes the bounds.
    """
    with reading.open_bounded(archive, max_bytes=FEED_MAX_BYTES) as stream:
        try:
            with tarfile.open(fileobj=stream, mode="r|") as members:
                for count, member in enumerate(members):
                    if count >= MAX_ARCHIVE_MEMBERS:
                        raise TooLargeError("trop de fichiers dans l’archive", source=archive.name)
                    if member.isfile() and member.name.lower().endswith((".json", ".jsonl")):
                        yield from _member_reader(members, member, archive)
        except (tarfile.TarError, EOFError) as error:
            raise InputError("archive abîmée ou incomplète", source=archive.name) from error


def _member_reader(
    archive: tarfile.TarFile, member: tarfile.TarInfo, path: Path
) -> Iterator[Reader]:
    name = member.name.rpartition("/")[2]
    if member.size > MAX_DOCUMENT_BYTES:
        raise TooLargeError("document trop grand", source=f"{path.name}:{name}")
    content = archive.extractfile(member)
    document = content.read() if content else b""
    found = recognise(document[:HEAD_BYTES])
    if found and found.kind in _OF_PRODUCTS:
        yield read_any(Path(name), files=_Held(document))


class _Held:
    """A document already in memory, as the readers open files."""

    def __init__(self, document: bytes) -> None:
        self._document = document

    @contextmanager
    def open_bounded(self, path: Path, *, max_bytes: int) -> Iterator[BinaryIO]:  # noqa: ARG002
        """Open the document; it is within bounds, and has no path to open."""
        yield BytesIO(self._document)

    def read_bounded(self, path: Path, *, max_bytes: int) -> bytes:  # noqa: ARG002 - as above
        """Return the document."""
        return self._document

    def iter_lines_bounded(
        self, path: Path, *, max_line_bytes: int, max_bytes: int
    ) -> Iterator[tuple[int, str]]:
        """Yield the lines of the document with their numbers."""
        if len(self._document) > max(max_line_bytes, max_bytes):
            raise TooLargeError("document trop grand", source=path.name)
        text = reading.decode_text(self._document, source=path.name)
        yield from enumerate(text.splitlines(), start=1)


def _recognised(folder: Path) -> Iterator[SourceFile]:
    for path in _files(folder):
        if _ARCHIVE.fullmatch(path.name):
            yield SourceFile(ARCHIVE, path)
        elif kind := _kind(path):
            yield SourceFile(kind, path)


def _kind(path: Path) -> str | None:
    for claimed, pattern in _NAMED:
        if pattern.fullmatch(path.name):
            return claimed
    if not _DOCUMENT.fullmatch(path.name):
        return None
    with reading.open_bounded(path, max_bytes=FEED_MAX_BYTES) as stream:
        found = recognise(stream.read(HEAD_BYTES))
    kind = KINDS.get(found.kind) if found else None
    # The EPSS interface gives extracts of the shape of a day's file, which alone is whole.
    return None if kind == "epss" else kind


def _files(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        raise InputError("dossier introuvable, vérifiez le chemin", source=folder.name)
    seen = 0
    for parent, folders, names in os.walk(folder):
        folders.sort()
        seen += len(names)
        if seen > MAX_FOLDER_FILES:
            raise InputError(f"plus de {MAX_FOLDER_FILES} fichiers", source=folder.name)
        # A name that begins with a dot is a note beside a copy, or a transfer not finished.
        yield from (Path(parent) / name for name in sorted(names) if not name.startswith("."))
