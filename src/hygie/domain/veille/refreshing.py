"""Official sources to the corpus in use: fetch what changed, check it whole, build, replace.

No Django here. A source that fails keeps its last good copy; the others go on.
"""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Final, NamedTuple

from hygie.domain.veille.building import build_corpus
from hygie.domain.veille.corpora import starter_folder
from hygie.domain.veille.sources import ARCHIVE, archived_readers, sorted_sources
from hygie.engines.corpus import epss, kev
from hygie.engines.corpus.copies import Copy
from hygie.engines.corpus.fetching import Fetched, State, fetch_feed, outcome
from hygie.engines.corpus.formats.detect import read_any
from hygie.engines.exchange import reading
from hygie.vocabulary.errors import InputError, UsageError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    import httpx

    from hygie.domain.veille.building import BuildReport
    from hygie.engines.corpus.feeds import Feed

MAX_BULLETINS: Final = 200
"""Bulletins fetched from one listing at most; the next run takes the following ones."""

SOURCES_FOLDER: Final = "sources"
CORPUS_FILE: Final = "corpus.hygie"

_OF_THE_STREAM: Final = frozenset({"certfr", "csaf", "kev", ARCHIVE})
_LISTING_MAX_BYTES: Final = 8 * 1024 * 1024
_PLAIN_MAX_BYTES: Final = 8 * 1024**3


class Refreshed(NamedTuple):
    """What a refresh did.

    Attributes:
        fetched: one outcome a feed, in the order asked; bulletins of a listing are summed up.
        report: the build, None when nothing had changed.
    """

    fetched: tuple[Fetched, ...]
    report: BuildReport | None


def chosen(feeds: Sequence[Feed], wanted: Iterable[str]) -> tuple[Feed, ...]:
    """Return the feeds of the sources named; all of them when none is.

    Raises:
        UsageError: if a name is not one of a source.
    """
    names = list(wanted)
    known = dict.fromkeys(feed.id for feed in feeds)
    for name in names:
        if name not in known:
            raise UsageError(f"source inconnue : {name} ; connues : {', '.join(known)}")
    return tuple(feed for feed in feeds if not names or feed.id in names)


def refresh(
    feeds: Sequence[Feed],
    home: Path,
    *,
    client: httpx.Client,
    now: dt.datetime,
    progress: Callable[[Fetched], None] | None = None,
) -> Refreshed:
    """Fetch feeds into ``home``, then build its corpus anew if anything changed.

    Raises:
        InputError: if the sources together cannot be built; the last corpus stays.
    """
    folder = home / SOURCES_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    fetched = []
    for feed in feeds:
        found = _fetch(client, feed, folder, now)
        fetched.append(found)
        if progress:
            progress(found)
    changed = any(one.state is State.NEW for one in fetched)
    wanted = changed or not (home / CORPUS_FILE).exists()
    if not wanted or not sorted_sources(folder, None):
        return Refreshed(tuple(fetched), None)
    report = build_corpus(folder, home / CORPUS_FILE, starter_folder=starter_folder(), now=now)
    return Refreshed(tuple(fetched), report)


def standing(feeds: Sequence[Feed], home: Path, *, now: dt.datetime) -> tuple[Fetched, ...]:
    """Return the state of every copy without asking anybody."""
    folder = home / SOURCES_FOLDER
    return tuple(
        outcome(
            feed,
            folder,
            State.SAME if Copy(folder, feed.file).path.exists() else State.ABSENT,
            now=now,
        )
        for feed in feeds
    )


def refresh_from(directory: Path, home: Path, *, now: dt.datetime) -> BuildReport:
    """Build the corpus of ``home`` from a folder of the same files, on a closed network.

    What the stream shows (bulletins, advisories, exploited flaws) is copied among the sources.

    Raises:
        InputError: if a document is malformed or none is recognised; the last corpus stays.
    """
    report = build_corpus(directory, home / CORPUS_FILE, starter_folder=starter_folder(), now=now)
    folder = home / SOURCES_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for kind, path in sorted_sources(directory, None):
        if kind in _OF_THE_STREAM and not folder.samefile(path.parent):
            part = folder / f".{path.name}.part"
            shutil.copyfile(path, part)
            part.replace(folder / path.name)
    return report


def check_document(path: Path, feed: Feed) -> None:
    """Read a fetched document to its end by the reader of its format.

    Raises:
        InputError: if it is not a whole document of its kind.
    """
    if feed.references:
        list(_references(path, feed))
    elif feed.id == "kev":
        kev.parse_kev(
            reading.read_bounded(path, max_bytes=_LISTING_MAX_BYTES * 8), source=feed.file
        )
    elif feed.id == "epss":
        _check_epss(path, feed)
    elif ".tar" in feed.file:
        if not sum(1 for reader in archived_readers(path) for _ in reader.documents()):
            raise InputError("archive sans aucun document reconnu", source=feed.file)
    else:
        for _ in read_any(path, files=reading).documents():
            pass


def _check_epss(path: Path, feed: Feed) -> None:
    lines = reading.iter_lines_bounded(
        path, max_line_bytes=epss.MAX_LINE_BYTES, max_bytes=_PLAIN_MAX_BYTES
    )
    if not sum(1 for _ in epss.read_epss_lines(lines, source=feed.file)):
        raise InputError("aucun score", source=feed.file)


def _fetch(client: httpx.Client, feed: Feed, folder: Path, now: dt.datetime) -> Fetched:
    found = fetch_feed(client, feed, folder, now=now, check=check_document)
    if not feed.references or found.state in (State.KEPT, State.ABSENT):
        return found
    return _with_bulletins(client, found, folder, now)


def _with_bulletins(
    client: httpx.Client, listing: Fetched, folder: Path, now: dt.datetime
) -> Fetched:
    """Fetch the bulletins of a listing that are not there yet; say the first problem."""
    missing = [
        listing.feed.item(reference)
        for reference in _references(listing.path, listing.feed)
        if not (folder / f"{reference}.json").exists()
    ]
    results = [
        fetch_feed(client, item, folder, now=now, check=check_document)
        for item in missing[:MAX_BULLETINS]
    ]
    problems = [f"{one.feed.file} : {one.problem}" for one in results if one.problem]
    new = any(one.state is State.NEW for one in results)
    state = State.NEW if new else State.KEPT if problems else State.SAME
    return listing._replace(state=state, problem=problems[0] if problems else "")


def _references(path: Path, feed: Feed) -> Iterator[str]:
    text = reading.read_bounded(path, max_bytes=_LISTING_MAX_BYTES).decode("utf-8", "replace")
    found = dict.fromkeys(re.findall(feed.references, text))
    if not found:
        raise InputError("liste sans aucun bulletin", source=feed.file)
    yield from found
