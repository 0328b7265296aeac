"""CycloneDX JSON documents with ``vulnerabilities``: what a maker says of its components.

A component that the document only refers to is named by its purl where the reference holds
one; else it is left out, and said so. A range listed under ``affects`` is a ``vers``.
Sources: https://cyclonedx.org/docs/1.6/json/, https://cyclonedx.org/capabilities/vex/.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from hygie.engines.corpus.criteria import GENERIC
from hygie.engines.corpus.formats.advisory import Advisory
from hygie.engines.corpus.formats.json_places import Json, is_cve_id, load_json, placed
from hygie.engines.corpus.formats.vers import read_range
from hygie.engines.corpus.formats.vex_statements import (
    NO_CVE,
    SAFE,
    Named,
    Said,
    name_of,
    source_of,
    statements_of,
)
from hygie.engines.corpus.records import (
    AFFECTED,
    EVERY_VERSION,
    FIXED,
    NO_ATTRIBUTES,
    NOT_AFFECTED,
    UNDER_INVESTIGATION,
    CorpusFormatError,
    CveRecord,
    Span,
    Statement,
    description_of,
)
from hygie.vocabulary.identity import normal_name, text_identity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LEFT_OUT: Final = "VEX : composant décrit dans un autre document"

_STATES: Final = {
    "exploitable": AFFECTED,
    "false_positive": NOT_AFFECTED,
    "in_triage": UNDER_INVESTIGATION,
    "not_affected": NOT_AFFECTED,
    "resolved": FIXED,
    "resolved_with_pedigree": FIXED,
}
_VERSION_STATUSES: Final = frozenset({"", "affected", "unaffected", "unknown"})


def parse_cyclonedx_vex(document: bytes, *, source: str, others: Iterable[bytes] = ()) -> Advisory:
    """Return the advisory of a CycloneDX JSON document, one record a vulnerability with a CVE.

    Args:
        document: the VEX.
        source: name of the file, for errors.
        others: CycloneDX documents that hold the components it links to (BOM-Link).

    Raises:
        CorpusFormatError: if it is not CycloneDX JSON, or any part of the VEX is malformed.
        TooLargeError: if it passes the bound of ``json_places``.
    """
    root = load_json(document, source=source)
    linked = [load_json(other, source=source) for other in others]
    try:
        return _cyclonedx(root, linked)
    except CorpusFormatError as error:
        raise placed(error, source=source) from error


def _cyclonedx(root: Json, others: Iterable[Json]) -> Advisory:
    if root.text("bomFormat") != "CycloneDX":
        root.get("bomFormat").refuse("ce n’est pas un document CycloneDX")
    components = dict(_components(root))
    for other in others:
        components.update(_linked(other))
    metadata = root.get("metadata") if root.has("metadata") else Json({})
    author = _author(metadata)
    dated, reference = metadata.iso_day("timestamp"), root.text("serialNumber")
    said = Said(source_of(author), dated, reference, AFFECTED, "")
    records: list[CveRecord] = []
    left_out: list[str] = []
    for vulnerability in root.each("vulnerabilities"):
        cve_id = vulnerability.text("id").strip().upper()
        if not is_cve_id(cve_id):
            left_out.append(NO_CVE)
            continue
        its = _analysed(vulnerability, said)
        statements = tuple(_cyclonedx_statements(vulnerability, its, components, left_out))
        description = description_of(vulnerability.text("description"))
        records.append(
            CveRecord(
                cve_id, description, source=its.source, statements=statements, as_of=its.dated
            )
        )
    return Advisory(
        reference,
        publisher=author,
        source=said.source,
        published=dated,
        updated=dated,
        records=tuple(records),
        left_out=tuple(left_out),
    )


def _author(metadata: Json) -> str:
    for key in ("manufacturer", "manufacture", "supplier"):
        if metadata.has(key):
            return metadata.get(key).text("name")
    return ""


def _analysed(vulnerability: Json, said: Said) -> Said:
    """Without an analysis, a vulnerability that affects a component affects it."""
    dated = vulnerability.iso_day("updated") or said.dated
    if not vulnerability.has("analysis"):
        return said._replace(dated=dated)
    analysis = vulnerability.get("analysis")
    state = analysis.text("state") or "exploitable"
    if state not in _STATES:
        analysis.get("state").refuse(f"état inconnu : « {state[:40]} »")
    reasons = (analysis.text("justification"), description_of(analysis.text("detail")))
    dated = analysis.iso_day("lastUpdated") or dated
    reason = " : ".join(filter(None, reasons))
    return said._replace(dated=dated, status=_STATES[state], reason=reason)


def _components(root: Json) -> Iterator[tuple[str, list[Named]]]:
    waiting = [*root.each("components")]
    if root.has("metadata") and root.get("metadata").has("component"):
        waiting.append(root.get("metadata").get("component"))
    while waiting:
        component = waiting.pop()
        waiting += component.each("components")
        if reference := component.text("bom-ref"):
            yield reference, list(_component_names(component))


def _linked(other: Json) -> Iterator[tuple[str, list[Named]]]:
    """Yield the components of another document by BOM-Link: ``urn:cdx:serial/version#ref``."""
    serial = other.text("serialNumber").removeprefix("urn:uuid:")
    version = int(other.number("version") or 1)
    for reference, names in _components(other):
        yield f"urn:cdx:{serial}/{version}#{reference}", names


def _component_names(component: Json) -> Iterator[Named]:
    texts = (component.text("purl"), component.text("cpe"))
    names = [known for text in texts if (known := name_of(text))]
    version = component.text("version")
    spans = (Span(exact=version),) if version else (EVERY_VERSION,)
    maker = component.text("publisher")
    if component.has("supplier"):
        maker = component.get("supplier").text("name") or maker
    group = component.text("group")
    name = component.text("name", required=True)
    yield from (n._replace(spans=spans) if version else n for n in names)
    if not names and normal_name(name):
        identity = text_identity(maker or group or name, name)
        yield Named(identity, "*", NO_ATTRIBUTES, GENERIC, spans)


def _cyclonedx_statements(
    vulnerability: Json,
    said: Said,
    components: dict[str, list[Named]],
    left_out: list[str],
) -> Iterator[Statement]:
    for affected in vulnerability.each("affects"):
        reference = affected.text("ref", required=True)
        names = components.get(reference)
        if names is None:
            # A BOM-Link: urn:cdx:serial/version#reference; the reference may be a purl.
            linked = unquote(reference.partition("#")[2])
            name = name_of(linked)
            names = [name] if name else []
        if not names:
            left_out.append(LEFT_OUT)
        for name in names:
            yield from _by_version(affected, name, said)


def _by_version(affected: Json, name: Named, said: Said) -> Iterator[Statement]:
    """Versions listed under ``affects`` replace the component's own, each with its status."""
    listed: dict[str, list[Span]] = {}
    for each in affected.each("versions"):
        status = each.text("status")
        if status not in _VERSION_STATUSES:
            each.get("status").refuse(f"statut inconnu : « {status[:40]} »")
        version = each.text("version")
        spans = (Span(exact=version),) if version else read_range(each.text("range"))[1]
        listed.setdefault(status, []).extend(spans)
    for status, found in listed.items():
        of_these = said._replace(status=_status(status, said.status))
        yield from statements_of([name._replace(spans=tuple(found))], of_these)
    if not listed:
        yield from statements_of([name], said)


def _status(listed: str, analysed: str) -> str:
    """Join the status of a version and that of the analysis; the one that alarms prevails."""
    if listed == "unknown":
        return UNDER_INVESTIGATION
    if listed == "unaffected":
        return FIXED if analysed == FIXED else NOT_AFFECTED
    return AFFECTED if listed == "affected" and analysed in SAFE else analysed
