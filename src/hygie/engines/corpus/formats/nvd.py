"""NVD feeds and API answers: JSON 2.0 (``vulnerabilities``) and JSON 1.1 (``CVE_Items``).

Pure and streaming: one record at a time out of a yearly feed. Both become the nodes that
``corpus.criteria`` evaluates, with AND, OR, negate and "running on".
Sources: https://csrc.nist.gov/schema/nvd/api/2.0/cve_api_json_2.0.schema,
https://csrc.nist.gov/schema/nvd/feed/1.1/nvd_cve_feed_json_1.1.schema.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO, Final

from hygie.engines.corpus.criteria import MAX_DEPTH, configuration_statements
from hygie.engines.corpus.formats.advisory import stamped
from hygie.engines.corpus.formats.json_places import Json, placed
from hygie.engines.corpus.formats.json_stream import stream_object
from hygie.engines.corpus.formats.scores import Score, preferred, read_score, read_ssvc
from hygie.engines.corpus.records import CorpusFormatError, CveRecord, Statement, description_of
from hygie.engines.corpus.severity import impact_from_vector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygie.vocabulary.enums import Exploitation, TechnicalImpact

SOURCE: Final = "nvd"
LIST_2_0: Final = "vulnerabilities"
LIST_1_1: Final = "CVE_Items"

_REJECTED_2_0: Final = "Rejected"
_REJECTED_1_1: Final = "** REJECT **"
_METRICS_2_0: Final = ("cvssMetricV31", "cvssMetricV30", "cvssMetricV40", "cvssMetricV2")
_METRICS_1_1: Final = (("baseMetricV3", "cvssV3"), ("baseMetricV2", "cvssV2"))
_PRIMARY: Final = "Primary"
_SSVC_2_0: Final = "ssvcV203"


def read_nvd(stream: BinaryIO, *, source: str) -> Iterator[CveRecord]:
    """Yield one record a CVE of a JSON 2.0 document, in its order.

    Args:
        stream: the JSON, plain and bounded by who opened it.
        source: name of the file, for errors.

    Raises:
        CorpusFormatError: at the first malformed record, with its place; the caller must then
            drop the whole document. Also if the document has no ``vulnerabilities``.
        TooLargeError: if one record passes the bound of ``json_stream``.
    """
    yield from _read(stream, LIST_2_0, source)


def read_nvd_1_1(stream: BinaryIO, *, source: str) -> Iterator[CveRecord]:
    """Yield one record a CVE of a JSON 1.1 feed, in its order.

    Raises:
        CorpusFormatError: as ``read_nvd``.
        TooLargeError: as ``read_nvd``.
    """
    yield from _read(stream, LIST_1_1, source)


def _read(stream: BinaryIO, listed: str, source: str) -> Iterator[CveRecord]:
    read_one = _record_2_0 if listed == LIST_2_0 else _record_1_1
    seen = False
    for key, value in stream_object(stream, listed=listed, source=source):
        if key != listed:
            continue
        seen = True
        try:
            if value.place == key:
                value.refuse("une liste est attendue")
            yield read_one(value)
        except CorpusFormatError as error:
            raise placed(error, source=source) from error
    if not seen:
        # An empty feed would read as good news.
        raise CorpusFormatError(f"« {listed} » manque ou est vide", source=source)


def _record_2_0(item: Json) -> CveRecord:
    cve = item.get("cve")
    cve_id = cve.cve_id("id")
    description = description_of(_english(cve.each("descriptions")))
    published, modified = cve.day("published"), cve.iso_day("lastModified")
    if cve.text("vulnStatus") == _REJECTED_2_0:
        return CveRecord(
            cve_id,
            description,
            published_on=published,
            rejected=True,
            source=SOURCE,
            as_of=modified,
        )
    left_out: list[str] = []
    nodes = [_node_of_configuration(each) for each in cve.each("configurations")]
    score = _score_2_0(cve)
    exploitation, impact = _ssvc_2_0(cve)
    return CveRecord(
        cve_id,
        description,
        cvss_score=score.score if score else None,
        cvss_vector=score.vector if score else "",
        exploitation=exploitation,
        technical_impact=impact or (impact_from_vector(score.vector) if score else None),
        kev_added_on=cve.day("cisaExploitAdd"),
        published_on=published,
        source=SOURCE,
        statements=_statements(nodes, cve.get("configurations").place, modified, left_out),
        as_of=modified,
        left_out=tuple(left_out),
    )


def _node_of_configuration(configuration: Json) -> dict[str, Any]:
    """A 2.0 configuration joins its nodes by its operator, OR when it states none."""
    return {
        "operator": configuration.text("operator") or "OR",
        "negate": configuration.members().get("negate", False),
        "children": [node.members() for node in configuration.each("nodes")],
    }


def _score_2_0(cve: Json) -> Score | None:
    """NVD's own score goes before that of the CNA, within the preferred CVSS version."""
    if not cve.has("metrics"):
        return None
    found: list[tuple[bool, Score]] = []
    for name in _METRICS_2_0:
        for metric in cve.get("metrics").each(name):
            own = metric.text("type") == _PRIMARY
            found.append((own, read_score(metric.get("cvssData"))))
    found.sort(key=lambda pair: not pair[0])
    return preferred(score for _, score in found)


def _ssvc_2_0(cve: Json) -> tuple[Exploitation | None, TechnicalImpact | None]:
    """CISA's decision, which NVD repeats: the last one given stays."""
    found: tuple[Exploitation | None, TechnicalImpact | None] = (None, None)
    for metric in cve.get("metrics").each(_SSVC_2_0) if cve.has("metrics") else ():
        found = read_ssvc(metric.get("ssvcData"))
    return found


def _record_1_1(item: Json) -> CveRecord:
    cve = item.get("cve")
    cve_id = cve.get("CVE_data_meta").cve_id("ID")
    text = _english(cve.get("description").each("description_data"))
    published, modified = item.day("publishedDate"), item.iso_day("lastModifiedDate")
    description = description_of(text)
    if text.startswith(_REJECTED_1_1):
        return CveRecord(
            cve_id,
            description,
            published_on=published,
            rejected=True,
            source=SOURCE,
            as_of=modified,
        )
    left_out: list[str] = []
    configurations = item.get("configurations")
    nodes = (
        [_node_1_1(node, 0) for node in configurations.each("nodes")]
        if item.has("configurations")
        else []
    )
    score = _score_1_1(item)
    return CveRecord(
        cve_id,
        description,
        cvss_score=score.score if score else None,
        cvss_vector=score.vector if score else "",
        technical_impact=impact_from_vector(score.vector) if score else None,
        published_on=published,
        source=SOURCE,
        statements=_statements(nodes, f"{configurations.place}.nodes", modified, left_out),
        as_of=modified,
        left_out=tuple(left_out),
    )


def _node_1_1(node: Json, depth: int) -> dict[str, Any]:
    if depth > MAX_DEPTH:
        node.refuse(f"plus de {MAX_DEPTH} nœuds emboîtés")
    return {
        "operator": node.text("operator") or "OR",
        "negate": node.members().get("negate", False),
        "children": [_node_1_1(child, depth + 1) for child in node.each("children")],
        "cpeMatch": [match.members() for match in node.each("cpe_match")],
    }


def _score_1_1(item: Json) -> Score | None:
    if not item.has("impact"):
        return None
    impact = item.get("impact")
    return preferred(
        read_score(impact.get(metric).get(scores))
        for metric, scores in _METRICS_1_1
        if impact.has(metric)
    )


def _statements(
    nodes: list[dict[str, Any]], place: str, dated: str, left_out: list[str]
) -> tuple[Statement, ...]:
    found = configuration_statements(nodes, source=SOURCE, place=place, left_out=left_out)
    return tuple(stamped(found, dated=dated))


def _english(descriptions: Iterator[Json]) -> str:
    texts = {each.text("lang"): each.text("value", required=True) for each in descriptions}
    return texts.get("en", next(iter(texts.values()), ""))
