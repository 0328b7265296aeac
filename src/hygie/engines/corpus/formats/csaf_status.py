"""``product_status`` of one vulnerability of a CSAF document, read into statements.

Source: CSAF 2.0 § 3.2.3.9 and 2.1 § 3.2.4.10 (product status), § 3.2.3.5 (flags), and the VEX
profile (§ 4.5): why a product is not affected stands in a flag or an impact statement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from hygie.engines.corpus.records import (
    AFFECTED,
    EVERY_VERSION,
    FIXED,
    NOT_AFFECTED,
    UNDER_INVESTIGATION,
    Span,
    Statement,
    description_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygie.engines.corpus.formats.csaf_tree import Name, Product, ProductTree
    from hygie.engines.corpus.formats.json_places import Json

INVESTIGATED_NOTE: Final = "en cours d’analyse par l’éditeur"
UNKNOWN_NOTE: Final = "l’éditeur ne sait pas"

_STATUSES: Final = {
    "known_affected": AFFECTED,
    "first_affected": AFFECTED,
    "last_affected": AFFECTED,
    "known_not_affected": NOT_AFFECTED,
    "fixed": FIXED,
    "first_fixed": FIXED,
    "under_investigation": UNDER_INVESTIGATION,
    "unknown": UNDER_INVESTIGATION,
    "recommended": "",
}
_SAFE: Final = frozenset({NOT_AFFECTED, FIXED})


class Said(NamedTuple):
    """Who says it, in which document, of which ISO date."""

    source: str
    document: str
    dated: str


class _Listed(NamedTuple):
    """One name of one product of one status list."""

    key: str
    product_id: str
    product: Product
    name: Name


def statements_of(
    vulnerability: Json, tree: ProductTree, said: Said
) -> tuple[tuple[Statement, ...], tuple[tuple[str, str], ...]]:
    """Return the statements of one vulnerability and the aliases of the products they name.

    Raises:
        CorpusFormatError: if a list is unknown or names a product that the tree lacks.
    """
    listed = list(_listed(vulnerability, tree))
    reasons = _reasons(vulnerability, tree)
    safe = _safe(listed)
    statements: dict[Statement, None] = {}
    aliases: dict[tuple[str, str], None] = {}
    for item in listed:
        reason = reasons.get(item.product_id, "")
        statements.setdefault(_statement(item, listed, safe, said, reason))
        aliases.update(dict.fromkeys(item.product.aliases))
        for host in item.product.hosts if _STATUSES[item.key] == AFFECTED else ():
            # What a product carries by default, it carries wherever it is installed.
            carried = item._replace(name=host, product=item.product._replace(condition=()))
            statements.setdefault(_statement(carried, [], {}, said, ""))
    return tuple(statements), tuple(aliases)


def _listed(vulnerability: Json, tree: ProductTree) -> Iterator[_Listed]:
    if not vulnerability.has("product_status"):
        return
    status = vulnerability.get("product_status")
    for key in status.members():
        if key not in _STATUSES:
            status.get(key).refuse(f"statut inconnu : « {key[:40]} »")
        for item in status.each(key):
            product_id = tree.check(item.as_text(), item)
            product = tree.products[product_id]
            for name in product.names if _STATUSES[key] else ():
                yield _Listed(key, product_id, product, name)


def _place(item: _Listed) -> tuple[object, ...]:
    """What two statements must share for one to narrow the other."""
    name = item.name
    return name.identity, name.part, name.attributes, name.scheme, item.product.condition


def _safe(listed: list[_Listed]) -> dict[tuple[object, ...], tuple[Span, ...]]:
    """Return the versions said to be safe, by place.

    A product that is in both kinds of lists contradicts itself: it narrows nothing.
    """
    affected = {item.product_id for item in listed if _STATUSES[item.key] not in _SAFE}
    found: dict[tuple[object, ...], dict[Span, None]] = {}
    for item in listed:
        if _STATUSES[item.key] in _SAFE and item.product_id not in affected:
            spans = (s for s in item.name.spans if not s.note and s != EVERY_VERSION)
            found.setdefault(_place(item), {}).update(dict.fromkeys(spans))
    return {place: tuple(spans) for place, spans in found.items()}


def _statement(
    item: _Listed,
    listed: list[_Listed],
    safe: dict[tuple[object, ...], tuple[Span, ...]],
    said: Said,
    reason: str,
) -> Statement:
    status, name = _STATUSES[item.key], item.name
    spans, not_spans = name.spans, safe.get(_place(item), ())
    if status in _SAFE:
        spans, not_spans = (), name.spans
    elif status == UNDER_INVESTIGATION:
        note = UNKNOWN_NOTE if item.key == "unknown" else INVESTIGATED_NOTE
        spans, not_spans = tuple(span._replace(note=note) for span in spans), ()
    elif item.key == "first_affected":
        spans = _from_first(item, listed)
    return Statement(
        name.identity,
        name.part,
        name.attributes,
        name.scheme,
        spans,
        said.source,
        not_spans,
        item.product.condition,
        said.dated,
        said.document,
        status,
        reason if status != AFFECTED else "",
    )


def _from_first(item: _Listed, listed: list[_Listed]) -> tuple[Span, ...]:
    """One first and one last version, or first fixed one, of a product are a range."""
    ends: dict[str, list[Span]] = {"first_affected": [], "last_affected": [], "first_fixed": []}
    for other in listed:
        if other.key in ends and _place(other) == _place(item):
            ends[other.key] += other.name.spans
    firsts, lasts, fixes = ends.values()
    if len(firsts) != 1 or not firsts[0].exact:
        return item.name.spans
    for closing, closed in ((lasts, True), (fixes, False)):
        if len(closing) == 1 and closing[0].exact:
            return (Span(start=firsts[0].exact, end=closing[0].exact, end_closed=closed),)
    return item.name.spans


def _reasons(vulnerability: Json, tree: ProductTree) -> dict[str, str]:
    """Return why products are not affected: the flag's label, then the impact statement."""
    found: dict[str, list[str]] = {}
    for flag in vulnerability.each("flags"):
        label = flag.text("label", required=True)
        for product_id in tree.ids_named(flag):
            found.setdefault(product_id, []).append(label)
    for threat in vulnerability.each("threats"):
        if threat.text("category") == "impact":
            text = description_of(threat.text("details"))
            for product_id in tree.ids_named(threat):
                found.setdefault(product_id, []).append(text)
    return {product_id: " : ".join(texts) for product_id, texts in found.items()}
