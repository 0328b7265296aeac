"""The questions that regimes ask of an incident, and the small language of their conditions.

A condition is a list of clauses that must all hold: ``{fact: x}`` (a yes),
``{fact: x, in: [a, b]}`` (a choice), ``{any: [...]}``, ``{all: [...]}``. What nobody has answered
is neither yes nor no (Kleene's logic): such a duty is to be checked, never silently dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeAlias, Union

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hygie.referentials.section import Section, Words
    from hygie.vocabulary.facts import Json

Condition: TypeAlias = Union["Clause", "AllOf", "AnyOf"]


class FactKind(StrEnum):
    """What an answer may be."""

    YES_NO = "yes_no"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Fact:
    """A question about an incident, asked once for all regimes.

    Attributes:
        id: key of the answer.
        kind: what the answer may be.
        question: for the form.
        holds: what is so when the answer is yes, or by option of a choice.
        known_from: part of Hygie that may already know, empty when only a person does.
    """

    id: str
    kind: FactKind
    question: Words
    holds: Mapping[str, Words]
    known_from: str


@dataclass(frozen=True, slots=True)
class Clause:
    """One fact, and the answers that satisfy it: ``yes``, or options of a choice."""

    fact: Fact
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """True when every part is."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True when one part is."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a condition found.

    Attributes:
        answer: True, False, or None when the facts do not tell.
        reasons: what is so, for the answer True or None.
        missing: questions whose answer would tell, for the answer None.
    """

    answer: bool | None
    reasons: tuple[Words, ...] = ()
    missing: tuple[Fact, ...] = ()


YES: Final = "yes"


def fact_from(section: Section) -> Fact:
    """Return a question written in ``regimes/facts.yaml``.

    Raises:
        ReferentialError: if a choice has no option, or a yes-or-no has some.
    """
    section.only("id", "kind", "known_from", "question", "holds", "options")
    kind = section.choice("kind", FactKind)
    if kind is FactKind.CHOICE:
        holds = {one.text("id"): one.words("holds") for one in section.sections("options")}
    else:
        holds = {YES: section.words("holds")}
    return Fact(
        id=section.text("id"),
        kind=kind,
        question=section.words("question"),
        holds=holds,
        known_from=section.text("known_from") if section.has("known_from") else "",
    )


def condition_from(sections: Iterable[Section], facts: Mapping[str, Fact]) -> Condition:
    """Return the condition that a list of clauses states.

    Raises:
        ReferentialError: for a fact or an option that ``facts`` does not declare.
    """
    return AllOf(tuple(_part(section, facts) for section in sections))


def ask(condition: Condition, answers: Mapping[str, Json]) -> Finding:
    """Put a condition to the answers given so far; an absent answer and null are unknown.

    Raises:
        ValueError: for an answer that its question does not know.
    """
    match condition:
        case Clause():
            return _ask_one(condition, answers.get(condition.fact.id))
        case AllOf(parts):
            return _combine([ask(part, answers) for part in parts], decisive=False)
        case AnyOf(parts):
            return _combine([ask(part, answers) for part in parts], decisive=True)


def facts_of(condition: Condition) -> tuple[Fact, ...]:
    """Return the questions of a condition, each once, in reading order."""
    if isinstance(condition, Clause):
        return (condition.fact,)
    return _distinct(fact for part in condition.parts for fact in facts_of(part))


def _part(section: Section, facts: Mapping[str, Fact]) -> Condition:
    if section.has("any"):
        section.only("any")
        return AnyOf(tuple(_part(part, facts) for part in section.sections("any")))
    if section.has("all"):
        section.only("all")
        return AllOf(tuple(_part(part, facts) for part in section.sections("all")))
    return _clause(section, facts)


def _clause(section: Section, facts: Mapping[str, Fact]) -> Clause:
    section.only("fact", "in")
    fact = facts.get(section.text("fact"))
    if fact is None:
        raise section.error("fact", "question inconnue, ajoutez-la à regimes/facts.yaml")
    wanted = section.json("in") if section.has("in") else [YES]
    if not isinstance(wanted, list) or not wanted:
        raise section.error("in", "liste de réponses attendue")
    answers = tuple(str(answer) for answer in wanted)
    if not set(answers) <= set(fact.holds):
        raise section.error("in", f"réponses possibles : {', '.join(fact.holds)}")
    return Clause(fact, answers)


def _ask_one(clause: Clause, answer: Json) -> Finding:
    fact = clause.fact
    if answer is None:
        return Finding(None, missing=(fact,))
    if fact.kind is FactKind.YES_NO:
        if not isinstance(answer, bool):
            raise ValueError(f"{fact.id}: true or false expected, not {answer!r}")
        return Finding(answer, (fact.holds[YES],) if answer else ())
    if not isinstance(answer, str) or answer not in fact.holds:
        raise ValueError(f"{fact.id}: one of {', '.join(fact.holds)} expected, not {answer!r}")
    holds = answer in clause.answers
    return Finding(holds, (fact.holds[answer],) if holds else ())


def _combine(findings: list[Finding], *, decisive: bool) -> Finding:
    """Join findings: one ``decisive`` answer settles it, else an unknown leaves it open."""
    if any(finding.answer is decisive for finding in findings):
        settled = [finding for finding in findings if finding.answer is decisive]
        return Finding(decisive, _reasons(settled) if decisive else ())
    if any(finding.answer is None for finding in findings):
        missing = _distinct(fact for finding in findings for fact in finding.missing)
        return Finding(None, _reasons(findings), missing)
    return Finding(not decisive, () if decisive else _reasons(findings))


def _reasons(findings: Iterable[Finding]) -> tuple[Words, ...]:
    return tuple(dict.fromkeys(reason for finding in findings for reason in finding.reasons))


def _distinct(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    return tuple({fact.id: fact for fact in facts}.values())
