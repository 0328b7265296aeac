"""Where each source is published: the referential ``sources/feeds.yaml``, read into feeds."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from hygie.referentials.reading import as_of, load_folder

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from hygie.referentials.reading import Document
    from hygie.referentials.section import Section

DOCUMENT: Final = "hygie.feeds"
DIGESTS: Final = ("", "nvd-meta")

_MEBIBYTE: Final = 1024 * 1024
_MOST_MEBIBYTES: Final = 8 * 1024
_FIELDS: Final = (
    *("id", "title", "url", "file", "media", "max_mebibytes", "digest", "years"),
    *("references", "item_url"),
)
_FILE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._\-]*", re.ASCII)
_ITEM_MEDIA: Final = ("application/json", "text/json")


@dataclass(frozen=True, slots=True)
class Feed:
    """One document to fetch.

    Attributes:
        id: name of the source on the command line.
        title: French title for the screen.
        url: official address.
        file: name of the last good copy.
        media: accepted media types.
        max_bytes: bound on the transfer.
        digest: how a checksum is published, empty when none is.
        references: pattern of the bulletins that the document lists, empty when it is data.
        item_url: address of one of them, with ``{reference}``.
    """

    id: str
    title: str
    url: str
    file: str
    media: tuple[str, ...]
    max_bytes: int
    digest: str = ""
    references: str = ""
    item_url: str = ""

    def item(self, reference: str) -> Feed:
        """Return the feed of one bulletin that this document lists."""
        return replace(
            self,
            url=self.item_url.format(reference=reference),
            file=f"{reference}.json",
            media=_ITEM_MEDIA,
            references="",
        )


def official_feeds(*, on: dt.date) -> tuple[Feed, ...]:
    """Return the feeds in force, in the order of the referential; one a year where it says so.

    Raises:
        ReferentialError: if the referential is missing or malformed.
    """
    return feeds_from(as_of(load_folder("sources"), DOCUMENT, on=on), on=on)


def feeds_from(document: Document, *, on: dt.date) -> tuple[Feed, ...]:
    """Return the feeds of a referential.

    Raises:
        ReferentialError: if an entry is malformed.
    """
    document.content.only("feeds")
    sections = document.content.sections("feeds")
    return tuple(feed for section in sections for feed in _feeds(section, on.year))


def _feeds(section: Section, this_year: int) -> Iterator[Feed]:
    section.only(*_FIELDS)
    feed = Feed(
        section.text("id"),
        section.text("title"),
        section.text("url"),
        section.text("file"),
        _media(section),
        section.integer("max_mebibytes", low=1, high=_MOST_MEBIBYTES) * _MEBIBYTE,
        section.text("digest") if section.has("digest") else "",
        section.text("references") if section.has("references") else "",
        section.text("item_url") if section.has("item_url") else "",
    )
    _check(feed, section)
    if not section.has("years"):
        yield feed
        return
    for year in range(section.integer("years", low=1999, high=2100), this_year + 1):
        yield replace(feed, url=feed.url.format(year=year), file=feed.file.format(year=year))


def _media(section: Section) -> tuple[str, ...]:
    given = section.json("media")
    if not isinstance(given, list) or not given:
        raise section.error("media", "une liste de types est attendue")
    return tuple(str(kind).lower() for kind in given)


def _check(feed: Feed, section: Section) -> None:
    if not feed.url.startswith("https://"):
        raise section.error("url", "une adresse https est attendue")
    if not _FILE.fullmatch(feed.file.format(year=2000)):
        raise section.error("file", "un nom de fichier simple est attendu")
    if feed.digest not in DIGESTS:
        raise section.error("digest", "« nvd-meta », ou rien")
    if bool(feed.references) != bool(feed.item_url):
        raise section.error("references", "« references » et « item_url » vont ensemble")
