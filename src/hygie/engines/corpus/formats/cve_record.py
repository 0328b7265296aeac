"""CVE records 5.x as the CVE Program publishes them, one JSON document a CVE.

Read: the CNA's and every ADP's ``affected`` and ``cpeApplicability``, CVSS of all versions,
CISA's SSVC decision and KEV date (ADP ``metrics[].other``). Each container keeps its own name
and date; where they contradict each other, all statements stay.
Source: https://github.com/CVEProject/cve-schema, CVE Record Format 5.1 and 5.2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from hygie.engines.corpus.affected import affected_statements
from hygie.engines.corpus.criteria import configuration_statements
from hygie.engines.corpus.formats.advisory import stamped
from hygie.engines.corpus.formats.json_places import Json, load_json, placed
from hygie.engines.corpus.formats.scores import Score, preferred, read_score, read_ssvc
from hygie.engines.corpus.records import CorpusFormatError, CveRecord, Statement, description_of
from hygie.engines.corpus.severity import impact_from_vector
from hygie.vocabulary.identity import normal_name

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from hygie.vocabulary.enums import Exploitation, TechnicalImpact

DATA_TYPE: Final = "CVE_RECORD"
CNA: Final = "cna"
CISA: Final = "cisa-adp"

_VERSION_HEAD: Final = "5."
_STATES: Final = frozenset({"PUBLISHED", "REJECTED"})
_CVSS_KEYS: Final = ("cvssV3_1", "cvssV3_0", "cvssV4_0", "cvssV2_0")
_NAME_MAX_CHARS: Final = 40


class _Container(NamedTuple):
    """One voice of a record: the CNA or an ADP."""

    content: Json
    source: str
    dated: str


def read_cve_record_lines(lines: Iterable[tuple[int, str]], *, source: str) -> Iterator[CveRecord]:
    """Yield the records of a file that holds one document a line, in file order.

    Raises:
        CorpusFormatError: at the first malformed one, with its line; drop the whole file.
        TooLargeError: at a line that passes the bound of ``json_places``.
    """
    for number, line in lines:
        if line.strip():
            yield _parse(load_json(line, source=source, line=number), source, number)


def parse_cve_record(document: bytes, *, source: str) -> CveRecord:
    """Return the record of one document.

    Raises:
        CorpusFormatError: if it is not a CVE record 5.x, or a part of it is malformed.
        TooLargeError: if it passes the bound of ``json_places``.
    """
    return _parse(load_json(document, source=source), source, None)


def _parse(root: Json, source: str, line: int | None) -> CveRecord:
    try:
        return _record(root)
    except CorpusFormatError as error:
        raise placed(error, source=source, line=line) from error


def _record(root: Json) -> CveRecord:
    version = root.text("dataVersion")
    if root.text("dataType") != DATA_TYPE or not version.startswith(_VERSION_HEAD):
        root.get("dataVersion").refuse("un enregistrement CVE 5.x est attendu")
    meta = root.get("cveMetadata")
    cve_id, state = meta.cve_id("cveId"), meta.text("state", required=True)
    if state not in _STATES:
        meta.get("state").refuse(f"état inconnu : « {state[:30]} »")
    published, updated = meta.day("datePublished"), meta.iso_day("dateUpdated")
    containers = list(_containers(root.get("containers"), updated))
    cna = containers[0].content
    if state == "REJECTED":
        return CveRecord(
            cve_id, description_of(_english(cna, "rejectedReasons")), published_on=published,
            rejected=True, source=CNA, as_of=updated,
        )  # fmt: skip
    left_out: list[str] = []
    score = preferred(_scores(containers))
    exploitation, impact, kev_added_on = _cisa(containers)
    return CveRecord(
        cve_id,
        description_of(_english(cna, "descriptions") or cna.text("title")),
        cvss_score=score.score if score else None,
        cvss_vector=score.vector if score else "",
        exploitation=exploitation,
        technical_impact=impact or (impact_from_vector(score.vector) if score else None),
        kev_added_on=kev_added_on,
        published_on=published,
        source="+".join(dict.fromkeys(container.source for container in containers)),
        statements=tuple(_statements(containers, left_out)),
        as_of=updated,
        left_out=tuple(left_out),
    )


def _containers(containers: Json, updated: str) -> Iterator[_Container]:
    cna = containers.get("cna")
    yield _Container(cna, CNA, _dated(cna) or updated)
    for adp in containers.each("adp"):
        name = normal_name(adp.get("providerMetadata").text("shortName"))
        short = name.replace("+", "_")[:_NAME_MAX_CHARS]
        yield _Container(adp, short if short == CISA else f"adp:{short}", _dated(adp))


def _dated(container: Json) -> str:
    if not container.has("providerMetadata"):
        return ""
    return container.get("providerMetadata").iso_day("dateUpdated")


def _statements(containers: Iterable[_Container], left_out: list[str]) -> Iterator[Statement]:
    for content, source, dated in containers:
        applicable = content.get("cpeApplicability")
        nodes = [
            {
                "operator": each.text("operator") or "OR",
                "negate": each.members().get("negate", False),
                "children": [node.members() for node in each.each("nodes")],
            }
            for each in content.each("cpeApplicability")
        ]
        found = configuration_statements(
            nodes, source=source, place=applicable.place, left_out=left_out
        )
        yield from stamped(found, dated=dated)
        if content.has("affected"):
            _check_texts(content)
            products = affected_statements(
                content.get("affected").value,
                source=source,
                place=content.get("affected").place,
                left_out=left_out,
            )
            yield from stamped(products, dated=dated)


def _check_texts(container: Json) -> None:
    """Refuse statuses of other shapes, where ``affected_statements`` asks for texts."""
    for product in container.each("affected"):
        product.text("defaultStatus")
        product.texts("cpes")
        for version in product.each("versions"):
            version.text("status")
            for change in version.each("changes"):
                change.text("status")


def _scores(containers: Iterable[_Container]) -> Iterator[Score]:
    for container in containers:
        for metric in container.content.each("metrics"):
            for key in _CVSS_KEYS:
                if metric.has(key):
                    yield read_score(metric.get(key))


def _cisa(
    containers: Iterable[_Container],
) -> tuple[Exploitation | None, TechnicalImpact | None, dt.date | None]:
    """Return the SSVC decision and the KEV date, whoever gives them; the last one given stays."""
    exploitation: Exploitation | None = None
    impact: TechnicalImpact | None = None
    kev_added_on: dt.date | None = None
    for container in containers:
        for metric in container.content.each("metrics"):
            other = metric.get("other")
            kind = other.text("type") if metric.has("other") else ""
            if kind == "ssvc":
                exploitation, impact = read_ssvc(other.get("content"))
            elif kind == "kev":
                kev_added_on = other.get("content").day("dateAdded")
    return exploitation, impact, kev_added_on


def _english(container: Json, key: str) -> str:
    texts: dict[str, str] = {}
    for each in container.each(key):
        texts.setdefault(each.text("lang").lower()[:2], each.text("value"))
    return texts.get("en", next(iter(texts.values()), ""))
