"""OpenVEX documents of manufacturers: affected, not affected because, fixed, investigated.

A product without purl or CPE is left out, and said so.
Source: https://github.com/openvex/spec, OPENVEX-SPEC 0.2.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hygie.engines.corpus.formats.advisory import Advisory
from hygie.engines.corpus.formats.json_places import Json, is_cve_id, load_json, placed
from hygie.engines.corpus.formats.vex_statements import (
    NO_CVE,
    Named,
    Said,
    name_of,
    source_of,
    statements_of,
)
from hygie.engines.corpus.records import (
    AFFECTED,
    FIXED,
    NOT_AFFECTED,
    UNDER_INVESTIGATION,
    Clause,
    CorpusFormatError,
    Criterion,
    CveRecord,
    Span,
    Statement,
    description_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

OPENVEX_CONTEXT: Final = "https://openvex.dev/ns"

_STATUSES: Final = frozenset({AFFECTED, FIXED, NOT_AFFECTED, UNDER_INVESTIGATION})


def parse_openvex(document: bytes, *, source: str) -> Advisory:
    """Return the advisory of an OpenVEX document, one record a statement and CVE.

    Raises:
        CorpusFormatError: if it is not OpenVEX, or any part is malformed.
        TooLargeError: if it passes the bound of ``json_places``.
    """
    root = load_json(document, source=source)
    try:
        return _openvex(root)
    except CorpusFormatError as error:
        raise placed(error, source=source) from error


def _openvex(root: Json) -> Advisory:
    if not root.text("@context").startswith(OPENVEX_CONTEXT):
        root.get("@context").refuse("ce n’est pas un document OpenVEX")
    reference, author = root.text("@id", required=True), root.text("author")
    source, dated = source_of(author), root.iso_day("timestamp")
    updated = root.iso_day("last_updated") or dated
    records: list[CveRecord] = []
    left_out: list[str] = []
    for each in root.each("statements"):
        status = each.text("status", required=True)
        if status not in _STATUSES:
            each.get("status").refuse(f"statut inconnu : « {status[:40]} »")
        reasons = (each.text("justification"), description_of(each.text("impact_statement")))
        said_on = each.iso_day("last_updated") or each.iso_day("timestamp") or updated
        said = Said(source, said_on, reference, status, " : ".join(filter(None, reasons)))
        statements = tuple(_openvex_statements(each, said, left_out))
        cve_ids = _openvex_cves(each)
        if not cve_ids:
            left_out.append(NO_CVE)
        records += [
            CveRecord(cve_id, source=source, statements=statements, as_of=said_on)
            for cve_id in cve_ids
        ]
    return Advisory(
        reference,
        publisher=author,
        source=source,
        published=dated,
        updated=updated,
        records=tuple(records),
        left_out=tuple(left_out),
    )


def _openvex_cves(statement: Json) -> list[str]:
    vulnerability = statement.get("vulnerability")
    if isinstance(vulnerability.value, str):
        names = [vulnerability.value]
    else:
        names = [vulnerability.text("name"), *vulnerability.texts("aliases")]
    return [name for name in dict.fromkeys(names) if is_cve_id(name)]


def _openvex_statements(statement: Json, said: Said, left_out: list[str]) -> Iterator[Statement]:
    for product in statement.each("products"):
        names = list(_openvex_names(product))
        if not names:
            left_out.append("VEX : produit sans purl ni CPE")
            continue
        yield from statements_of(names, said)
        if isinstance(product.value, str):
            continue
        inside = Clause(tuple(_host(name, span) for name in names for span in name.spans))
        for component in product.each("subcomponents"):
            yield from statements_of(_openvex_names(component), said, (inside,))


def _host(name: Named, span: Span) -> Criterion:
    return Criterion(name.identity, name.part, name.attributes, span, vulnerable=False)


def _openvex_names(product: Json) -> Iterator[Named]:
    if isinstance(product.value, str):
        texts = [product.value]
    else:
        known = product.get("identifiers")
        keys = ("purl", "cpe23", "cpe22") if known.value is not None else ()
        texts = [product.text("@id"), *(known.text(key) for key in keys)]
    found = dict.fromkeys(name for text in texts if (name := name_of(text)))
    yield from found
