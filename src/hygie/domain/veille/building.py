"""Files of vulnerability sources to one corpus file; no Django here."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from hygie.domain.veille.sources import ARCHIVE, STARTER, archived_readers, sorted_sources
from hygie.engines.corpus import epss, kev, starter
from hygie.engines.corpus.compiling import LEFT_OUT_EXAMPLES, Compiler
from hygie.engines.corpus.container import write_container
from hygie.engines.corpus.formats.detect import read_any
from hygie.engines.corpus.precedence import source_ranks
from hygie.engines.exchange import reading
from hygie.engines.matching import versions
from hygie.engines.matching.aliases import packaged_aliases
from hygie.vocabulary.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from hygie.engines.corpus.formats.advisory import Advisory

PRECEDENCE_DAY: Final = dt.date(2026, 1, 1)
EPSS_MAX_BYTES: Final = 512 * 1024**2
KEV_MAX_BYTES: Final = 256 * 1024**2


class NoSourceError(InputError):
    """The folder holds no file that a corpus can be built from."""


class Source(NamedTuple):
    """One file a corpus was built from.

    Attributes:
        name: file name.
        kind: ``cve``, ``nvd``, ``osv``, ``csaf``, ``archive``, ``certfr``, ``vex``, ``starter``,
            ``kev`` or ``epss``.
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
        directory: searched with its sub-folders for documents of the formats of ``sources``,
            plain, gzip or Zstandard, alone or in a tar archive; None builds from the starter
            files alone.
        out: corpus file to write.
        starter_folder: folder of starter YAML files.
        now: written in the file as its date of build, and the day whose precedence of sources
            applies; None leaves it out, and takes the first day of the policy.
        progress: called with a file name and the number of records read so far.

    Raises:
        NoSourceError: if nothing is recognised.
        InputError: at the first malformed document, naming file, line and place.
    """
    files = sorted_sources(directory, starter_folder)
    if not any(kind not in (STARTER, ARCHIVE) for kind, _ in files) and (directory or not files):
        raise NoSourceError(
            "aucun fichier reconnu ; attendus : CVE 5, NVD, OSV, CSAF, CERT-FR, OpenVEX, "
            "known_exploited_vulnerabilities.json, epss_scores-AAAA-MM-JJ.csv, avec ou sans .gz "
            "ou .zst",
            source=directory.name if directory else None,
        )
    ranks = source_ranks(on=now.date() if now else PRECEDENCE_DAY)
    build = _Build(progress or (lambda _name, _records: None), ranks)
    for kind, path in files:
        build.take(kind, path)
    return build.write(out, now)


class _Build:
    def __init__(self, progress: Callable[[str, int], None], ranks: Mapping[str, int]) -> None:
        self._compiler = Compiler(versions, aliases=packaged_aliases(), ranks=ranks)
        self._progress = progress
        self._sources: list[Source] = []
        self._epss_unknown = 0

    def take(self, kind: str, path: Path) -> None:
        readers = {
            ARCHIVE: self._take_archive,
            STARTER: self._take_starter,
            "kev": self._take_kev,
            "epss": self._take_epss,
        }
        self._progress(path.name, 0)
        records, dated = readers.get(kind, self._take_file)(path)
        self._progress(path.name, records)
        if records:
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

    def _take_file(self, path: Path) -> tuple[int, str]:
        return self._take_documents(path.name, read_any(path, files=reading).documents())

    def _take_archive(self, path: Path) -> tuple[int, str]:
        documents = (one for reader in archived_readers(path) for one in reader.documents())
        return self._take_documents(path.name, documents)

    def _take_documents(self, name: str, documents: Iterable[Advisory]) -> tuple[int, str]:
        newest, count = "", 0
        for count, advisory in enumerate(documents, start=1):
            self._compiler.add_records(advisory.records)
            # A record of the CVE list repeats as a document what it left out as a record.
            told = {reason for record in advisory.records for reason in record.left_out}
            self._compiler.left_out.update(r for r in advisory.left_out if r not in told)
            newest = max(newest, advisory.updated[:10])
            if count % 5000 == 0:
                self._progress(name, count)
        return count, newest

    def _take_kev(self, path: Path) -> tuple[int, str]:
        document = reading.read_bounded(path, max_bytes=KEV_MAX_BYTES)
        dated, entries = kev.parse_kev(document, source=path.name)
        for entry in entries:
            self._compiler.add_kev(entry)
        return len(entries), dated

    def _take_epss(self, path: Path) -> tuple[int, str]:
        dates: list[str] = []

        def lines() -> Iterator[tuple[int, str]]:
            for number, line in reading.iter_lines_bounded(
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
        document = reading.read_bounded(path, max_bytes=starter.MAX_BYTES)
        dated, records = starter.parse_starter(document, source=path.name)
        return self._compiler.add_records(records), dated
