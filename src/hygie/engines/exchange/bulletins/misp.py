"""Write a bulletin as a MISP event, and events as a MISP feed.

A feed is a folder: ``manifest.json``, ``hashes.csv`` and one file an event.
Sources: https://www.misp-standard.org/rfc/misp-standard-core.html,
https://www.misp-project.org/feeds/.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from hygie.engines.exchange.bulletins.indicators import IndicatorKind
from hygie.engines.exchange.bulletins.writing import encoded, name_uuid
from hygie.vocabulary.enums import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hygie.engines.exchange.bulletins.document import Bulletin
    from hygie.engines.exchange.bulletins.indicators import Indicator

_COMPLETED: Final = "2"
# 0 this organisation, 1 this community, 2 connected communities, 3 all: the tag says more.
_DISTRIBUTION: Final = "0"
_THREATS: Final = {Severity.CRITICAL: "1", Severity.MAJOR: "1", Severity.MODERATE: "2"}
ATTRIBUTES: Final = {
    IndicatorKind.IPV4: ("ip-dst", "Network activity"),
    IndicatorKind.IPV6: ("ip-dst", "Network activity"),
    IndicatorKind.DOMAIN: ("domain", "Network activity"),
    IndicatorKind.URL: ("url", "Network activity"),
    IndicatorKind.EMAIL: ("email-src", "Payload delivery"),
    IndicatorKind.MD5: ("md5", "Payload delivery"),
    IndicatorKind.SHA1: ("sha1", "Payload delivery"),
    IndicatorKind.SHA256: ("sha256", "Payload delivery"),
    IndicatorKind.FILENAME: ("filename", "Payload delivery"),
}


def write_misp(bulletin: Bulletin) -> bytes:
    """Return the event, UTF-8 JSON, the same bytes for the same bulletin."""
    return encoded({"Event": _event(bulletin)})


def event_uuid(bulletin: Bulletin) -> str:
    """Return the identifier of its event, which every revision keeps."""
    return name_uuid(bulletin.publisher.namespace, "misp", bulletin.number)


def write_misp_manifest(bulletins: Iterable[Bulletin]) -> bytes:
    """Return ``manifest.json`` of a feed that holds these events."""
    return encoded(
        {event_uuid(one): {k: v for k, v in _head(one).items() if k != "uuid"} for one in bulletins}
    )


def write_misp_hashes(bulletins: Iterable[Bulletin]) -> bytes:
    """Return ``hashes.csv``: MD5 of each value to look for and the event that holds it.

    MD5 is the feed's format; it hides nothing and proves nothing.
    """
    return "".join(
        f"{hashlib.md5(indicator.value.encode(), usedforsecurity=False).hexdigest()}"
        f",{event_uuid(one)}\n"
        for one in bulletins
        for indicator in one.indicators
    ).encode()


def _event(bulletin: Bulletin) -> dict[str, Any]:
    attributes = [
        *(_indicator(bulletin, indicator) for indicator in bulletin.indicators),
        *(
            _attribute(bulletin, "vulnerability", "External analysis", flaw.cve_id)
            for flaw in bulletin.flaws
        ),
        *(
            _attribute(bulletin, "link", "External analysis", link.url, comment=link.title)
            for link in bulletin.links()
        ),
        _attribute(bulletin, "text", "Other", bulletin.summary),
    ]
    return _head(bulletin) | {
        "published": True,
        "publish_timestamp": _seconds(bulletin),
        "distribution": _DISTRIBUTION,
        "Attribute": attributes,
    }


def _head(bulletin: Bulletin) -> dict[str, Any]:
    publisher = bulletin.publisher
    return {
        "uuid": event_uuid(bulletin),
        "info": f"{bulletin.number} : {bulletin.title}",
        "date": bulletin.published_at.date().isoformat(),
        "timestamp": _seconds(bulletin),
        "threat_level_id": _THREATS.get(bulletin.severity, "3"),
        "analysis": _COMPLETED,
        "Orgc": {
            "name": publisher.name,
            "uuid": name_uuid(publisher.namespace, "organisation", publisher.name),
        },
        "Tag": [{"name": str(bulletin.tlp).lower(), "colour": "#ffffff"}],
    }


def _indicator(bulletin: Bulletin, indicator: Indicator) -> dict[str, Any]:
    kind, category = ATTRIBUTES[indicator.kind]
    written = _attribute(bulletin, kind, category, indicator.value, comment=indicator.comment)
    seen = {"first_seen": indicator.seen_at.isoformat()}
    return written | seen | {"to_ids": not bulletin.withdrawn}


def _attribute(
    bulletin: Bulletin, kind: str, category: str, value: str, *, comment: str = ""
) -> dict[str, Any]:
    return {
        "uuid": name_uuid(bulletin.publisher.namespace, "misp", bulletin.number, kind, value),
        "type": kind,
        "category": category,
        "value": value,
        "comment": comment,
        "to_ids": False,
        "timestamp": _seconds(bulletin),
        "distribution": "5",  # as the event
    }


def _seconds(bulletin: Bulletin) -> str:
    return str(int(bulletin.updated_at.timestamp()))
