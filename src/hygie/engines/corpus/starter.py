"""The project's own corpus: YAML lists of vulnerabilities written by us, with their sources.

Pure: bytes in, CveRecord out. Each entry: id, description (and description_fr), cvss_vector,
published, kev_added, exploitation, sources, affected: [{vendor, product, aliases, part, purl,
scheme, versions: [{introduced, fixed, last_affected, exact}]}].
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

import yaml

from hygie.engines.corpus.criteria import GENERIC
from hygie.engines.corpus.records import (
    EVERY_VERSION,
    NO_ATTRIBUTES,
    CorpusFormatError,
    CveRecord,
    Span,
    Statement,
    description_of,
)
from hygie.engines.corpus.severity import base_score, impact_from_vector
from hygie.vocabulary.cve import CveIdError, parse_cve_id
from hygie.vocabulary.enums import Exploitation
from hygie.vocabulary.errors import TooLargeError
from hygie.vocabulary.identity import normal_name, text_identity
from hygie.vocabulary.purl import PurlError, parse_purl

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES: Final = 4 * 1024 * 1024
MAX_EVENTS: Final = 500_000
MAX_DEPTH: Final = 12

SOURCE: Final = "starter"

_Loader: Final[type[yaml.SafeLoader]] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_RANGE_KEYS: Final = frozenset({"introduced", "fixed", "last_affected", "exact"})
_PARTS: Final = frozenset({"a", "o", "h", "*"})


def parse_starter(document: bytes, *, source: str) -> tuple[str, list[CveRecord]]:
    """Return the date (ISO) a starter file states, and its records in order.

    Raises:
        CorpusFormatError: if the document is not YAML, or any entry is malformed.
        TooLargeError: if it passes MAX_BYTES, MAX_EVENTS or MAX_DEPTH.
    """
    root = _load(document, source)
    entries = root.get("entries") if isinstance(root, dict) else root
    if not isinstance(entries, list):
        raise CorpusFormatError("une liste « entries » est attendue", source=source)
    records = []
    for at, entry in enumerate(entries):
        place = f"entries[{at}]"
        try:
            records.append(_record(entry))
        except CorpusFormatError as error:
            where = f"{place}.{error.place}" if error.place else place
            raise CorpusFormatError(error.message, source=source, place=where) from error
    dated = root.get("as_of", "") if isinstance(root, dict) else ""
    return str(dated), records


def _record(entry: Any) -> CveRecord:  # noqa: ANN401 - YAML of unknown shape
    if not isinstance(entry, dict):
        raise CorpusFormatError("une entrée est attendue")
    vector = _text(entry, "cvss_vector")
    products = list(_products(entry))
    return CveRecord(
        _cve_id(entry),
        description_of(_text(entry, "description_fr") or _text(entry, "description")),
        cvss_score=base_score(vector) if vector else None,
        cvss_vector=vector,
        exploitation=_exploitation(entry),
        technical_impact=impact_from_vector(vector),
        kev_added_on=_date(entry, "kev_added"),
        published_on=_date(entry, "published"),
        source=SOURCE,
        statements=tuple(statement for product in products for statement in product[0]),
        aliases=tuple(alias for product in products for alias in product[1]),
    )


def _products(
    entry: dict[str, Any],
) -> Iterator[tuple[list[Statement], list[tuple[str, str]]]]:
    affected = entry.get("affected", [])
    if not isinstance(affected, list):
        raise CorpusFormatError("une liste est attendue", place="affected")
    for at, product in enumerate(affected):
        place = f"affected[{at}]"
        if not isinstance(product, dict):
            raise CorpusFormatError("un produit est attendu", place=place)
        yield _statements(product, place), _aliases(product, place)


def _statements(product: dict[str, Any], place: str) -> list[Statement]:
    spans = _spans(product.get("versions", []), f"{place}.versions")
    part = _text(product, "cpe_part") or _text(product, "part") or "*"
    if part not in _PARTS:
        raise CorpusFormatError("la partie doit être a, o ou h", place=f"{place}.part")
    scheme = _text(product, "scheme") or GENERIC
    found = []
    if _text(product, "vendor") or _text(product, "product"):
        found.append(
            Statement(_identity(product, place), part, NO_ATTRIBUTES, scheme, spans, SOURCE)
        )
    if purl := _text(product, "purl"):
        try:
            name = parse_purl(purl)
        except PurlError as error:
            raise CorpusFormatError(error.message, place=f"{place}.purl") from error
        identity = f"pkg:{name.coordinates}"
        found.append(Statement(identity, "*", NO_ATTRIBUTES, name.type, spans, SOURCE))
    if not found:
        raise CorpusFormatError("« vendor » et « product », ou « purl », manquent", place=place)
    return found


def _identity(product: dict[str, Any], place: str) -> str:
    vendor, name = _text(product, "vendor"), _text(product, "product")
    if not vendor or not name:
        raise CorpusFormatError("« vendor » et « product » vont ensemble", place=place)
    return text_identity(vendor, name)


def _aliases(product: dict[str, Any], place: str) -> list[tuple[str, str]]:
    names = product.get("aliases", [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise CorpusFormatError("une liste de noms est attendue", place=f"{place}.aliases")
    if not names:
        return []
    identity = _identity(product, place)
    return [(normal_name(name), identity) for name in names]


def _spans(versions: Any, place: str) -> tuple[Span, ...]:  # noqa: ANN401 - YAML
    if not isinstance(versions, list):
        raise CorpusFormatError("une liste est attendue", place=place)
    return tuple(_span(given, f"{place}[{at}]") for at, given in enumerate(versions)) or (
        EVERY_VERSION,
    )


def _span(given: Any, place: str) -> Span:  # noqa: ANN401 - YAML
    if not isinstance(given, dict) or not set(given) <= _RANGE_KEYS:
        keys = ", ".join(sorted(_RANGE_KEYS))
        raise CorpusFormatError(f"clés attendues : {keys}", place=place)
    texts = {key: _version(value, f"{place}.{key}") for key, value in given.items()}
    if "exact" in texts:
        return Span(exact=texts["exact"], any_update=True)
    if "fixed" in texts and "last_affected" in texts:
        raise CorpusFormatError("« fixed » ou « last_affected », pas les deux", place=place)
    introduced = texts.get("introduced", "")
    return Span(
        start="" if introduced == "0" else introduced,
        end=texts.get("fixed", texts.get("last_affected", "")),
        end_closed="last_affected" in texts,
    )


def _version(value: object, place: str) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise CorpusFormatError("écrivez la version entre guillemets", place=place)
    return str(value).strip()


def _exploitation(entry: dict[str, Any]) -> Exploitation | None:
    text = _text(entry, "exploitation")
    try:
        return Exploitation(text) if text else None
    except ValueError as error:
        raise CorpusFormatError("active, poc ou none attendu", place="exploitation") from error


def _cve_id(entry: dict[str, Any]) -> str:
    try:
        return parse_cve_id(_text(entry, "id"))
    except CveIdError as error:
        raise CorpusFormatError(error.message, place="id") from error


def _date(entry: dict[str, Any], key: str) -> dt.date | None:
    value = entry.get(key)
    if value is None or (isinstance(value, dt.date) and not isinstance(value, dt.datetime)):
        return value
    raise CorpusFormatError("une date AAAA-MM-JJ est attendue", place=key)


def _text(mapping: dict[str, Any], key: str) -> str:
    value = mapping.get(key, "")
    if not isinstance(value, str):
        raise CorpusFormatError("un texte est attendu", place=key)
    return value.strip()


def _load(document: bytes, source: str) -> Any:  # noqa: ANN401 - YAML of unknown shape
    if len(document) > MAX_BYTES:
        raise TooLargeError(f"plus de {MAX_BYTES // 1024} Kio", source=source)
    try:
        text = document.decode("utf-8")
        _measure(text, source)
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - both loaders are safe ones
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = None if mark is None else mark.line + 1
        raise CorpusFormatError("YAML illisible, corrigez-le", source=source, line=line) from error
    except (ValueError, TypeError, RecursionError) as error:
        raise CorpusFormatError("YAML illisible ou hors UTF-8", source=source) from error


def _measure(text: str, source: str) -> None:
    """Refuse bombs before anything is built: events cost no memory, an alias multiplies it."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=_Loader)):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent) or depth > MAX_DEPTH or count > MAX_EVENTS:
            raise TooLargeError("alias YAML, ou document trop profond ou trop long", source=source)
