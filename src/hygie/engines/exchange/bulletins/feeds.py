"""Write bulletins as feeds for people: Atom 1.0 and JSON Feed 1.1.

Sources: RFC 4287, https://www.jsonfeed.org/version/1.1/.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET  # nosec B405  # written, never read

from hygie.engines.exchange.bulletins.writing import encoded, name_uuid, stamp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygie.engines.exchange.bulletins.document import Bulletin

_ATOM = "http://www.w3.org/2005/Atom"
_NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Feed:
    """A list of bulletins under one address.

    Attributes:
        url: address of the feed itself.
        home_url: page that shows the same list.
    """

    title: str
    author: str
    url: str
    home_url: str
    bulletins: Sequence[Bulletin]

    @property
    def updated_at(self) -> dt.datetime:
        """When any of them last changed."""
        return max((one.updated_at for one in self.bulletins), default=_NEVER)


def write_atom(feed: Feed) -> bytes:
    """Return the Atom document, UTF-8, in the order given."""
    ET.register_namespace("", _ATOM)
    root = ET.Element(f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "fr"})
    _text(root, "id", feed.url)
    _text(root, "title", feed.title)
    _text(root, "updated", stamp(feed.updated_at))
    _text(_text(root, "author"), "name", feed.author)
    _link(root, feed.url, "self")
    _link(root, feed.home_url, "alternate")
    for bulletin in feed.bulletins:
        _entry(_text(root, "entry"), bulletin)
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def write_json_feed(feed: Feed) -> bytes:
    """Return the JSON Feed, UTF-8, in the order given."""
    return encoded(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed.title,
            "home_page_url": feed.home_url,
            "feed_url": feed.url,
            "language": "fr",
            "authors": [{"name": feed.author}],
            "items": [_item(one) for one in feed.bulletins],
        }
    )


def heading(bulletin: Bulletin) -> str:
    """Return the line a reader sees in a list: number, title, whether withdrawn."""
    end = " (retiré)" if bulletin.withdrawn else ""
    return f"{bulletin.number} : {bulletin.title}{end}"


def _entry(entry: ET.Element, bulletin: Bulletin) -> None:
    _text(entry, "id", f"urn:uuid:{_uuid(bulletin)}")
    _text(entry, "title", heading(bulletin))
    _text(entry, "published", stamp(bulletin.published_at))
    _text(entry, "updated", stamp(bulletin.updated_at))
    _text(entry, "summary", bulletin.summary)
    _link(entry, bulletin.url, "alternate")
    for flaw in bulletin.flaws:
        ET.SubElement(entry, f"{{{_ATOM}}}category", {"term": flaw.cve_id})
    ET.SubElement(entry, f"{{{_ATOM}}}category", {"term": str(bulletin.tlp)})


def _item(bulletin: Bulletin) -> dict[str, Any]:
    return {
        "id": f"urn:uuid:{_uuid(bulletin)}",
        "url": bulletin.url,
        "title": heading(bulletin),
        "content_text": bulletin.summary,
        "date_published": stamp(bulletin.published_at),
        "date_modified": stamp(bulletin.updated_at),
        "tags": [str(bulletin.tlp), *(flaw.cve_id for flaw in bulletin.flaws)],
    }


def _uuid(bulletin: Bulletin) -> str:
    return name_uuid(bulletin.publisher.namespace, "entry", bulletin.number)


def _text(parent: ET.Element, name: str, text: str | None = None) -> ET.Element:
    child = ET.SubElement(parent, f"{{{_ATOM}}}{name}")
    child.text = text and _printable(text)
    return child


def _printable(text: str) -> str:
    """Return the text without the control characters that XML 1.0 has no way to write."""
    return "".join(one if one.isprintable() or one in "\n\t" else "\ufffd" for one in text)


def _link(parent: ET.Element, url: str, relation: str) -> None:
    ET.SubElement(parent, f"{{{_ATOM}}}link", {"href": url, "rel": relation})
