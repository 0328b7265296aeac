"""The forms in which CERT-FR writes versions, as a table: a pattern, what it means, examples.

The examples are run by the tests. A form reads the whole text from the word "versions" on;
platform, patch and CVE mentions were taken off before (``certfr_sentence``).
Source: ``affected_systems[].description`` of the bulletins 2021 to 2026; forms counted there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from hygie.engines.corpus.formats.vers import bounded
from hygie.engines.corpus.records import EVERY_VERSION, Span

if TYPE_CHECKING:
    from collections.abc import Callable

SEVERAL_FIXES_NOTE: Final = "plusieurs versions corrigées sans leur branche"

_WORD: Final = (
    r"(?:sp|service pack|fp|fix ?pack|ifix|patch|update|upd|build|ru|mp|hotfix|hotpatch|hf|cu|mr|"
    r"up|if|jr|rp|tr|su|es|ga|lts|ltsr|esr|esm|u|r|p|release|rollup|beta|rc|preview|ep|ltsb)"
)
# As in "12.1-65.15", "V13.3.0.0", "20.4R3-S9", "12.5(1)SU7", "V6 SP9 Upd4", "7.4.3 Fix Pack 7".
V: Final = (
    r"(?:v\.? ?|release |[a-z]{1,3})?\d[\w.\-+~]*(?:\(\w[\w.]*\)[\w.\-]*)*(?:/\.?\d[\w.]*)*"
    rf"(?: {_WORD}(?:[ .#]?\d[\w.\-]*)?(?![a-z]))*"
)
_THE: Final = r"(?:la version |les versions |versions? )?"
_TO: Final = r"(?: (?:à|jusqu'à|jusqu’à|to|au) | ?[-–] )"
_ONE: Final = rf"{V}(?:{_TO}{V})?"
LIST: Final = rf"{_ONE}(?:(?: ?, ?| et | ou | ; )(?:les )?(?:versions? )?{_ONE})*"
_VERSIONS: Final = r"(?:toutes les versions|toutes versions|versions?)"
_BEFORE: Final = r"(?:antérieure?s?|inférieure?s?|antéreures|antérieurs) (?:à|aux)? ?"
_UNTIL: Final = r"(?:antérieure?s?|inférieure?s?) ou égales?s? (?:à|aux)? ?"
_FROM: Final = r"(?:supérieure?s?|postérieure?s?|ultérieure?s?) ou égales?s? (?:à|aux)? ?"
_AFTER: Final = r"(?:supérieure?s?|postérieure?s?|ultérieure?s?) (?:à|aux)? ?"

_SPLIT: Final = re.compile(r" ?[,;] ?(?:et |ou )?| et | ou ", re.IGNORECASE)
_RANGE: Final = re.compile(rf"({V}){_TO}({V})", re.IGNORECASE)
_LEADING: Final = re.compile(r"(?:(?:la|les) )?(?:versions? )?", re.IGNORECASE)
_ALTERNATIVE: Final = re.compile(r"/\.?\d[\w.]*")


class Form(NamedTuple):
    """One way to write versions.

    Attributes:
        name: short name, for reports.
        pattern: of the whole text.
        spans: what a match means.
        examples: (text, spans) pairs that must hold.
    """

    name: str
    pattern: re.Pattern[str]
    spans: Callable[[re.Match[str]], tuple[Span, ...]]
    examples: tuple[tuple[str, tuple[Span, ...]], ...]


def read_versions(text: str) -> tuple[Span, ...]:
    """Return the spans of a text that some form reads whole; empty where none does."""
    for form in FORMS:
        if found := form.pattern.fullmatch(text):
            return form.spans(found)
    return ()


def items(text: str) -> list[tuple[str, str]]:
    """Return the (first, last) versions of a list; the last is empty for a single version."""
    found = []
    for piece in _SPLIT.split(text):
        one = _LEADING.sub("", piece.strip(), count=1)
        pair = _RANGE.fullmatch(one)
        found.append((clean(pair[1]), clean(pair[2])) if pair else (clean(one), ""))
    return found


def clean(version: str) -> str:
    """Return a version without what does not order: ``113.0.5672.126/.127`` is its first."""
    return _ALTERNATIVE.sub("", version).strip(" .,-")


def _before(found: re.Match[str], *, closed: bool = False) -> tuple[Span, ...]:
    """``versions 9.x antérieures à 9.0.69``: from the branch on, up to the fix."""
    ends = [last or first for first, last in items(found["end"])]
    starts = items(found["list"]) if found.groupdict().get("list") else []
    sign = "<=" if closed else "<"
    if len(ends) > 1:
        return _several(starts, ends, sign)
    end = ends[0]
    if not starts:
        return (bounded(Span(), sign, end),)
    if len(starts) == 1 or not any(first.endswith((".x", ".X", ".*")) for first, _ in starts):
        return (bounded(bounded(Span(), ">=", starts[0][0]), sign, end),)
    return tuple(_of_branch(first, end, sign) for first, _ in starts)


def _of_branch(branch: str, end: str, sign: str) -> Span:
    """A branch of several: whole, or up to the fix where the fix is one of its versions."""
    base = branch.rstrip("xX*").rstrip(".")
    rest = end[len(base) :] if end.lower().startswith(base.lower()) else "0"
    if not rest[:1].isdigit():
        return bounded(bounded(Span(), ">=", branch), sign, end)
    return bounded(Span(), "", branch)


def _several(starts: list[tuple[str, str]], ends: list[str], sign: str) -> tuple[Span, ...]:
    """As many branches as fixes go two by two; else no fix says what it is for."""
    if len(starts) == len(ends):
        pairs = zip(starts, ends, strict=True)
        return tuple(bounded(bounded(Span(), ">=", first), sign, end) for (first, _), end in pairs)
    return tuple(bounded(Span(), sign, end)._replace(note=SEVERAL_FIXES_NOTE) for end in ends)


def _until(found: re.Match[str]) -> tuple[Span, ...]:
    return _before(found, closed=True)


def _between(found: re.Match[str]) -> tuple[Span, ...]:
    start = bounded(Span(), ">=" if found["from_closed"] else ">", clean(found["start"]))
    return (bounded(start, "<=" if found["to_closed"] else "<", clean(found["end"])),)


def _listed(found: re.Match[str]) -> tuple[Span, ...]:
    return tuple(
        bounded(bounded(Span(), ">=", first), "<=", last) if last else bounded(Span(), "", first)
        for first, last in items(found["list"])
    )


def _and_earlier(found: re.Match[str]) -> tuple[Span, ...]:
    return tuple(bounded(Span(), "<=", last or first) for first, last in items(found["list"])[-1:])


def _and_later(found: re.Match[str]) -> tuple[Span, ...]:
    sign = ">" if found.groupdict().get("strict") else ">="
    return (bounded(Span(), sign, clean(found["start"])),)


def _every(_: re.Match[str]) -> tuple[Span, ...]:
    return (EVERY_VERSION,)


def _form(
    name: str,
    pattern: str,
    spans: Callable[[re.Match[str]], tuple[Span, ...]],
    *examples: tuple[str, tuple[Span, ...]],
) -> Form:
    return Form(name, re.compile(pattern, re.IGNORECASE), spans, examples)


FORMS: Final[tuple[Form, ...]] = (
    _form(
        "toutes",
        r"toutes? (?:les )?versions?",
        _every,
        ("toutes versions", (EVERY_VERSION,)),
        ("toutes les versions", (EVERY_VERSION,)),
    ),
    _form(
        "antérieures",
        rf"(?:{_VERSIONS} )?(?:(?P<list>{LIST}) )?(?:{_VERSIONS} )?(?:et )?"
        rf"{_BEFORE}{_THE}(?P<end>{LIST})",
        _before,
        ("versions antérieures à 5.0", (Span(end="5.0"),)),
        ("versions 12.1.x antérieures à 12.1-65.15", (Span(start="12.1", end="12.1-65.15"),)),
        (
            "versions 9.2.2.0 à 9.4.1.0 antérieures à 9.4.2.0",
            (Span(start="9.2.2.0", end="9.4.2.0"),),
        ),
        (
            "versions 11.5.x et 12.5.x antérieures à 12.5(1)SU7",
            (Span(start="11.5", end="11.6"), Span(start="12.5", end="12.5(1)SU7")),
        ),
        ("version 6.1.2.0 antérieures à 6.1.2.1", (Span(start="6.1.2.0", end="6.1.2.1"),)),
        ("versions V6 antérieures à V6 SP9 Upd4", (Span(start="V6", end="V6 SP9 Upd4"),)),
        ("versions antérieures à 113.0.5672.126/.127", (Span(end="113.0.5672.126"),)),
        ("versions 8.x antérieures à la version 8.7.2", (Span(start="8", end="8.7.2"),)),
        (
            "versions antérieures à 7.5.9 et 8.1.5",
            (
                Span(end="7.5.9", note=SEVERAL_FIXES_NOTE),
                Span(end="8.1.5", note=SEVERAL_FIXES_NOTE),
            ),
        ),
    ),
    _form(
        "antérieures ou égales",
        rf"(?:{_VERSIONS} )?(?:(?P<list>{LIST}) )?(?:{_VERSIONS} )?{_UNTIL}{_THE}(?P<end>{LIST})",
        _until,
        ("versions antérieures ou égales à 4.1", (Span(end="4.1", end_closed=True),)),
        (
            "versions 2.x antérieures ou égales à 2.4",
            (Span(start="2", end="2.4", end_closed=True),),
        ),
    ),
    _form(
        "entre",
        rf"{_VERSIONS} (?:{V} )?(?:supérieure?s?|postérieure?s?|ultérieure?s?)"
        rf"(?P<from_closed> ou égales?)? à ?{_THE}(?P<start>{V})"
        r"(?:,| et)? (?:versions )?(?:antérieure?s?|inférieure?s?)(?P<to_closed> ou égales?)? à "
        rf"{_THE}(?P<end>{V})",
        _between,
        (
            "versions postérieures à 12.8 et antérieures à 15.11.11",
            (Span(start="12.8", start_open=True, end="15.11.11"),),
        ),
        (
            "versions supérieures ou égales à V8.00 versions antérieures à V8.22",
            (Span(start="V8.00", end="V8.22"),),
        ),
    ),
    _form(
        "à partir de",
        rf"{_VERSIONS} (?:{_FROM}|à partir de (?:la )?(?:version )?){_THE}(?P<start>{V})",
        _and_later,
        ("toutes versions supérieures ou égales à V8.3", (Span(start="V8.3"),)),
        ("versions supérieures ou égales àV30.1.0", (Span(start="V30.1.0"),)),
    ),
    _form(
        "postérieures",
        rf"{_VERSIONS} (?P<strict>{_AFTER}){_THE}(?P<start>{V})",
        _and_later,
        ("versions postérieures à 3.2", (Span(start="3.2", start_open=True),)),
    ),
    _form(
        "et antérieures",
        rf"(?:{_VERSIONS} )?(?P<list>{LIST}),? et (?:les )?(?:versions )?"
        r"(?:antérieure?s?|précédentes?)",
        _and_earlier,
        ("version 8.0.39 et antérieures", (Span(end="8.0.39", end_closed=True),)),
        ("versions 7.5.28 et versions antérieures", (Span(end="7.5.28", end_closed=True),)),
    ),
    _form(
        "et ultérieures",
        rf"(?:{_VERSIONS} )?(?P<start>{V}),? et (?:les )?(?:versions )?"
        r"(?:ultérieure?s?|postérieure?s?|supérieure?s?)",
        _and_later,
        ("version 4.2 et ultérieures", (Span(start="4.2"),)),
    ),
    _form(
        "jusqu’à",
        rf"{_VERSIONS} (?:jusqu['’]à|allant jusqu['’]à) (?:la )?{_THE}(?P<end>{V})",
        _until,
        ("versions jusqu'à 4.2.1", (Span(end="4.2.1", end_closed=True),)),
    ),
    _form(
        "liste",
        rf"{_VERSIONS} ?:? ?(?P<list>{LIST})",
        _listed,
        ("version 7.50", (Span(exact="7.50", any_update=True),)),
        (
            "toutes versions 4.2.x et 7.0.x",
            (Span(start="4.2", end="4.3"), Span(start="7.0", end="7.1")),
        ),
        ("versions 21.3 à 21.19", (Span(start="21.3", end="21.19", end_closed=True),)),
        (
            "versions 2.0.0 à 2.0.2 et 1.1.0 à 1.4.1",
            (
                Span(start="2.0.0", end="2.0.2", end_closed=True),
                Span(start="1.1.0", end="1.4.1", end_closed=True),
            ),
        ),
    ),
)
