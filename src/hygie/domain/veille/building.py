"""Files of vulnerability sources to one corpus file; no Django here."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from hygie.engines.corpus import cve_lines, epss, kev, starter
from hygie.engines.corpus.compiling import LEFT_OUT_EXAMPLES, Compiler
from hygie.engines.corpus.container import write_container
from hygie.engines.exchange.reading import iter_lines_bounded, read_bounded
from hygie.engines.matching import versions
from hygie.vocabulary.errors import InputError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator
    from pathlib import Path

CVE_MAX_BYTES: Final = 8 * 1024**3
EPSS_MAX_BYTES: Final = 512 * 1024**2
KEV_MAX_BYTES: Final = 256 * 1024**2
MAX_FOLDER_FILES: Final = 20_000

_PACKED: Final = r"(\.zst|\.gz)?"
# In the order in which the compiler must take them.
_KINDS: Final = (
    ("cve", re.compile(rf"cve.*\.jsonl{_PACKED}", re.IGNORECASE)),
    ("starter", re.compile(r".*\.yaml", re.IGNORECASE)),
    ("kev", re.compile(rf"known_exploited_vulnerabilities\.json{_PACKED}", re.IGNORECASE)),
    ("epss", re.compile(rf"epss_scores-?[\d\-]*\.csv{_PACKED}", re.IGNORECASE)),
)


class NoSourceError(InputError):
    """The folder holds no file that a corpus can be built from."""


class Source(NamedTuple):
    """One file a corpus was built from.

    Attributes:
        name: file name.
        kind: ``cve``, ``kev``, ``epss`` or ``starter``.
        records: records read.
        dated: ISO date the document states, empty when it states none.
    """

    name: str
    kind: str
    records: int
    dated: str


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build read, wrote and left out.

    Attributes:
        path: the corpus file.
        size_bytes: its size.
        sources: files read, in order.
        counts: rows by table: ``cve``, ``product``, ``statement``, ``condition``...
        left_out: what could not be used inside sound records, with its number of times, most
            frequent first.
        epss_unknown: EPSS rows of CVEs that the corpus does not know.
    """

    path: Path
    size_bytes: int
    sources: tuple[Source, ...]
    counts: dict[str, int]
    left_out: tuple[tuple[str, int], ...]
    epss_unknown: int


def build_corpus(
    directory: Path | None,
    out: Path,
    *,
    starter_folder: Path | None = None,
    now: dt.datetime | None = None,
    progress: Callable[[str, int], None] | None = None,
) -> BuildReport:
    """Compile every recognised file of a folder, and the starter files, into ``out``.

    ``out`` is replaced only once the new corpus is whole: any malformed document leaves the
    last good one in place.

    Args:
        directory: searched with its sub-folders for ``cve*.jsonl``, the KEV catalogue and
            EPSS files, plain, gzip or Zstandard; None builds from the starter files alone.
        out: corpus file to write.
        starter_folder: folder of starter YAML files.
        now: written in the file as its date of build; None leaves it out.
        progress: called with a file name and the number of records read so far.

    Raises:
        NoSourceError: if nothing is recognised.
        InputError: at the first malformed document, naming file, line and place.
    """
    files = sorted_sources(directory, starter_folder)
    if not any(kind != "starter" for kind, _ in files) and (directory or not files):
        raise NoSourceError(
            "aucun fichier reconnu ; attendus : cve*.jsonl, known_exploited_vulnerabilities.json, "
            "epss_scores-AAAA-MM-JJ.csv, avec ou sans .gz ou .zst",
            source=directory.name if directory else None,
        )
    build = _Build(progress or (lambda _name, _records: None))
    for kind, path in files:
        build.take(kind, path)
    return build.write(out, now)


def sorted_sources(directory: Path | None, starter_folder: Path | None) -> list[tuple[str, Path]]:
    """Return the recognised files with their kind, in the order of compilation.

    Raises:
        InputError: if a folder is absent or holds more than MAX_FOLDER_FILES files.
    """
    found = [] if directory is None else list(_recognised(directory, skip="starter"))
    if starter_folder is not None:
        found += [(k, p) for k, p in _recognised(starter_folder, skip="") if k == "starter"]
    ranks = {kind: rank for rank, (kind, _) in enumerate(_KINDS)}
    return sorted(found, key=lambda file: (ranks[file[0]], file[1].name))


def _recognised(folder: Path, *, skip: str) -> Iterator[tuple[str, Path]]:
    if not folder.is_dir():
        raise InputError("dossier introuvable, vérifiez le chemin", source=folder.name)
    seen = 0
    for parent, _, names in os.walk(folder):
        seen += len(names)
        if seen > MAX_FOLDER_FILES:
            raise InputError(f"plus de {MAX_FOLDER_FILES} fichiers", source=folder.name)
        for name in names:
            for kind, pattern in _KINDS:
                if kind != skip and pattern.fullmatch(name):
                    yield kind, type(folder)(parent) / name
                    break


class _Build:
    def __init__(self, progress: Callable[[str, int], None]) -> None:
        self._compiler = Compiler(versions)
        self._progress = progress
        self._sources: list[Source] = []
        self._epss_unknown = 0

    def take(self, kind: str, path: Path) -> None:
        readers = {
            "cve": self._take_cve,
            "kev": self._take_kev,
            "epss": self._take_epss,
            "starter": self._take_starter,
        }
        self._progress(path.name, 0)
        records, dated = readers[kind](path)
        self._progress(path.name, records)
        self._sources.append(Source(path.name, kind, records, dated))

    def write(self, out: Path, now: dt.datetime | None) -> BuildReport:
        tables = self._compiler.tables()
        counts = {name: table.num_rows for name, table in tables.items()}
        left_out = tuple(self._compiler.left_out.most_common(LEFT_OUT_EXAMPLES))
        description = {
            "built_at": now.isoformat() if now else "",
            "sources": [source._asdict() for source in self._sources],
            "counts": counts,
            "left_out": left_out,
        }
        size = write_container(out, tables, description)
        return BuildReport(out, size, tuple(self._sources), counts, left_out, self._epss_unknown)

    def _take_cve(self, path: Path) -> tuple[int, str]:
        lines = iter_lines_bounded(
            path, max_line_bytes=cve_lines.MAX_LINE_BYTES, max_bytes=CVE_MAX_BYTES
        )
        newest, count = "", 0
        for record in cve_lines.read_cve_lines(lines, source=path.name):
            self._compiler.add_record(record)
            newest = max(newest, record.as_of)
            count += 1
            if count % 5000 == 0:
                self._progress(path.name, count)
        return count, newest

    def _take_kev(self, path: Path) -> tuple[int, str]:
        document = read_bounded(path, max_bytes=KEV_MAX_BYTES)
        dated, entries = kev.parse_kev(document, source=path.name)
        for entry in entries:
            self._compiler.add_kev(entry)
        return len(entries), dated

    def _take_epss(self, path: Path) -> tuple[int, str]:
        dates: list[str] = []

        def lines() -> Iterator[tuple[int, str]]:
            for number, line in iter_lines_bounded(
                path, max_line_bytes=epss.MAX_LINE_BYTES, max_bytes=EPSS_MAX_BYTES
            ):
                if number == 1:
                    dates.append(epss.score_date(line))
                yield number, line

        count = 0
        for cve_id, probability in epss.read_epss_lines(lines(), source=path.name):
            self._epss_unknown += not self._compiler.add_epss(cve_id, probability)
            count += 1
        return count, dates[0]

    def _take_starter(self, path: Path) -> tuple[int, str]:
        document = read_bounded(path, max_bytes=starter.MAX_BYTES)
        dated, records = starter.parse_starter(document, source=path.name)
        return self._compiler.add_records(records), dated
