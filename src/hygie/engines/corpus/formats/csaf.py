"""CSAF 2.0 and 2.1 documents: security advisories and VEX, whoever publishes them.

Each product of a status list gives one statement a name, with the versions of its own path.
Nothing passes from one branch to another: "fixed" narrows only what the document says of the
same product in the same place.
Sources: https://docs.oasis-open.org/csaf/csaf/v2.0/, https://docs.oasis-open.org/csaf/csaf/v2.1/.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hygie.engines.corpus.formats.advisory import Advisory, Remedy
from hygie.engines.corpus.formats.csaf_status import Said, statements_of
from hygie.engines.corpus.formats.csaf_tree import ProductTree
from hygie.engines.corpus.formats.json_places import Json, load_json, placed
from hygie.engines.corpus.formats.scores import Score, preferred, read_score
from hygie.engines.corpus.records import CorpusFormatError, CveRecord, description_of
from hygie.engines.corpus.severity import impact_from_vector
from hygie.vocabulary.enums import Exploitation
from hygie.vocabulary.identity import normal_name

if TYPE_CHECKING:
    from collections.abc import Iterator

VERSIONS: Final = frozenset({"2.0", "2.1"})

_NAME_MAX_CHARS: Final = 40
_CVSS_KEYS: Final = ("cvss_v3", "cvss_v4", "cvss_v2")
_SUMMARIES: Final = ("summary", "description", "details", "general")
_SSVC_KEYS: Final = ("ssvc_v2", "ssvc_v1")
_EXPLOITATIONS: Final = {
    "none": Exploitation.NONE,
    "n": Exploitation.NONE,
    "public poc": Exploitation.POC,
    "poc": Exploitation.POC,
    "p": Exploitation.POC,
    "active": Exploitation.ACTIVE,
    "a": Exploitation.ACTIVE,
}
_PROBABILITY: Final = re.compile(r"0\.\d+|1\.0+", re.ASCII)  # as CSAF 2.1 § 3.2.4.7.1.4 writes it
# Microsoft's threat texts; other publishers write free sentences, which prove nothing.
_EXPLOITED: Final = "exploited:yes"


def parse_csaf(document: bytes, *, source: str) -> Advisory:
    """Return the advisory of one CSAF document, one record a CVE.

    A vulnerability without CVE is left out, and said so.

    Raises:
        CorpusFormatError: if the document is not CSAF 2.0 or 2.1, or any part is malformed.
        TooLargeError: if it passes the bound of ``json_places``.
    """
    root = load_json(document, source=source)
    try:
        return _advisory(root)
    except CorpusFormatError as error:
        raise placed(error, source=source) from error


def _advisory(root: Json) -> Advisory:
    document = root.get("document")
    version = document.text("csaf_version", required=True)
    if version not in VERSIONS:
        document.get("csaf_version").refuse(f"CSAF {version[:10]} n’est pas lu, 2.0 et 2.1 le sont")
    tracking, publisher = document.get("tracking"), document.get("publisher").text("name")
    name = normal_name(publisher).replace("+", "_")[:_NAME_MAX_CHARS]
    said = Said(
        source=f"csaf:{name}",
        document=tracking.text("id", required=True),
        dated=tracking.iso_day("current_release_date"),
    )
    tree = ProductTree(root)
    left_out = list(dict.fromkeys(tree.left_out))
    records: list[CveRecord] = []
    remedies: list[Remedy] = []
    for vulnerability in root.each("vulnerabilities"):
        if not vulnerability.has("cve"):
            left_out.append("CSAF : vulnérabilité sans identifiant CVE")
            continue
        records.append(_record(vulnerability, tree, said, left_out))
        remedies += _remedies(vulnerability, tree, said)
    return Advisory(
        said.document,
        document.text("title", required=True),
        publisher,
        said.source,
        published=tracking.iso_day("initial_release_date"),
        updated=said.dated,
        records=tuple(records),
        remedies=tuple(remedies),
        left_out=tuple(left_out),
    )


def _record(vulnerability: Json, tree: ProductTree, said: Said, left_out: list[str]) -> CveRecord:
    statements, aliases = statements_of(vulnerability, tree, said)
    if not statements:
        left_out.append("CSAF : CVE sans statut de produit")
    score = preferred(_scores(vulnerability))
    return CveRecord(
        vulnerability.cve_id("cve"),
        description_of(_description(vulnerability)),
        cvss_score=score.score if score else None,
        cvss_vector=score.vector if score else "",
        exploitation=_exploitation(vulnerability),
        technical_impact=impact_from_vector(score.vector) if score and score.vector else None,
        epss_probability=_epss(vulnerability),
        published_on=vulnerability.day("release_date") or vulnerability.day("disclosure_date"),
        source=said.source,
        statements=statements,
        aliases=aliases,
        as_of=said.dated,
    )


def _description(vulnerability: Json) -> str:
    notes: dict[str, str] = {}
    for note in vulnerability.each("notes"):
        notes.setdefault(note.text("category"), note.text("text"))
    texts = (notes[category] for category in _SUMMARIES if category in notes)
    return next(texts, vulnerability.text("title"))


def _scores(vulnerability: Json) -> Iterator[Score]:
    """2.0 has ``scores``, 2.1 has ``metrics`` with a ``content``."""
    holders = [*vulnerability.each("scores")]
    holders += [each.get("content") for each in vulnerability.each("metrics")]
    for holder in holders:
        for key in _CVSS_KEYS:
            if holder.has(key):
                yield read_score(holder.get(key))


def _exploitation(vulnerability: Json) -> Exploitation | None:
    if any(True for _ in vulnerability.each("first_known_exploitation_dates")):
        return Exploitation.ACTIVE
    for threat in vulnerability.each("threats"):
        text = threat.text("details").lower().replace(" ", "")
        if threat.text("category") == "exploit_status" and _EXPLOITED in text:
            return Exploitation.ACTIVE
    for metric in vulnerability.each("metrics"):
        content = metric.get("content")
        for key in _SSVC_KEYS:
            if content.has(key) and (found := _ssvc(content.get(key))):
                return found
    return None


def _epss(vulnerability: Json) -> float | None:
    """Return the EPSS probability of the latest date, None when there is none."""
    found: list[tuple[str, float]] = []
    for metric in vulnerability.each("metrics"):
        if metric.get("content").has("epss"):
            epss = metric.get("content").get("epss")
            text = epss.text("probability", required=True)
            if not _PROBABILITY.fullmatch(text):
                epss.get("probability").refuse("une probabilité de « 0.0 » à « 1.0 » est attendue")
            found.append((epss.text("timestamp"), float(text)))
    return max(found, default=("", None))[1]


def _ssvc(decision: Json) -> Exploitation | None:
    """SSVC decision point "Exploitation", key E; its values are none, public PoC, active."""
    for selection in decision.each("selections"):
        if "exploitation" not in selection.text("name").lower() and selection.text("key") != "E":
            continue
        for value in selection.each("values"):
            plain = isinstance(value.value, str)
            name = value.as_text() if plain else value.text("name") or value.text("key")
            if found := _EXPLOITATIONS.get(name.lower()):
                return found
    return None


def _remedies(vulnerability: Json, tree: ProductTree, said: Said) -> Iterator[Remedy]:
    cve_id = vulnerability.cve_id("cve")
    for kind in ("remediations", "threats"):
        for each in vulnerability.each(kind):
            dated = each.iso_day("date") or said.dated
            yield Remedy(
                cve_id,
                each.text("category", required=True),
                each.text("details", required=True),
                each.text("url"),
                _identities(each, tree),
                dated,
            )
    status = vulnerability.get("product_status") if vulnerability.has("product_status") else None
    for item in status.each("recommended") if status else ():
        names = tree.products[tree.check(item.as_text(), item)].names
        text = ", ".join(sorted({span.exact for name in names for span in name.spans} - {""}))
        identities = tuple(name.identity for name in names)
        yield Remedy(cve_id, "recommended", text, "", identities, said.dated)


def _identities(holder: Json, tree: ProductTree) -> tuple[str, ...]:
    """Return the identities of the products and groups a part of the document names."""
    found: dict[str, None] = {}
    for product_id in tree.ids_named(holder):
        for name in tree.products[product_id].names:
            found.setdefault(name.identity)
    return tuple(found)
