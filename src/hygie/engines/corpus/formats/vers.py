"""Version ranges of advisories: ``vers:`` URIs and the plain forms their authors write.

``vers:npm/>=1.0|<1.4``, ``vers:all/*``, ``>= 2.5 | <= 3.11``, ``< V15.1 Update 8``,
``7.0.6 Build 366``, ``All versions prior to 2.2``. A text that also sets a condition
("if ... is installed") keeps its bounds and gets a note: unknown, never "not affected".
Sources: https://github.com/package-url/vers-spec; CSAF 2.0 § 3.1.2.3.2; forms counted on
CISA's CSAF documents.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from hygie.engines.corpus.records import EVERY_VERSION, Span
from hygie.engines.corpus.version_text import read_version_text

TEXT_MAX_CHARS: Final = 400
SEVERAL_ENDS_NOTE: Final = "plusieurs fins sans début : la branche n’est pas dite"
DATE_NOTE: Final = "limite donnée par une date, non par une version"

_SUFFIX: Final = (
    r"(?: (?:sp|service pack|upd|update|up|patch|build|hotfix|hotfix ?rev|hf|fp|fix pack|cu|mr|rev"
    r"|ru|qu|r|u|p)[ _]?\.?\d[\w.\-]*)*"
)
# "V15.1 Update 8", "R2.3 SP4", "B.06.18", "012U000061", "LPI 3.5.12.P30", "5.x.x", "5.15.*"
VERSION: Final = (
    r"(?:ver\.? ?|rev\.? ?|[A-Za-z]{1,4}[._\-]?)?\d[\w.\-+:~]*(?:\(\w[\w.]*\)[\w.\-]*)*(?:\.\*)?"
    + _SUFFIX
)
_LETTER: Final = r"[A-Z]\.\w[\w.]*"
_SIGN_HEADS: Final = "<>=≤≥!"
_SIGNS: Final = {"=<": "<=", "≤": "<=", "=>": ">=", "≥": ">=", "==": "="}
_TERM: Final = re.compile(
    rf"(?P<sign><=|>=|=<|=>|==|!=|<|>|=|≤|≥)?\s*(?P<version>{_LETTER}|{VERSION})", re.IGNORECASE
)
_JOINT: Final = re.compile(r"\s*(?:(?P<bar>[|,;]|\bor\b)|and\b|&)?\s*", re.IGNORECASE)
_VERS: Final = re.compile(r"vers:([a-z0-9.\-+]+)/(.*)", re.IGNORECASE | re.DOTALL)
_EVERY: Final = re.compile(
    r"\*|all|any|(?:all|any) (?:\w+ )?(?:versions?|releases?|models?)|every version",
    re.IGNORECASE,
)
_NOISE: Final = re.compile(
    r"(?:^|(?<=[<>=]))(?:all )?(?:(?:firmware|software|bios|fw|sw) )?"
    r"(?:versions?|firmware|bios|revisions?|releases?)[ _]*(?=[<>=≤≥\dvr])",
    re.IGNORECASE,
)
_CONDITION: Final = re.compile(
    r"\s*(\(.*\)|\b(?:if|when|with|on|running|including|only)\b .*)$", re.IGNORECASE
)
_DATE: Final = re.compile(
    r"(?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)[a-z]{0,6}[ _/.]+\d"
    r"|\d{1,2}/\d{1,2}/\d{2,4}",
    re.IGNORECASE,
)
# "1.21X" is a version of its own: only a small x right after a digit is a wildcard.
_WILDCARD: Final = re.compile(r"(.*?\d)(?:[.\-][xX*]+|x)+", re.DOTALL)
_NUMBERS: Final = re.compile(r"\d+", re.ASCII)
_PLAIN_NUMBERS: Final = re.compile(r"\d{1,9}(?:\.\d{1,9})*", re.ASCII)
_VERSION_NAME: Final = re.compile(
    r"\d{1,2}|(?:19|20)\d\d|[vr]\.?\d[\w.]*|(?:version |rev\.? ?)?[\w\-]*\.\d.*"
    r"|[<>=*≤≥].*|vers:.*",
    re.IGNORECASE | re.DOTALL,
)


class Term(NamedTuple):
    """A comparator: a sign, empty for "this version", and whether a bar stands before it."""

    sign: str
    version: str
    after_bar: bool


def read_range(text: str) -> tuple[str, tuple[Span, ...]]:
    """Return the purl type that orders the versions, empty when none, and the spans.

    At least one span; a note where the text, or a part of it, cannot be read.
    """
    text = " ".join(text.split())
    scheme = ""
    if found := _VERS.fullmatch(text):
        scheme, text = found[1].lower(), found[2].strip()
    scheme = "" if scheme in ("all", "generic", "unknown", "intdot", "none") else scheme
    return scheme, _spans(text)


def looks_like_version(text: str) -> bool:
    """Tell whether a name can be a version rather than a model: ``B.02``, not ``MMT-1715``."""
    return _VERSION_NAME.fullmatch(text.strip()) is not None


def _spans(text: str) -> tuple[Span, ...]:
    if _EVERY.fullmatch(text):
        return (EVERY_VERSION,)
    if not text or len(text) > TEXT_MAX_CHARS:
        return (Span(note=f"« {text[:80]} »"),)
    if _DATE.search(text):
        return (Span(note=f"{DATE_NOTE} : « {text[:60]} »"),)
    plain = _NOISE.sub("", text)
    if terms := _terms(plain):
        return _assemble(terms)
    return _conditional(plain) or (read_version_text(text),)


def _conditional(text: str) -> tuple[Span, ...]:
    """Read what stands before a condition; empty where there is none, or nothing before it."""
    if found := _CONDITION.search(text):
        kept = text[: found.start()].strip()
        note = f"sous condition : « {found[1].strip('() ')[:80]} »"
        if _EVERY.fullmatch(kept):
            return (Span(note=note),)
        if terms := _terms(kept):
            spans = _assemble(terms)
            return tuple(span if span.note else span._replace(note=note) for span in spans)
    return ()


def _terms(text: str) -> list[Term]:
    """Return the comparators of a text that holds nothing else; empty where it holds more."""
    terms: list[Term] = []
    at, bar = 0, False
    while at < len(text):
        found = _TERM.match(text, at)
        if not found:
            return []
        sign = found["sign"] or ""
        terms.append(Term(_SIGNS.get(sign, sign), found["version"], bar))
        at, bar = found.end(), False
        if joint := _JOINT.match(text, at):
            at, bar = joint.end(), joint["bar"] is not None
        if at < len(text) and text[at] not in _SIGN_HEADS and not (joint and joint[0].strip()):
            # "< CPCI85 V05.11": a name, then a version.
            return []
    return terms


def _assemble(terms: list[Term]) -> tuple[Span, ...]:
    """Pair each lower bound with the upper bound after it, in the order written."""
    if inverted := _inverted(terms):
        terms = inverted
    spans: list[Span] = []
    lower: Span | None = None
    ends = 0
    for at, term in enumerate(terms):
        following = terms[at + 1] if at + 1 < len(terms) else None
        if term.sign == "!=":
            return (Span(note=f"version exclue : {term.version}"),)
        if term.sign in (">", ">=") or _opens(term, following):
            if lower is not None:
                spans.append(lower)
            lower = bounded(Span(), term.sign or ">=", term.version)
        elif term.sign in ("<", "<="):
            ends += lower is None
            spans.append(bounded(lower or Span(), term.sign, term.version))
            lower = None
        else:
            if lower is not None:
                spans.append(lower)
                lower = None
            spans.append(bounded(Span(), "", term.version))
    if lower is not None:
        spans.append(lower)
    if ends > 1:
        return tuple(span._replace(note=SEVERAL_ENDS_NOTE) for span in spans)
    return tuple(spans)


def _inverted(terms: list[Term]) -> list[Term]:
    """``<7.0|>=1.5`` written out of order is [1.5, 7.0); ``<1.5|>=7.0`` is two ranges.

    Only plain numbers are compared here: nothing else is sure without a scheme.
    """
    if [term.sign[:1] for term in terms] != ["<", ">"]:
        return []
    last, first = ([int(n) for n in _NUMBERS.findall(term.version)] for term in terms)
    plain = all(_PLAIN_NUMBERS.fullmatch(term.version) for term in terms)
    return terms[::-1] if plain and first < last else []


def _opens(term: Term, following: Term | None) -> bool:
    """``7.0 < 7.5`` and ``7.0 <= 7.5`` are ranges; ``7.0 | < 7.5`` is not."""
    return (
        not term.sign
        and following is not None
        and following.sign in ("<", "<=")
        and not following.after_bar
    )


def bounded(span: Span, sign: str, version: str) -> Span:
    """Return the span with one more bound; a branch (``5.x``, ``12.2.x.x``) counts whole."""
    branch = _WILDCARD.fullmatch(version)
    base = branch[1] if branch else version
    after = _after(base) if branch else ""
    if sign in ("", "="):
        if branch and after:
            return Span(start=base, end=after)
        return Span(exact=version, any_update=True)
    if sign in (">", ">="):
        if branch and sign == ">":
            return span._replace(start=after or base)
        return span._replace(start=base, start_open=sign == ">")
    if branch and sign == "<=" and after:
        return span._replace(end=after)
    return span._replace(end=base, end_closed=sign == "<=")


def _after(base: str) -> str:
    """Return the first version after a branch: ``12.3`` for ``12.2``."""
    head = base.rstrip("0123456789")
    number = base[len(head) :]
    return f"{head}{int(number) + 1}" if number and len(number) <= 9 else ""  # noqa: PLR2004
