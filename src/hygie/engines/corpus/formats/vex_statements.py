"""What the readers of VEX documents share: names of products, and statements about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from hygie.engines.corpus.criteria import GENERIC, cpe_criterion, cpe_span
from hygie.engines.corpus.records import (
    AFFECTED,
    EVERY_VERSION,
    FIXED,
    NO_ATTRIBUTES,
    NOT_AFFECTED,
    UNDER_INVESTIGATION,
    Clause,
    Span,
    Statement,
)
from hygie.vocabulary.cpe import CpeError, parse_cpe, plain
from hygie.vocabulary.identity import normal_name
from hygie.vocabulary.purl import PurlError, parse_purl

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

INVESTIGATED_NOTE: Final = "en cours d’analyse par l’éditeur"
NO_CVE: Final = "VEX : vulnérabilité sans identifiant CVE"
SAFE: Final = frozenset({NOT_AFFECTED, FIXED})

_NAME_MAX_CHARS: Final = 40


class Named(NamedTuple):
    """One identity of a product, its order of versions, and the versions meant."""

    identity: str
    part: str
    attributes: str
    scheme: str
    spans: tuple[Span, ...]


class Said(NamedTuple):
    """What is said of products: by whom, when, where, with which status and reason."""

    source: str
    dated: str
    document: str
    status: str
    reason: str


def source_of(author: str) -> str:
    """Return what the statements of an author carry as source."""
    name = normal_name(author).replace("+", "_")[:_NAME_MAX_CHARS]
    return f"vex:{name}" if name else "vex"


def name_of(text: str) -> Named | None:
    """Return what a purl or a CPE names, by itself and whole; None for any other text."""
    try:
        return _purl_name(text) if text.startswith("pkg:") else _cpe_name(text)
    except (PurlError, CpeError):
        return None


def statements_of(
    names: Iterable[Named], said: Said, condition: tuple[Clause, ...] = ()
) -> Iterator[Statement]:
    """Yield one statement a name; "fixed" and "not affected" say which versions are safe."""
    for name in names:
        spans: tuple[Span, ...] = name.spans
        not_spans: tuple[Span, ...] = ()
        if said.status in SAFE:
            spans, not_spans = (), name.spans
        elif said.status == UNDER_INVESTIGATION:
            spans = tuple(span._replace(note=INVESTIGATED_NOTE) for span in spans)
        yield Statement(
            name.identity,
            name.part,
            name.attributes,
            name.scheme,
            spans,
            said.source,
            not_spans,
            condition,
            said.dated,
            said.document,
            said.status,
            said.reason if said.status != AFFECTED else "",
        )


def _purl_name(text: str) -> Named:
    purl = parse_purl(text)
    spans = (Span(exact=purl.version),) if purl.version else (EVERY_VERSION,)
    return Named(f"pkg:{purl.coordinates}", "*", NO_ATTRIBUTES, purl.type, spans)


def _cpe_name(text: str) -> Named | None:
    cpe = parse_cpe(text)
    if not plain(cpe.vendor) or not plain(cpe.product):
        return None
    found = cpe_criterion(cpe, EVERY_VERSION)
    return Named(found.identity, found.part, found.attributes, GENERIC, (cpe_span(cpe),))
