"""An open corpus that answers: which CVE touch these components, and what is known of them.

The engines stand alone; this module hands each what it needs of the others. No Django here:
the command line uses it without a database. ``building`` makes the corpus.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hygie.engines.corpus.container import FORMAT_VERSION, checksum_holds
from hygie.engines.corpus.opened import CorpusFile
from hygie.engines.matching.matcher import Matcher
from hygie.engines.matching.tally import tally
from hygie.engines.matching.verdicts import FOUND, Judge
from hygie.vocabulary.facts import MatchRow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from hygie.engines.matching.claims import Claim
    from hygie.engines.matching.tally import Tally
    from hygie.vocabulary.enums import VerdictStatus
    from hygie.vocabulary.facts import Component, CveFacts, Verdict

STARTER_FOLDER: Final = "starter"


@dataclass(frozen=True, slots=True)
class CorpusInfo:
    """What a corpus file is made of.

    Attributes:
        path: the file.
        size_bytes: its size.
        checksum: SHA-256 it states, in hexadecimal.
        built_at: ISO time of its build, empty when not stated.
        sources: {name, kind, records, dated} of each file it was built from.
        counts: rows by table.
        left_out: (what, times) pairs that the build could not use.
    """

    path: Path
    size_bytes: int
    checksum: str
    built_at: str
    sources: tuple[Mapping[str, Any], ...]
    counts: Mapping[str, int]
    left_out: tuple[tuple[str, int], ...]


class Matching:
    """The answer for one inventory, read component by component."""

    def __init__(self, corpus: Corpus, components: Sequence[Component], *, together: bool) -> None:
        self.components = components
        self._corpus = corpus
        placement = corpus.matcher.place(components, together=together)
        self._judge = Judge(corpus.matcher.columns, placement)

    def known(self, index: int) -> bool:
        """Tell whether the corpus has any entry for the component; no entry is not "safe"."""
        return self._judge.known(index)

    def verdicts(self, index: int, *, statuses: Collection[VerdictStatus] = FOUND) -> list[Verdict]:
        """Return one verdict a CVE for the component of that rank, sorted by CVE."""
        return self._judge.verdicts(index, statuses=statuses)

    def conditional(self, index: int) -> list[Verdict]:
        """Return the verdicts "affected" that rest on another component of the inventory."""
        return self._judge.conditional(index)

    def claims(self, index: int, cve_id: str) -> list[Claim]:
        """Return what every source says of one CVE for a component, contradictions included."""
        return self._judge.claims(index, cve_id)

    def rows(
        self, *, statuses: Collection[VerdictStatus] = FOUND, cve_id: str | None = None
    ) -> Iterator[MatchRow]:
        """Yield one row per component and CVE, with the facts of the CVE, in inventory order.

        Args:
            statuses: those wanted.
            cve_id: only this one; None for all.
        """
        found = [
            (component, verdict)
            for index, component in enumerate(self.components)
            for verdict in self.verdicts(index, statuses=statuses)
            if cve_id in (None, verdict.cve_id)
        ]
        facts = self._corpus.facts({verdict.cve_id for _, verdict in found})
        for component, verdict in found:
            yield MatchRow(component, verdict, facts.get(verdict.cve_id))


class Corpus:
    """One open corpus file."""

    def __init__(self, file: CorpusFile) -> None:
        self._file = file
        self.matcher = Matcher(file.tables)

    @property
    def identity(self) -> str:
        """Checksum that names this corpus: the same sources give the same name."""
        return self._file.checksum

    @property
    def tables(self) -> Mapping[str, Any]:
        """The Arrow tables of the corpus by name, read in place; see ``corpus.tables``."""
        return self._file.tables

    def match(self, components: Sequence[Component], *, together: bool = True) -> Matching:
        """Match an inventory.

        Args:
            components: n components, repeats welcome.
            together: they run together, so that one may be what the condition of another's
                vulnerability asks for; False judges each by itself.
        """
        return Matching(self, components, together=together)

    def tally(self, components: Sequence[Component], *, together: bool = True) -> Tally:
        """Count the vulnerabilities of each component, without writing verdicts."""
        return tally(self.matcher, components, together=together)

    def verdicts_together(self, components: Sequence[Component]) -> list[list[Verdict]]:
        """Return for each component what the others decide: conditions that hold among them.

        A firmware is vulnerable on one device only: by itself its verdict is "unknown"; beside
        that device it is "affected", and this says so. Only such verdicts are returned.
        """
        matching = self.match(components, together=True)
        return [matching.conditional(at) for at in range(len(components))]

    def verdicts(self, components: Sequence[Component]) -> list[tuple[bool, list[Verdict]]]:
        """Return for each component, by itself, whether the corpus knows it and its verdicts.

        Only what is affected or unknown: the rest of what the corpus knows does not touch it.
        """
        matching = self.match(components, together=False)
        return [(matching.known(at), matching.verdicts(at)) for at in range(len(components))]

    def facts(self, cve_ids: Iterable[str]) -> dict[str, CveFacts]:
        """Return what is known of each CVE; an unknown CVE has no entry."""
        return self._file.facts(cve_ids)

    def info(self) -> CorpusInfo:
        """Return what the file says of itself."""
        description = self._file.description
        return CorpusInfo(
            path=self._file.path,
            size_bytes=self._file.path.stat().st_size,
            checksum=self._file.checksum,
            built_at=description.get("built_at", ""),
            sources=tuple(description.get("sources", ())),
            counts=description.get("counts", {}),
            left_out=tuple((what, times) for what, times in description.get("left_out", ())),
        )

    def checksum_holds(self) -> bool:
        """Read the whole file and tell whether it is the one its checksum names."""
        return checksum_holds(self._file.path)


def open_corpus(path: Path) -> Corpus:
    """Open a corpus file without reading it.

    Raises:
        CorpusFileError: if it is absent, foreign, truncated or of another format.
    """
    return Corpus(CorpusFile.open(path))


def prepare_corpus(path: Path) -> Path:
    """Return ``path`` if a corpus is there, else that of the starter corpus, beside it.

    The starter corpus is compiled once for each content of the packaged files.

    Raises:
        CorpusFileError: if the folder cannot be written.
    """
    if path.exists():
        return path
    folder = starter_folder()
    prepared = path.with_name(f"starter-{_fingerprint(folder)}.hygie")
    if not prepared.exists():
        # Reading YAML and compiling need what matching alone does not.
        from hygie.domain.veille.building import build_corpus  # noqa: PLC0415

        build_corpus(None, prepared, starter_folder=folder)
    return prepared


def starter_folder() -> Path:
    """Return the folder of the starter files that travel with the project."""
    return Path(str(resources.files("hygie.referentials").joinpath(STARTER_FOLDER)))


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256(str(FORMAT_VERSION).encode())
    for file in sorted(folder.glob("*.yaml")):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
