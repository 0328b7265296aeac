"""The small language in which a policy asks about observed values.

A condition is one of ``{all: [...]}``, ``{any: [...]}``, ``{not: {...}}`` or a question
``{key, op, value}`` where ``key`` is a path such as ``certificate.not_after``. The answer is
True, False, or None when the observation does not tell: three-valued logic (Kleene), so that
what was not learnt never passes a rule.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias, Union

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from hygie.referentials.section import Section
    from hygie.vocabulary.facts import Json

Answer: TypeAlias = bool | None
Condition: TypeAlias = Union["Question", "AllOf", "AnyOf", "Not"]

_ABSENT: Final = object()
_VERSION: Final = re.compile(r"\d+\.\d+")
_MAX_HEADER: Final = 512


@dataclass(frozen=True, slots=True)
class Question:
    """One comparison; ``argument`` is its value, ``other`` a second key for a span of time."""

    key: str
    op: str
    argument: Json = None
    other: str = ""


@dataclass(frozen=True, slots=True)
class AllOf:
    """True when every part is."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True when one part is."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite; unknown stays unknown."""

    part: Condition


def parse_condition(section: Section) -> Condition:
    """Return the condition written in a policy.

    Raises:
        ReferentialError: for an unknown operator, or an argument of the wrong type.
    """
    if section.has("all"):
        section.only("all")
        return AllOf(tuple(parse_condition(part) for part in section.sections("all")))
    if section.has("any"):
        section.only("any")
        return AnyOf(tuple(parse_condition(part) for part in section.sections("any")))
    if section.has("not"):
        section.only("not")
        return Not(parse_condition(section.section("not")))
    return _parse_question(section)


def holds(condition: Condition, value: Mapping[str, Json], *, now: dt.datetime) -> Answer:
    """Tell whether observed values satisfy a condition; None when they do not tell."""
    match condition:
        case AllOf(parts):
            return _all(holds(part, value, now=now) for part in parts)
        case AnyOf(parts):
            return _invert(_all(_invert(holds(part, value, now=now)) for part in parts))
        case Not(part):
            return _invert(holds(part, value, now=now))
        case Question():
            return _ask(condition, value, now)


def keys_of(condition: Condition) -> tuple[str, ...]:
    """Return the paths a condition reads, each once, in reading order."""
    match condition:
        case AllOf(parts) | AnyOf(parts):
            return tuple(dict.fromkeys(key for part in parts for key in keys_of(part)))
        case Not(part):
            return keys_of(part)
        case Question(key=key, other=other):
            return (key, other) if other else (key,)


def read(value: Mapping[str, Json], path: str) -> Json:
    """Return the value at a dotted path, None where there is none."""
    found = _find(value, path)
    return None if found is _ABSENT else found  # type: ignore[return-value]  # _find gives Json


def _find(value: Mapping[str, Json], path: str) -> object:
    here: object = value
    for name in path.split("."):
        if not isinstance(here, dict) or name not in here:
            return _ABSENT
        here = here[name]
    return here


def _all(answers: Iterable[Answer]) -> Answer:
    result: Answer = True
    for answer in answers:
        if answer is False:
            return False
        if answer is None:
            result = None
    return result


def _invert(answer: Answer) -> Answer:
    return None if answer is None else not answer


def _ask(question: Question, value: Mapping[str, Json], now: dt.datetime) -> Answer:
    found = _find(value, question.key)
    if found is _ABSENT:
        return None
    if question.op in _PRESENCE:
        return (found in (None, "", [])) is (question.op == "missing")
    if found is None:
        return None
    if question.op in _DATED:
        other = _find(value, question.other) if question.other else None
        return _compare_dates(question, found, other, now)
    return _OPERATORS[question.op](found, question.argument)


def _compare_dates(question: Question, found: object, other: object, now: dt.datetime) -> Answer:
    moment = _moment(found)
    origin = _moment(other) if question.other else now
    if moment is None or origin is None or not isinstance(question.argument, int):
        return None
    days = dt.timedelta(days=question.argument)
    match question.op:
        case "older_than_days":
            return now - moment > days
        case "expires_within_days":
            return moment - now <= days
        case _:
            return moment - origin > days


def _moment(value: object) -> dt.datetime | None:
    """Return an aware time from ISO text; a time without zone is read as UTC."""
    if not isinstance(value, str):
        return None
    try:
        moment = dt.datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _same(found: object, argument: object) -> bool:
    if isinstance(found, str) and isinstance(argument, str):
        return found.casefold() == argument.casefold()
    return isinstance(found, bool) is isinstance(argument, bool) and found == argument


def _is_in(found: object, argument: object) -> Answer:
    return any(_same(found, item) for item in argument) if isinstance(argument, list) else None


def _contains(found: object, argument: object) -> Answer:
    return any(_same(item, argument) for item in found) if isinstance(found, list) else None


def _size(found: object) -> float | None:
    """Return what a comparison compares: a number, or the length of a list."""
    if isinstance(found, list):
        return len(found)
    return found if isinstance(found, int | float) and not isinstance(found, bool) else None


def _ordered(test: Callable[[float, float], bool]) -> Callable[[object, object], Answer]:
    def compare(found: object, argument: object) -> Answer:
        left, right = _size(found), _size(argument)
        return None if left is None or right is None else test(left, right)

    return compare


def _names_version(found: object, _argument: object) -> Answer:
    return bool(_VERSION.search(found[:_MAX_HEADER])) if isinstance(found, str) else None


_PRESENCE: Final = frozenset({"missing", "present"})
_DATED: Final = frozenset({"older_than_days", "expires_within_days", "spans_more_than_days"})
_OPERATORS: Final[Mapping[str, Callable[[object, object], Answer]]] = {
    "eq": _same,
    "ne": lambda found, argument: not _same(found, argument),
    "in": _is_in,
    "contains": _contains,
    "lt": _ordered(lambda left, right: left < right),
    "lte": _ordered(lambda left, right: left <= right),
    "gt": _ordered(lambda left, right: left > right),
    "gte": _ordered(lambda left, right: left >= right),
    "names_version": _names_version,
}
_WITHOUT_ARGUMENT: Final = _PRESENCE | {"names_version"}
_COMPARISONS: Final = frozenset({"lt", "lte", "gt", "gte"})


def _parse_question(section: Section) -> Question:
    section.only("key", "op", "value", "since")
    key, op = section.text("key"), section.text("op")
    if op not in _OPERATORS and op not in _PRESENCE and op not in _DATED:
        raise section.error("op", f"opérateur « {op} » inconnu")
    if op in _WITHOUT_ARGUMENT:
        section.only("key", "op")
        return Question(key, op)
    if op in _DATED:
        days = section.integer("value", low=0, high=36_500)
        other = section.text("since") if op == "spans_more_than_days" else ""
        return Question(key, op, days, other)
    argument = section.json("value")
    if op == "in" and not isinstance(argument, list):
        raise section.error("value", "liste attendue avec « in »")
    if op in _COMPARISONS and _size(argument) is None:
        raise section.error("value", "nombre attendu pour une comparaison")
    return Question(key, op, argument)
