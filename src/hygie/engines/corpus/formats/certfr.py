"""Bulletins of CERT-FR: avis and alertes, in the JSON of the site.

A bulletin lists products and lists CVEs, without saying which CVE touches which product. Where
it names one product, or one CVE, it decides; where it names several of both, and the line does
not name its CVEs, it says "unknown", with the versions it gives.
Source: https://www.cert.ssi.gouv.fr/openapi.json; one document at ``…/avis/<reference>/json/``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from hygie.engines.corpus.criteria import GENERIC
from hygie.engines.corpus.formats.advisory import Advisory
from hygie.engines.corpus.formats.certfr_sentence import Sentence, read_sentence
from hygie.engines.corpus.formats.json_places import Json, load_json, placed
from hygie.engines.corpus.formats.names import aliases_of, named_identity
from hygie.engines.corpus.records import CorpusFormatError, CveRecord, Span, Statement
from hygie.vocabulary.identity import normal_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SOURCE: Final = "certfr"
PUBLISHER: Final = "CERT-FR"
SEVERAL_NOTE: Final = "le bulletin cite plusieurs produits sans dire lequel chaque CVE touche"

REFERENCE: Final = re.compile(
    r"CERT(?:FR|A)-\d{4}-(?P<kind>AVI|ALE|ACT|CTI|IOC|DUR|RFX|INF)-\d{3,4}", re.ASCII
)

_NO_NAME: Final = frozenset({"", "n/a", "na", "-", "inconnu"})


class AffectedSystem(NamedTuple):
    """One line of the affected systems.

    Attributes:
        vendor: as written.
        product: the name CERT-FR files it under, empty for its ``N/A``.
        text: the line itself.
        identity: ``vendor/product`` read from the line; empty when it names none.
        sentence: what was read.
    """

    vendor: str
    product: str
    text: str
    identity: str
    sentence: Sentence


class Bulletin(NamedTuple):
    """One avis or alerte.

    Attributes:
        reference: such as ``CERTFR-2024-AVI-0123``; three digits in older ones.
        kind: ``AVI``, ``ALE``...
        title: as written.
        summary: as written, Markdown.
        risks: as written, from CERT-FR's vocabulary.
        cve_ids: in order, without repeats.
        systems: affected systems, in order.
        links: (title, address) of vendor advisories, then of other documents.
        revisions: (ISO date, text), oldest first.
        closed_on: ISO date an alert was closed, empty while it is open.
    """

    reference: str
    kind: str
    title: str
    summary: str
    risks: tuple[str, ...]
    cve_ids: tuple[str, ...]
    systems: tuple[AffectedSystem, ...]
    links: tuple[tuple[str, str], ...]
    revisions: tuple[tuple[str, str], ...]
    closed_on: str

    @property
    def published_on(self) -> str:
        """ISO date of the first revision, empty when there is none."""
        return self.revisions[0][0] if self.revisions else ""

    @property
    def updated_on(self) -> str:
        """ISO date of the last revision, empty when there is none."""
        return self.revisions[-1][0] if self.revisions else ""


def parse_bulletin(document: bytes | str, *, source: str, line: int | None = None) -> Bulletin:
    """Return one bulletin.

    Raises:
        CorpusFormatError: if the document is not a bulletin, or any part is malformed.
        TooLargeError: if it passes the bound of ``json_places``.
    """
    root = load_json(document, source=source, line=line)
    try:
        return _bulletin(root)
    except CorpusFormatError as error:
        raise placed(error, source=source, line=line) from error


def read_bulletin_lines(lines: Iterable[tuple[int, str]], *, source: str) -> Iterator[Bulletin]:
    """Yield the bulletins of a file that holds one document a line, in file order.

    Raises:
        CorpusFormatError: at the first malformed one, with its line; drop the whole file.
        TooLargeError: as ``parse_bulletin``.
    """
    for number, line in lines:
        if line.strip():
            yield parse_bulletin(line, source=source, line=number)


def parse_alert_index(document: bytes, *, source: str) -> tuple[Bulletin, ...]:
    """Return the alerts of an index: a list of {alert, published_at, cves}, without products.

    Raises:
        CorpusFormatError: if any entry is malformed.
        TooLargeError: as ``parse_bulletin``.
    """
    root = load_json(b'{"alerts":' + document.removeprefix(b"\xef\xbb\xbf") + b"}", source=source)
    try:
        return tuple(_indexed(entry) for entry in root.each("alerts"))
    except CorpusFormatError as error:
        raise placed(error, source=source) from error


def advisory_of(bulletin: Bulletin) -> Advisory:
    """Return the records of a bulletin: one a CVE, sharing the statements they have in common.

    A bulletin without CVE or without readable product has no record, or no statement, and says so.
    """
    left_out = []
    if not bulletin.cve_ids:
        left_out.append("CERT-FR : bulletin sans identifiant CVE")
    if not bulletin.systems:
        left_out.append("CERT-FR : bulletin sans système affecté")
    if any(not system.identity for system in bulletin.systems):
        left_out.append("CERT-FR : ligne qui ne nomme pas de produit")
    return Advisory(
        bulletin.reference,
        bulletin.title,
        PUBLISHER,
        SOURCE,
        published=bulletin.published_on,
        updated=bulletin.updated_on,
        closed=bulletin.closed_on,
        records=tuple(_records(bulletin)),
        left_out=tuple(left_out),
    )


def _bulletin(root: Json) -> Bulletin:
    reference, kind = _reference(root, "reference")
    revisions = sorted(
        (each.iso_day("revision_date"), each.text("description")) for each in root.each("revisions")
    )
    links = (*root.each("vendor_advisories"), *root.each("links"))
    return Bulletin(
        reference,
        kind,
        root.text("title", required=True),
        root.text("summary"),
        tuple(each.text("description") for each in root.each("risks")),
        tuple(dict.fromkeys(each.cve_id("name") for each in root.each("cves"))),
        tuple(_system(each) for each in root.each("affected_systems")),
        tuple((each.text("title"), each.text("url")) for each in links),
        tuple(revisions),
        root.iso_day("closed_at"),
    )


def _indexed(entry: Json) -> Bulletin:
    reference, kind = _reference(entry, "alert")
    entries = [Json({"name": item.value}, item.place) for item in entry.each("cves")]
    cve_ids = dict.fromkeys(each.cve_id("name") for each in entries)
    revision = (entry.iso_day("published_at"), "")
    return Bulletin(reference, kind, reference, "", (), tuple(cve_ids), (), (), (revision,), "")


def _reference(root: Json, key: str) -> tuple[str, str]:
    reference = root.text(key, required=True).strip()
    found = REFERENCE.fullmatch(reference)
    if not found:
        root.get(key).refuse(f"« {reference[:40]} » n’est pas une référence du CERT-FR")
    return reference, found["kind"]


def _system(system: Json) -> AffectedSystem:
    product = system.get("product")
    vendor = product.get("vendor").text("name") if product.has("vendor") else ""
    filed = product.text("name")
    text = system.text("description")
    sentence = read_sentence(text, vendor=vendor)
    filed = "" if filed.strip().lower() in _NO_NAME else filed
    identity = _identity(vendor, sentence.product or filed)
    return AffectedSystem(vendor, filed, text, identity, sentence)


def _identity(vendor: str, product: str) -> str:
    if vendor.strip().lower() in _NO_NAME or not normal_name(product):
        return ""
    return named_identity(vendor, product)


def _records(bulletin: Bulletin) -> Iterator[CveRecord]:
    named = [system for system in bulletin.systems if system.identity]
    cve_ids = dict.fromkeys(bulletin.cve_ids)
    for system in named:
        cve_ids.update(dict.fromkeys(sorted(system.sentence.cve_ids)))
    several = len({system.identity for system in named}) > 1 and len(cve_ids) > 1
    aliases = tuple(
        dict.fromkeys(
            alias
            for system in named
            for alias in aliases_of(
                system.vendor, (system.sentence.product or system.product,), system.identity
            )
        )
    )
    grouped: dict[frozenset[str], tuple[Statement, ...]] = {}
    for wanted in dict.fromkeys(system.sentence.cve_ids for system in named):
        of_these = [system for system in named if system.sentence.cve_ids == wanted]
        grouped[wanted] = tuple(_statements(of_these, bulletin, unsure=several and not wanted))
    for cve_id in cve_ids:
        parts = [part for wanted, part in grouped.items() if not wanted or cve_id in wanted]
        statements = parts[0] if len(parts) == 1 else tuple(s for part in parts for s in part)
        yield CveRecord(
            cve_id,
            source=SOURCE,
            statements=statements,
            aliases=aliases,
            as_of=bulletin.updated_on,
        )


def _statements(
    systems: Iterable[AffectedSystem], bulletin: Bulletin, *, unsure: bool
) -> Iterator[Statement]:
    grouped: dict[tuple[str, str], dict[Span, None]] = {}
    for system in systems:
        for attributes in system.sentence.attributes:
            of_product = grouped.setdefault((system.identity, attributes), {})
            of_product.update(dict.fromkeys(system.sentence.spans))
    for (identity, attributes), found in grouped.items():
        spans = tuple(found)
        if unsure:
            notes = (f"{span.note} ; {SEVERAL_NOTE}".removeprefix(" ; ") for span in spans)
            spans = tuple(s._replace(note=n) for s, n in zip(spans, notes, strict=True))
        yield Statement(
            identity,
            "*",
            attributes,
            GENERIC,
            spans,
            SOURCE,
            dated=bulletin.updated_on,
            document=bulletin.reference,
        )
