"""NVD configurations: trees of AND, OR and negate over CPE criteria, read into statements.

A tree is rewritten as alternatives (OR) of clauses that must all hold (AND). A vulnerable
criterion of one clause is a statement whose condition is the other clauses.
Source: NVD JSON 1.1 and 2.0 schemas (``configurations``), NIST IR 7698 § 5 (applicability).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from hygie.engines.corpus.records import (
    ABSENT_VERSION,
    EVERY_VERSION,
    Clause,
    CorpusFormatError,
    Criterion,
    Span,
    Statement,
)
from hygie.vocabulary.cpe import ANY, NA, Cpe, CpeError, parse_cpe, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_DEPTH: Final = 12
MAX_ALTERNATIVES: Final = 256
GENERIC: Final = "generic"

_PLACEHOLDER: Final = "null/null"
_BOUNDS: Final = (
    "versionStartIncluding",
    "versionStartExcluding",
    "versionEndIncluding",
    "versionEndExcluding",
)

Alternative = tuple[Clause, ...]


def configuration_statements(
    nodes: Any,  # noqa: ANN401 - JSON of unknown shape
    *,
    source: str,
    place: str,
    left_out: list[str],
) -> Iterator[Statement]:
    """Yield the statements of a list of configuration nodes.

    Args:
        nodes: JSON list of nodes {operator, negate, children, cpeMatch}.
        source: name that the statements carry.
        place: where the list stands in its record, for the error.
        left_out: receives one line for each CPE name that cannot be read: real feeds hold a
            few, and a wrong name touches nobody.

    Raises:
        CorpusFormatError: if a node has another shape, or nests or multiplies past the bounds.
    """
    for at, node in enumerate(_list(nodes, place)):
        reader = _Reader(left_out)
        for alternative in reader.alternatives(node, f"{place}[{at}]", negated=False, depth=0):
            yield from _statements(alternative, source)


def cpe_criterion(name: Cpe, span: Span) -> Criterion:
    """Return the criterion of a CPE name and a span of versions."""
    identity = f"{plain(name.vendor)}/{plain(name.product)}"
    attributes = ":".join(name.values()[5:])
    return Criterion(identity, name.part, attributes, span)


def cpe_span(name: Cpe) -> Span:
    """Return the versions a CPE name stands for by itself."""
    version, update = plain(name.version), plain(name.update)
    if version:
        exact = f"{version} {update}" if update else version
        return Span(exact=exact, any_update=name.update == ANY)
    if update:
        return Span(exact=update)
    return ABSENT_VERSION if name.version == NA else EVERY_VERSION


def _statements(alternative: Alternative, source: str) -> Iterator[Statement]:
    for at, clause in enumerate(alternative):
        if clause.negated:
            continue
        others = alternative[:at] + alternative[at + 1 :]
        for criterion in clause.criteria:
            if criterion.vulnerable and criterion.identity != _PLACEHOLDER:
                yield Statement(
                    criterion.identity,
                    criterion.part,
                    criterion.attributes,
                    GENERIC,
                    (criterion.span,),
                    source,
                    condition=others,
                )


class _Reader:
    def __init__(self, left_out: list[str]) -> None:
        self._left_out = left_out

    def alternatives(
        self,
        node: Any,  # noqa: ANN401 - JSON of unknown shape
        place: str,
        *,
        negated: bool,
        depth: int,
    ) -> list[Alternative]:
        if not isinstance(node, dict):
            raise CorpusFormatError("un nœud de configuration est attendu", place=place)
        if depth > MAX_DEPTH:
            raise CorpusFormatError(f"plus de {MAX_DEPTH} nœuds emboîtés", place=place)
        negated ^= bool(node.get("negate", False))
        operator = node.get("operator", "OR")
        if operator not in ("AND", "OR"):
            raise CorpusFormatError(f"opérateur inconnu : {operator!r:.20}", place=place)
        criteria = self._criteria(node, place)
        children = [
            self.alternatives(child, f"{place}.children[{at}]", negated=negated, depth=depth + 1)
            for at, child in enumerate(_list(node.get("children", []), f"{place}.children"))
        ]
        # De Morgan: a negated OR is an AND of negations.
        if (operator == "OR") != negated:
            return _any_of(criteria, children, negated=negated)
        return _all_of(criteria, children, negated=negated, place=place)

    def _criteria(self, node: dict[str, Any], place: str) -> list[Criterion]:
        found = []
        for at, match in enumerate(_list(node.get("cpeMatch", []), f"{place}.cpeMatch")):
            here = f"{place}.cpeMatch[{at}]"
            if not isinstance(match, dict):
                raise CorpusFormatError("un critère CPE est attendu", place=here)
            text = match.get("criteria", match.get("cpe23Uri"))
            if not isinstance(text, str):
                raise CorpusFormatError("nom CPE absent", place=here)
            try:
                criterion = _named(text)
            except CpeError as error:
                self._left_out.append(error.message)
                continue
            if any(bound in match for bound in _BOUNDS):
                criterion = criterion._replace(span=_span(match, criterion.span, here))
            if match.get("vulnerable", True) is False:
                criterion = criterion._replace(vulnerable=False)
            found.append(criterion)
        return found


@lru_cache(maxsize=100_000)
def _named(text: str) -> Criterion:
    name = parse_cpe(text)
    return cpe_criterion(name, cpe_span(name))


def _span(match: dict[str, Any], default: Span, place: str) -> Span:
    bounds = [match.get(key, "") for key in _BOUNDS]
    if not any(bounds):
        return default
    if not all(isinstance(bound, str) for bound in bounds):
        raise CorpusFormatError("une borne de version doit être un texte", place=place)
    start, start_open, end_closed, end = bounds
    return Span(
        start=start or start_open,
        start_open=bool(start_open) and not start,
        end=end or end_closed,
        end_closed=bool(end_closed) and not end,
    )


def _any_of(
    criteria: list[Criterion], children: list[list[Alternative]], *, negated: bool
) -> list[Alternative]:
    """One alternative per branch; branches that are one plain clause are merged into one."""
    merged: list[Criterion] = [] if negated else list(criteria)
    found: list[Alternative] = []
    if negated:
        found = [(Clause((criterion,), negated=True),) for criterion in criteria]
    for alternative in (alternative for child in children for alternative in child):
        if len(alternative) == 1 and not alternative[0].negated:
            merged.extend(alternative[0].criteria)
        else:
            found.append(alternative)
    return [(Clause(tuple(merged)),), *found] if merged else found


def _all_of(
    criteria: list[Criterion], children: list[list[Alternative]], *, negated: bool, place: str
) -> list[Alternative]:
    """The product of the branches; a branch without any criterion says nothing."""
    if negated:
        own: Alternative = (Clause(tuple(criteria), negated=True),) if criteria else ()
    else:
        own = tuple(Clause((criterion,)) for criterion in criteria)
    found: list[Alternative] = [own]
    for child in children:
        if not child:
            continue
        if len(found) * len(child) > MAX_ALTERNATIVES:
            raise CorpusFormatError("trop de combinaisons ET/OU dans un nœud", place=place)
        found = [left + right for left in found for right in child]
    return [alternative for alternative in found if alternative]


def _list(value: Any, place: str) -> list[Any]:  # noqa: ANN401 - JSON of unknown shape
    if not isinstance(value, list):
        raise CorpusFormatError("une liste est attendue", place=place)
    return value
