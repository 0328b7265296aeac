"""What a document of the stream says, as plain values that can be kept, compared and shown.

No database here. One ``Arrival`` for a CERT-FR bulletin, a CSAF advisory, a KEV entry, an EPSS
jump; an analyst's bulletin can be one more.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from hygie.engines.corpus.formats.certfr import parse_alert_index, parse_bulletin
from hygie.engines.corpus.formats.csaf import parse_csaf
from hygie.engines.corpus.formats.detect import HEAD_BYTES, Kind, recognise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from hygie.engines.corpus.formats.advisory import Advisory
    from hygie.engines.corpus.formats.certfr import Bulletin
    from hygie.engines.corpus.kev import KevEntry

MAX_PRODUCTS: Final = 400
MAX_CVES: Final = 5_000
SUMMARY_MAX: Final = 4_000

_CERTFR_KINDS: Final = {"AVI": "certfr-avis", "ALE": "certfr-alert"}


class Arrival(NamedTuple):
    """One document of the stream.

    Attributes:
        kind: an AdvisoryKind value.
        reference: as its publisher writes it.
        title: as written.
        publisher: as written.
        published_on, updated_on, closed_on: days, None when not stated.
        cve_ids: that it names, in order.
        content: summary, risks, products, revisions, remedies, links, left_out; plain values.
    """

    kind: str
    reference: str
    title: str
    publisher: str
    published_on: dt.date | None
    updated_on: dt.date | None
    closed_on: dt.date | None
    cve_ids: tuple[str, ...]
    content: Mapping[str, Any]

    @property
    def sha256(self) -> str:
        """Name what it says: the same words give the same hash."""
        plain = [*self[:4], *map(str, self[4:7]), self.cve_ids, self.content]
        return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def read_arrivals(document: bytes, *, name: str) -> tuple[Arrival, ...] | None:
    """Return what a document says; None when it is none of the stream.

    Raises:
        InputError: if it is malformed: it is refused whole.
    """
    found = recognise(document[:HEAD_BYTES])
    reader = _READERS.get(found.kind) if found else None
    return tuple(reader(document, name)) if reader else None


def of_bulletin(bulletin: Bulletin) -> Arrival:
    """Return a CERT-FR bulletin."""
    products = [
        {"vendor": one.vendor, "text": one.text, "identity": one.identity}
        for one in bulletin.systems[:MAX_PRODUCTS]
    ]
    return Arrival(
        _CERTFR_KINDS.get(bulletin.kind, "certfr-other"),
        bulletin.reference,
        bulletin.title[:400],
        "CERT-FR",
        _day(bulletin.published_on),
        _day(bulletin.updated_on),
        _day(bulletin.closed_on),
        bulletin.cve_ids[:MAX_CVES],
        {
            "summary": bulletin.summary[:SUMMARY_MAX],
            "risks": list(bulletin.risks),
            "products": products,
            "revisions": [list(one) for one in bulletin.revisions],
            "links": [list(one) for one in bulletin.links[:100]],
        },
    )


def of_csaf(advisory: Advisory) -> Arrival:
    """Return a vendor's CSAF advisory; products are those its statements name."""
    identities = dict.fromkeys(
        statement.identity for record in advisory.records for statement in record.statements
    )
    remedies = dict.fromkeys(
        (remedy.category, remedy.text[:600], remedy.url) for remedy in advisory.remedies
    )
    summaries = [record.description for record in advisory.records if record.description]
    return Arrival(
        "csaf",
        advisory.reference[:160],
        advisory.title[:400],
        advisory.publisher[:160],
        _day(advisory.published),
        _day(advisory.updated),
        _day(advisory.closed),
        tuple(dict.fromkeys(record.cve_id for record in advisory.records))[:MAX_CVES],
        {
            "summary": "\n\n".join(summaries)[:SUMMARY_MAX],
            "risks": [],
            "products": [
                {"vendor": one.partition("/")[0], "text": one, "identity": one}
                for one in list(identities)[:MAX_PRODUCTS]
            ],
            "remedies": [list(one) for one in list(remedies)[:100]],
            "left_out": list(dict.fromkeys(advisory.left_out))[:20],
        },
    )


def of_kev(entry: KevEntry, *, name: str) -> Arrival:
    """Return the entry of a flaw in CISA's catalogue of exploited ones."""
    return Arrival(
        "kev",
        f"KEV {entry.cve_id}",
        f"{entry.cve_id} : {name}" if name else entry.cve_id,
        "CISA",
        entry.added_on,
        entry.added_on,
        None,
        (entry.cve_id,),
        {"summary": "", "risks": [], "products": [], "ransomware": entry.ransomware},
    )


def of_jump(cve_id: str, before: float, after: float, *, on: dt.date) -> Arrival:
    """Return a rise of the probability of exploitation that changes what should be done."""
    return Arrival(
        "epss",
        f"EPSS {cve_id} {on.isoformat()}",
        cve_id,
        "FIRST",
        on,
        on,
        None,
        (cve_id,),
        {"summary": "", "risks": [], "products": [], "before": before, "after": after},
    )


def _bulletins(document: bytes, name: str) -> Iterator[Arrival]:
    yield of_bulletin(parse_bulletin(document, source=name))


def _index(document: bytes, name: str) -> Iterable[Arrival]:
    return [of_bulletin(one) for one in parse_alert_index(document, source=name)]


def _csaf(document: bytes, name: str) -> Iterator[Arrival]:
    yield of_csaf(parse_csaf(document, source=name))


_READERS: Final[Mapping[Kind, Callable[[bytes, str], Iterable[Arrival]]]] = {
    Kind.CERTFR: _bulletins,
    Kind.CERTFR_INDEX: _index,
    Kind.CSAF: _csaf,
}


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text[:10]) if text else None
