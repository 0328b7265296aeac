"""Version fields of CVE records, where people write ranges as text.

``< 2.1``, ``>= 1.0, < 1.4``, ``before 3.2``, ``4.1 and earlier``, ``All versions < V3.1``: each
becomes a span; what cannot be read becomes a span with a note, hence "unknown".
Source: CVE Record Format 5.1, ``affected[].versions[]``; forms counted on real records.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hygie.engines.corpus.records import EVERY_VERSION, Span

if TYPE_CHECKING:
    from collections.abc import Callable

BEGINNINGS: Final = frozenset({"", "*", "-", "0", "n/a", "unspecified", "unknown", "none"})
UNREADABLE_NOTE: Final = "versions écrites en texte libre"

_EVERY: Final = frozenset({"*", "all", "all versions", "all version", "any", "every version"})
_VERSION: Final = r"[A-Za-z]{0,2}\d[\w.+~:()\-]*(?: (?:sp|patch|update|build|hotfix|p|u)\s?\d+)?"
_COMPARATOR: Final = re.compile(rf"(<=|>=|<|>|=|≤|≥)\s*v?\.?\s*({_VERSION})", re.IGNORECASE)
_COMPARATORS: Final = re.compile(
    rf"(?:(?:all )?versions? )?(?:(?:<=|>=|<|>|=|≤|≥)\s*v?\.?\s*{_VERSION}\s*(?:,|and|&)?\s*)+",
    re.IGNORECASE,
)
_BEFORE: Final = re.compile(
    rf"(?:all )?(?:versions? )?(?:before|prior to|earlier than) (?:versions? )?({_VERSION})",
    re.IGNORECASE,
)
_EARLIER: Final = re.compile(
    rf"(?:versions? )?({_VERSION}),? (?:and|or) (?:all )?"
    r"(?:prior|earlier|below|lower|previous)(?: versions?)?",
    re.IGNORECASE,
)
_THROUGH: Final = re.compile(
    rf"(?:versions? )?(?:from )?({_VERSION}) (?:through|to|up to|-) ({_VERSION})", re.IGNORECASE
)
# "Fixed in kernel v6.0-rc1"; several fixes do not say which branch each is for.
_FIXED_IN: Final = re.compile(
    rf"fixed in (?:[a-z][a-z \-]* )?({_VERSION})(?: and above)?\.?", re.IGNORECASE
)
# OpenSSL's own: "Fixed in OpenSSL 3.0.7 (Affected 3.0.0,3.0.1,3.0.2)", "(Affected since 1.0.2)".
_FIXED_AND_AFFECTED: Final = re.compile(
    r"fixed in [a-z]+ ([\d.]+[a-z]{0,2}) \(affected (?:since )?([\d.]+[a-z]{0,2})[\d.a-z,\- ]*\)",
    re.IGNORECASE,
)
_PLAIN: Final = re.compile(rf"(?:version )?({_VERSION})", re.IGNORECASE)
_BRANCH: Final = re.compile(r"(v?(?:\d+\.){0,5})(\d{1,9})\.[*x]", re.ASCII | re.IGNORECASE)
_TEXT_MAX_CHARS: Final = 200


def after_branch(text: str) -> str:
    """Return the first version after a branch: ``5.16`` for ``5.15.*``; empty for other texts."""
    found = _BRANCH.fullmatch(text)
    return f"{found[1]}{int(found[2]) + 1}" if found else ""


def read_version_text(text: str) -> Span:
    """Return the span a free version text stands for; a note where it cannot be read."""
    text = " ".join(text.split())
    if text.lower() in _EVERY:
        return EVERY_VERSION
    if end := after_branch(text):
        return Span(start=text[:-2], end=end)
    if len(text) > _TEXT_MAX_CHARS:
        return Span(note=UNREADABLE_NOTE)
    for pattern, span_of in _FORMS:
        if found := pattern.fullmatch(text):
            return span_of(found)
    return Span(note=f"« {text[:80]} »")


def _from_comparators(found: re.Match[str]) -> Span:
    span = Span()
    for sign, version in _COMPARATOR.findall(found[0]):
        if sign == "=":
            return Span(exact=version, any_update=True)
        if sign in (">", ">=", "≥"):
            span = span._replace(start=version, start_open=sign == ">")
        else:
            span = span._replace(end=version, end_closed=sign != "<")
    return span


_FORMS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Span]], ...]] = (
    (_PLAIN, lambda found: Span(exact=found[1], any_update=True)),
    (_COMPARATORS, _from_comparators),
    (_BEFORE, lambda found: Span(end=found[1])),
    (_EARLIER, lambda found: Span(end=found[1], end_closed=True)),
    (_FIXED_IN, lambda found: Span(end=found[1].rstrip("."))),
    (_FIXED_AND_AFFECTED, lambda found: Span(start=found[2], end=found[1])),
    (_THROUGH, lambda found: Span(start=found[1], end=found[2], end_closed=True)),
)
