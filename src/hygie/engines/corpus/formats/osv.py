"""OSV records: one package of one ecosystem, its ranges and its list of versions.

A version is touched when the list names it or a range holds it (the schema's evaluation).
GIT ranges are commits, not versions: they are left out and said so.
Source: https://ossf.github.io/osv-schema/ 1.6 and 1.7.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hygie.engines.corpus.formats.advisory import Advisory
from hygie.engines.corpus.formats.ecosystems import ECOSYSTEMS, purl_of
from hygie.engines.corpus.formats.json_places import Json, is_cve_id, load_json, placed
from hygie.engines.corpus.formats.scores import Score, preferred, vector_score
from hygie.engines.corpus.records import (
    NO_ATTRIBUTES,
    CorpusFormatError,
    CveRecord,
    Span,
    Statement,
    description_of,
)
from hygie.engines.corpus.severity import impact_from_vector
from hygie.vocabulary.purl import PurlError, parse_purl

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SOURCE: Final = "osv"
COMMITS_NOTE: Final = "versions données par des empreintes de commit"
ORDER_NOTE: Final = "évènements OSV hors d’ordre"

_RANGE_TYPES: Final = frozenset({"SEMVER", "ECOSYSTEM", "GIT"})
_EVENTS: Final = ("introduced", "fixed", "last_affected", "limit")
_BEGINNING: Final = "0"
_NO_LIMIT: Final = "*"


def read_osv_lines(lines: Iterable[tuple[int, str]], *, source: str) -> Iterator[Advisory]:
    """Yield one advisory a line that is not blank, in file order.

    Raises:
        CorpusFormatError: at the first malformed record, with its line; drop the whole file.
        TooLargeError: at a line that passes the bound of ``json_places``.
    """
    for number, line in lines:
        if line.strip():
            yield _parse(load_json(line, source=source, line=number), source, number)


def parse_osv(document: bytes, *, source: str) -> Advisory:
    """Return the advisory of one OSV document: one record for each CVE it is an alias of.

    An advisory that names no CVE, or that is withdrawn, has no record and says so.

    Raises:
        CorpusFormatError: if the document is malformed.
        TooLargeError: if it passes the bound of ``json_places``.
    """
    return _parse(load_json(document, source=source), source, None)


def _parse(root: Json, source: str, line: int | None) -> Advisory:
    try:
        return _advisory(root)
    except CorpusFormatError as error:
        raise placed(error, source=source, line=line) from error


def _advisory(root: Json) -> Advisory:
    reference, modified = root.text("id", required=True), root.iso_day("modified")
    withdrawn = root.iso_day("withdrawn")
    left_out: list[str] = []
    statements = tuple(_statements(root, modified, reference, left_out))
    score = preferred(_scores(root))
    cve_ids = _cve_ids(root, reference)
    if withdrawn:
        left_out = [f"avis OSV retirés ({withdrawn[:4]})"]
    elif not cve_ids:
        left_out.append("avis OSV sans identifiant CVE")
    record = CveRecord(
        "",
        description_of(root.text("details") or root.text("summary")),
        cvss_score=score.score if score else None,
        cvss_vector=score.vector if score else "",
        technical_impact=impact_from_vector(score.vector) if score else None,
        published_on=root.day("published"),
        source=SOURCE,
        statements=statements,
        as_of=modified,
        left_out=tuple(left_out),
    )
    return Advisory(
        reference,
        root.text("summary"),
        source=SOURCE,
        published=root.iso_day("published"),
        updated=modified,
        closed=withdrawn,
        records=() if withdrawn else tuple(record._replace(cve_id=cve_id) for cve_id in cve_ids),
        left_out=tuple(left_out),
    )


def _cve_ids(root: Json, reference: str) -> list[str]:
    """An advisory of a distribution names its CVE as ``upstream``, others as an alias."""
    names = [reference, *root.texts("aliases"), *root.texts("upstream")]
    return [name for name in dict.fromkeys(names) if is_cve_id(name)]


def _scores(root: Json) -> Iterator[Score]:
    for severity in root.each("severity"):
        if severity.text("type").startswith("CVSS_"):
            vector = severity.text("score", required=True)
            try:
                yield vector_score(vector)
            except CorpusFormatError as error:
                severity.get("score").refuse(error.message)


def _statements(root: Json, dated: str, reference: str, left_out: list[str]) -> Iterator[Statement]:
    for affected in root.each("affected"):
        spans = tuple(_spans(affected, left_out))
        if not affected.has("package"):
            left_out.append("OSV : produit sans paquet")
            continue
        package = affected.get("package")
        name, release = _ecosystem(package)
        if name not in ECOSYSTEMS:
            left_out.append(f"OSV : écosystème « {name[:30]} » sans registre de paquets")
            continue
        ecosystem = ECOSYSTEMS[name]
        text = package.text("purl") or purl_of(ecosystem, package.text("name", required=True))
        try:
            purl = parse_purl(text)
        except PurlError as error:
            package.refuse(error.message)
        if ecosystem.by_release:
            note = f"correctif propre à {name} {release}".rstrip()
            spans = tuple(span if span.note else span._replace(note=note) for span in spans)
        yield Statement(
            f"pkg:{purl.coordinates}",
            "*",
            NO_ATTRIBUTES,
            purl.type,
            spans,
            SOURCE,
            dated=dated,
            document=reference,
        )


def _ecosystem(package: Json) -> tuple[str, str]:
    name, _, release = package.text("ecosystem", required=True).partition(":")
    return name, release


def _spans(affected: Json, left_out: list[str]) -> Iterator[Span]:
    found = [Span(exact=version) for version in affected.texts("versions") if version]
    commits = False
    for span_range in affected.each("ranges"):
        kind = span_range.text("type", required=True)
        if kind not in _RANGE_TYPES:
            span_range.get("type").refuse(f"type d’intervalle inconnu : « {kind[:20]} »")
        commits |= kind == "GIT"
        if kind != "GIT":
            found += _range(span_range)
    if commits:
        left_out.append("OSV : intervalles de commits git")
    yield from found or [Span(note=COMMITS_NOTE if commits else "aucune version donnée")]


def _range(span_range: Json) -> Iterator[Span]:
    """Events come in order of versions: one that opens, one that closes."""
    start: str | None = None
    for event in span_range.each("events"):
        kind, version = _event(event)
        if kind == "introduced":
            if start is not None:
                yield Span(start=start, note=ORDER_NOTE)
            start = "" if version == _BEGINNING else version
        elif start is None:
            # What a second limit or a fix backported elsewhere closes was closed before.
            continue
        elif not (kind == "limit" and version == _NO_LIMIT):
            yield Span(start=start, end=version, end_closed=kind == "last_affected")
            start = None
    if start is not None:
        yield Span(start=start)


def _event(event: Json) -> tuple[str, str]:
    kinds = [kind for kind in _EVENTS if event.has(kind)]
    if len(kinds) != 1:
        event.refuse("un évènement introduced, fixed, last_affected ou limit est attendu")
    version = event.text(kinds[0])
    if not version:
        event.refuse("version vide")
    return kinds[0], version
