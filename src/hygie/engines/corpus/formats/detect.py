"""Which official format a file is of, told by its content, and the reader it needs.

The name of a file proves nothing: mirrors rename. The head of the document is looked at, then
the reader of its format reads the whole, strictly.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple, Protocol

from hygie.engines.corpus import cve_lines
from hygie.engines.corpus.formats import (
    certfr,
    csaf,
    cve_record,
    cyclonedx_vex,
    nvd,
    osv,
    vex,
)
from hygie.engines.corpus.formats.advisory import Advisory
from hygie.engines.corpus.formats.json_places import MAX_DOCUMENT_BYTES
from hygie.engines.corpus.records import CorpusFormatError, CveRecord

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

HEAD_BYTES: Final = 256 * 1024
FEED_MAX_BYTES: Final = 8 * 1024**3
LINE_MAX_BYTES: Final = 16 * 1024 * 1024

_VALUE_CHARS: Final = 80
_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^"{}\[\]:,\s]+', re.DOTALL)


class Kind(StrEnum):
    """The formats that are recognised."""

    NVD_2_0 = "nvd-2.0"
    NVD_1_1 = "nvd-1.1"
    CVE_RECORD = "cve-record"
    CVE_LINES = "cve-lines"
    OSV = "osv"
    CSAF = "csaf"
    CERTFR = "certfr"
    CERTFR_INDEX = "certfr-index"
    OPENVEX = "openvex"
    CYCLONEDX = "cyclonedx"
    KEV = "kev"
    EPSS = "epss"


MARKS: Final = frozenset({Kind.KEV, Kind.EPSS})
"""Formats that mark CVEs and state nothing of products: ``corpus.kev`` and ``corpus.epss``."""


class UnknownFormatError(CorpusFormatError):
    """The content is of no vulnerability format that is read."""


class BoundedFiles(Protocol):
    """How files are opened, plain, gzip or Zstandard, within bounds; given by the caller."""

    def open_bounded(self, path: Path, *, max_bytes: int) -> AbstractContextManager[BinaryIO]:
        """Open a file as a stream of at most ``max_bytes`` plain bytes."""
        ...

    def read_bounded(self, path: Path, *, max_bytes: int) -> bytes:
        """Return the plain bytes of a file."""
        ...

    def iter_lines_bounded(
        self, path: Path, *, max_line_bytes: int, max_bytes: int
    ) -> Iterator[tuple[int, str]]:
        """Yield each line with its 1-based number."""
        ...


class Found(NamedTuple):
    """What a head tells: the format, and whether each line is a document of its own."""

    kind: Kind
    by_lines: bool


class Reader(NamedTuple):
    """A recognised file.

    Attributes:
        path: the file.
        kind: its format.
        documents: reads it whole, one advisory a document, in order; a record of the CVE list
            is an advisory of its own. Raises InputError at the first malformed one: the caller
            must then drop all that came before.
    """

    path: Path
    kind: Kind
    documents: Callable[[], Iterator[Advisory]]

    def records(self) -> Iterator[CveRecord]:
        """Yield the records of all documents."""
        for advisory in self.documents():
            yield from advisory.records


def read_any(path: Path, *, files: BoundedFiles) -> Reader:
    """Return the reader of a file.

    Raises:
        UnknownFormatError: if the content is of no format that is read, or only marks CVEs.
        InputError: whatever opening the file raises.
    """
    with files.open_bounded(path, max_bytes=FEED_MAX_BYTES) as stream:
        head = stream.read(HEAD_BYTES)
    found = recognise(head)
    if found is None:
        raise UnknownFormatError(
            "format non reconnu ; attendus : CVE 5, NVD, OSV, CSAF, CERT-FR, OpenVEX, CycloneDX",
            source=path.name,
        )
    if found.kind in MARKS:
        raise UnknownFormatError(
            f"un fichier {found.kind.upper()} ne décrit pas de produit", source=path.name
        )
    return Reader(path, found.kind, lambda: _documents(path, found, files))


def recognise(head: bytes) -> Found | None:
    """Return the format of a document by its first bytes, None when it is of none.

    Args:
        head: the first HEAD_BYTES plain bytes, or all of a shorter document.
    """
    text = head.decode("utf-8", "replace").removeprefix("﻿").lstrip()
    if text.startswith(("#model_version:", "cve,epss,")):
        return Found(Kind.EPSS, by_lines=False)
    if text.startswith("["):
        return Found(Kind.CERTFR_INDEX, by_lines=False) if '"alert"' in text else None
    members, by_lines = _members(text)
    kind = _kind(members, text)
    return Found(kind, by_lines) if kind else None


def _kind(members: dict[str, str], text: str) -> Kind | None:
    for kind, recognised in _SIGNS:
        if recognised(members, text):
            return kind
    return None


_SIGNS: Final[tuple[tuple[Kind, Callable[[dict[str, str], str], bool]], ...]] = (
    (Kind.CVE_RECORD, lambda members, _: members.get("dataType") == '"CVE_RECORD"'),
    (Kind.NVD_1_1, lambda members, _: "CVE_data_type" in members or "CVE_Items" in members),
    (Kind.NVD_2_0, lambda members, _: members.get("format") == '"NVD_CVE"'),
    (Kind.KEV, lambda members, _: "catalogVersion" in members),
    (Kind.CYCLONEDX, lambda members, _: members.get("bomFormat") == '"CycloneDX"'),
    (Kind.OPENVEX, lambda members, _: vex.OPENVEX_CONTEXT in members.get("@context", "")),
    (Kind.CERTFR, lambda members, _: members.get("reference", "").startswith('"CERT')),
    (Kind.CSAF, lambda members, text: "document" in members and '"csaf_version"' in text),
    (Kind.CSAF, lambda members, _: "product_tree" in members and "vulnerabilities" not in members),
    (Kind.CVE_LINES, lambda members, _: _is_cve_line(members)),
    (Kind.OSV, lambda members, _: "id" in members and "modified" in members),
)


def _is_cve_line(members: dict[str, str]) -> bool:
    return members.get("id", "").startswith('"CVE-') and "source" in members


def _members(text: str) -> tuple[dict[str, str], bool]:
    """Return the members of the first object of a text that may be cut, and whether more follow.

    Each with the head of its value as written; of a nested value, only its bracket.
    """
    members: dict[str, str] = {}
    depth, key, value_follows = 0, "", False
    for found in _TOKEN.finditer(text):
        piece = found[0]
        if depth == 1 and value_follows:
            members[key], value_follows = piece[:_VALUE_CHARS], False
        elif depth == 1 and piece[0] == '"':
            key = piece[1:-1]
        value_follows = value_follows or (depth == 1 and piece == ":")
        depth += (piece in "{[") - (piece in "}]")
        if depth == 0:
            return members, text[found.end() :].lstrip().startswith("{")
    return members, False


def _documents(path: Path, found: Found, files: BoundedFiles) -> Iterator[Advisory]:
    if found.by_lines or found.kind == Kind.CVE_LINES:
        lines = files.iter_lines_bounded(
            path, max_line_bytes=LINE_MAX_BYTES, max_bytes=FEED_MAX_BYTES
        )
        yield from _from_lines(lines, found.kind, path.name)
    elif found.kind in (Kind.NVD_2_0, Kind.NVD_1_1):
        read = nvd.read_nvd if found.kind == Kind.NVD_2_0 else nvd.read_nvd_1_1
        with files.open_bounded(path, max_bytes=FEED_MAX_BYTES) as stream:
            yield from _alone(read(stream, source=path.name))
    else:
        document = files.read_bounded(path, max_bytes=MAX_DOCUMENT_BYTES)
        yield from _of_document(document, found.kind, path.name)


def _from_lines(lines: Iterator[tuple[int, str]], kind: Kind, source: str) -> Iterator[Advisory]:
    if kind == Kind.CVE_LINES:
        yield from _alone(cve_lines.read_cve_lines(lines, source=source))
    elif kind == Kind.CVE_RECORD:
        yield from _alone(cve_record.read_cve_record_lines(lines, source=source))
    elif kind == Kind.OSV:
        yield from osv.read_osv_lines(lines, source=source)
    elif kind == Kind.CERTFR:
        bulletins = certfr.read_bulletin_lines(lines, source=source)
        yield from (certfr.advisory_of(bulletin) for bulletin in bulletins)
    else:
        raise UnknownFormatError(f"plusieurs documents {kind} dans un fichier", source=source)


def _of_document(document: bytes, kind: Kind, source: str) -> Iterator[Advisory]:
    if kind == Kind.CVE_RECORD:
        yield from _alone([cve_record.parse_cve_record(document, source=source)])
    elif kind == Kind.CERTFR_INDEX:
        bulletins = certfr.parse_alert_index(document, source=source)
        yield from (certfr.advisory_of(bulletin) for bulletin in bulletins)
    elif kind == Kind.CERTFR:
        yield certfr.advisory_of(certfr.parse_bulletin(document, source=source))
    else:
        yield _PARSERS[kind](document, source=source)


class _Parser(Protocol):
    def __call__(self, document: bytes, *, source: str) -> Advisory: ...


_PARSERS: Final[dict[Kind, _Parser]] = {
    Kind.CSAF: csaf.parse_csaf,
    Kind.CYCLONEDX: cyclonedx_vex.parse_cyclonedx_vex,
    Kind.OPENVEX: vex.parse_openvex,
    Kind.OSV: osv.parse_osv,
}


def _alone(records: Iterable[CveRecord]) -> Iterator[Advisory]:
    for record in records:
        yield Advisory(
            record.cve_id,
            source=record.source,
            published=record.published_on.isoformat() if record.published_on else "",
            updated=record.as_of,
            records=(record,),
            left_out=record.left_out,
        )
