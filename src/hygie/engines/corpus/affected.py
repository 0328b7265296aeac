"""``affected`` containers of CVE records: what the CNA or CISA's ADP says of each product.

Source: CVE Record Format 5.1, ``product`` and "version status decision algorithm": an entry
decides for the versions it names, ``changes`` inside it, ``defaultStatus`` for the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hygie.engines.corpus.criteria import GENERIC, cpe_criterion, cpe_span
from hygie.engines.corpus.records import (
    EVERY_VERSION,
    NO_ATTRIBUTES,
    CorpusFormatError,
    Span,
    Statement,
)
from hygie.engines.corpus.version_text import BEGINNINGS, after_branch, read_version_text
from hygie.vocabulary.cpe import CpeError, parse_cpe
from hygie.vocabulary.identity import text_identity

if TYPE_CHECKING:
    from collections.abc import Iterator

_NO_NAME: Final = frozenset(
    {"", "n/a", "unknown", "unspecified", "multiple", "-", "multiple vendors"}
)
_NO_END: Final = frozenset({"*", "unspecified", ""})
_STATUSES: Final = ("affected", "unaffected", "unknown")  # a tuple: JSON may hold a list here
# Addresses of registries whose package names make a purl; others name something else.
_REGISTRIES: Final = {
    "registry.npmjs.org": "npm",
    "www.npmjs.com": "npm",
    "npmjs.com": "npm",
    "pypi.org": "pypi",
    "pypi.python.org": "pypi",
    "repo.maven.apache.org": "maven",
    "repo1.maven.org": "maven",
    "mvnrepository.com": "maven",
    "rubygems.org": "gem",
    "crates.io": "cargo",
    "www.nuget.org": "nuget",
    "nuget.org": "nuget",
    "packagist.org": "composer",
    "pkg.go.dev": "golang",
}
_VERSIONS_OF_A_PACKAGE: Final = ("redhat.com", "fedoraproject.org", "launchpad.net")


def affected_statements(
    products: Any,  # noqa: ANN401 - JSON of unknown shape
    *,
    source: str,
    place: str,
    left_out: list[str],
) -> Iterator[Statement]:
    """Yield the statements of an ``affected`` list.

    Args:
        products: JSON list of products.
        source: ``cna`` or ``cisa-adp``.
        place: where the list stands in its record, for the error.
        left_out: receives one line for each CPE name that cannot be read.

    Raises:
        CorpusFormatError: if the list or an entry has another shape.
    """
    if not isinstance(products, list):
        raise CorpusFormatError("une liste de produits est attendue", place=place)
    for at, product in enumerate(products):
        here = f"{place}[{at}]"
        if not isinstance(product, dict):
            raise CorpusFormatError("un produit est attendu", place=here)
        spans, not_spans = _spans(product, here)
        if not spans:
            continue
        for identity, part, attributes, scheme in _identities(product, here, left_out):
            yield Statement(identity, part, attributes, scheme, spans, source, not_spans)


def _identities(
    product: dict[str, Any], place: str, left_out: list[str]
) -> Iterator[tuple[str, str, str, str]]:
    package = _text(product, "packageName", place)
    registry = _text(product, "collectionURL", place)
    if package and any(owner in registry for owner in _VERSIONS_OF_A_PACKAGE):
        # The versions are those of a distribution's package, not of the product it names.
        return
    names = _cpe_identities(product, place, left_out)
    yield from names
    host = registry.partition("://")[2].partition("/")[0]
    if package and host in _REGISTRIES:
        kind = _REGISTRIES[host]
        name = package.replace(":", "/") if kind == "maven" else package
        name = name.lower() if kind in ("npm", "pypi", "composer", "golang") else name
        name = name.replace("_", "-") if kind == "pypi" else name
        yield f"pkg:{kind}/{name}", "*", NO_ATTRIBUTES, kind
    vendor = _text(product, "vendor", place)
    name = _text(product, "product", place)
    named = vendor.lower() not in _NO_NAME and name.lower() not in _NO_NAME
    if named and text_identity(vendor, name) not in {identity for identity, *_ in names}:
        yield text_identity(vendor, name), "*", NO_ATTRIBUTES, GENERIC


def _cpe_identities(
    product: dict[str, Any], place: str, left_out: list[str]
) -> list[tuple[str, str, str, str]]:
    found: dict[tuple[str, str, str, str], None] = {}
    for text in _cpe_names(product, place):
        try:
            criterion = cpe_criterion(parse_cpe(text), EVERY_VERSION)
        except CpeError as error:
            left_out.append(error.message)
            continue
        identity = (criterion.identity, criterion.part, criterion.attributes, GENERIC)
        found[identity] = None
    return list(found)


def _cpe_names(product: dict[str, Any], place: str) -> list[str]:
    names = product.get("cpes", [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise CorpusFormatError("une liste de noms CPE est attendue", place=f"{place}.cpes")
    return names


def _spans(product: dict[str, Any], place: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    default = product.get("defaultStatus", "unknown")
    entries = product.get("versions", [])
    if default not in _STATUSES or not isinstance(entries, list):
        raise CorpusFormatError("versions ou statut par défaut mal formés", place=place)
    by_status: dict[str, list[Span]] = {status: [] for status in _STATUSES}
    for at, entry in enumerate(entries):
        for status, span in _entry(entry, f"{place}.versions[{at}]"):
            by_status[status].append(span)
    spans, not_spans = by_status["affected"], by_status["unaffected"]
    if default == "affected":
        spans = [EVERY_VERSION]
    elif not entries:
        spans = _spans_without_entries(product, place)
    readable = [span for span in spans if not span.note]
    return tuple(readable or spans[:1]), tuple(span for span in not_spans if not span.note)


def _spans_without_entries(product: dict[str, Any], place: str) -> list[Span]:
    names = _cpe_names(product, place)
    spans = []
    for name in names:
        try:
            spans.append(cpe_span(parse_cpe(name)))
        except CpeError:
            continue
    if spans or product.get("defaultStatus") == "unaffected":
        return spans
    return [Span(note="aucune version donnée")]


def _entry(entry: Any, place: str) -> Iterator[tuple[str, Span]]:  # noqa: ANN401 - JSON
    if not isinstance(entry, dict):
        raise CorpusFormatError("une version est attendue", place=place)
    status = entry.get("status", "unknown")
    version = _text(entry, "version", place)
    end = _text(entry, "lessThan", place) or _text(entry, "lessThanOrEqual", place)
    if status not in _STATUSES:
        raise CorpusFormatError(f"statut inconnu : {status!r:.30}", place=place)
    if entry.get("versionType") == "git":
        yield status, Span(note="versions données par des empreintes de commit")
    elif not end:
        yield status, _exact(version)
    else:
        yield from _range(entry, status, version, end, place)


def _exact(version: str) -> Span:
    if version.lower() in BEGINNINGS - {"*", "0"}:
        return Span(note="version non précisée")
    return read_version_text(version)


def _range(
    entry: dict[str, Any], status: str, version: str, end: str, place: str
) -> Iterator[tuple[str, Span]]:
    start = "" if version.lower() in BEGINNINGS else version
    start = start.removesuffix(".*").removesuffix(".x") if after_branch(start) else start
    closed = "lessThan" not in entry
    changes = entry.get("changes", [])
    if not isinstance(changes, list):
        raise CorpusFormatError("une liste de changements est attendue", place=place)
    for change in changes:
        given = change if isinstance(change, dict) else {}
        at, then = given.get("at"), given.get("status")
        if not isinstance(at, str) or then not in _STATUSES:
            raise CorpusFormatError("changement de statut mal formé", place=place)
        yield status, Span(start=start, end=at)
        status, start = then, at
    yield status, _range_span(start, end, closed=closed)


def _range_span(start: str, end: str, *, closed: bool) -> Span:
    if end in _NO_END or end.lower() == "n/a":
        return Span(start=start)
    if branch_end := after_branch(end):
        # "5.15.*" closes the branch: all of it when included, none of it when not.
        return Span(start=start, end=branch_end if closed else end[:-2])
    if (found := read_version_text(end)).end and not found.start:
        # Some records repeat the sign: lessThan "< 2.1".
        return found._replace(start=start)
    return Span(start=start, end=end, end_closed=closed)


def _text(mapping: dict[str, Any], key: str, place: str) -> str:
    value = mapping.get(key, "")
    if not isinstance(value, str):
        raise CorpusFormatError("un texte est attendu", place=f"{place}.{key}")
    return value.strip()
