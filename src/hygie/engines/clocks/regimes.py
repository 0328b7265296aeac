"""Incident regimes: who must tell whom what, by when, and why.

Data: ``referentials/regimes/*.yaml``, one regime a file, and the questions they share. Several
regimes may ask for the same incident: each duty is kept apart, from the same answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Final

from hygie.engines.clocks.asking import Condition, Fact, ask, condition_from, fact_from
from hygie.engines.clocks.explaining import anchor_label
from hygie.referentials.clock import Clock, clock_from
from hygie.referentials.reading import as_of, load_folder
from hygie.referentials.section import Source, Words, source_from

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from hygie.referentials.reading import Document
    from hygie.referentials.section import Section
    from hygie.vocabulary.facts import Json

FACTS_ID: Final = "regimes.facts"
_PREFIX: Final = "regime."


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is told; ``channel`` is an address, empty when there is none of its own."""

    id: str
    label: Words
    channel: str


@dataclass(frozen=True, slots=True)
class Step:
    """One thing a regime asks for.

    Attributes:
        id: stable inside the regime.
        label: what to do.
        clock: by when.
        source: where the period comes from, with its confidence.
    """

    id: str
    label: Words
    clock: Clock
    source: Source


@dataclass(frozen=True, slots=True)
class Regime:
    """One regime of declaration, in one dated version.

    Attributes:
        id: such as ``regime.rgpd``.
        version: of its document.
        title: official subject, French.
        label: for the screen.
        in_force_from: first day it binds, None while it is only prepared.
        declarant: who must act.
        recipient: who is told.
        when: whom and what it concerns.
        steps: what it asks for, in order.
        source: where it comes from.
    """

    id: str
    version: str
    title: str
    label: Words
    in_force_from: dt.date | None
    declarant: Words
    recipient: Recipient
    when: Condition
    steps: tuple[Step, ...]
    source: Source


class Concern(StrEnum):
    """How surely a duty is owed."""

    OWED = "owed"
    TO_CHECK = "to_check"  # an answer is missing


@dataclass(frozen=True, slots=True)
class Duty:
    """One step that an incident calls for.

    Attributes:
        regime: the regime that asks for it.
        step: what is asked for.
        concern: owed, or to check while an answer is missing.
        in_force: False while the regime is only prepared: shown, never owed.
        reasons: why, one statement each.
        missing: questions whose answer would settle it.
        confirmed: False when the screen must say « non confirmé ».
    """

    regime: Regime
    step: Step
    concern: Concern
    in_force: bool
    reasons: tuple[Words, ...]
    missing: tuple[Fact, ...]
    confirmed: bool


def duties_for(
    facts: Mapping[str, Json],
    *,
    on: dt.date,
    in_force: Mapping[str, dt.date | None] | None = None,
) -> list[Duty]:
    """Return what an incident calls for, owed duties first, then by regime and step.

    Args:
        facts: answers by question; absent or null is unknown.
        on: day of the incident.
        in_force: first day of a regime by its id, over the one its document gives; None makes
            it prepared. This is how an operator switches NIS 2 on when the law has a date.

    Raises:
        ValueError: for an answer that its question does not know.
        ReferentialError: if a document is wrong.
    """
    found = [
        duty
        for regime in regimes_as_of(on)
        for duty in _duties(regime, facts, binds=_binds(regime, in_force or {}, on))
    ]
    return sorted(found, key=lambda duty: (not duty.in_force, duty.concern is not Concern.OWED))


def regimes_as_of(on: dt.date) -> tuple[Regime, ...]:
    """Return the regimes whose document applies on a day, sorted by id; prepared ones included.

    Raises:
        ReferentialError: if a document is wrong.
    """
    return tuple(
        _regime(document.id, document.version)
        for document in load_folder("regimes")
        if document.id.startswith(_PREFIX) and document.applies(on)
    )


def facts_as_of(on: dt.date) -> Mapping[str, Fact]:
    """Return the questions that regimes ask, by id, in the order of the form.

    Raises:
        ReferentialError: if the document is wrong.
    """
    return _facts(as_of(load_folder("regimes"), FACTS_ID, on=on).version)


def read_regime(document: Document, facts: Mapping[str, Fact]) -> Regime:
    """Return the regime that a document states.

    Raises:
        ReferentialError: if it lacks something, or asks a question that nobody declares.
    """
    content = document.content
    content.only("label", "in_force_from", "declarant", "recipient", "when", "steps")
    recipient = content.section("recipient")
    recipient.only("id", "label", "channel")
    return Regime(
        id=document.id,
        version=document.version,
        title=document.title,
        label=content.words("label"),
        in_force_from=content.date("in_force_from") if content.has("in_force_from") else None,
        declarant=content.words("declarant"),
        recipient=Recipient(
            id=recipient.text("id"),
            label=recipient.words("label"),
            channel=recipient.text("channel") if recipient.content.get("channel") else "",
        ),
        when=condition_from(content.sections("when"), facts),
        steps=tuple(_step(section) for section in content.sections("steps")),
        source=document.source,
    )


def _step(section: Section) -> Step:
    section.only("id", "label", "clock", "source")
    clock = clock_from(section.section("clock"))
    anchor_label(clock.anchor)  # an event that nobody declares stops here, not in a crisis
    return Step(
        id=section.text("id"),
        label=section.words("label"),
        clock=clock,
        source=source_from(section.section("source")),
    )


@cache
def _regime(identifier: str, version: str) -> Regime:
    [document] = [
        one for one in load_folder("regimes") if (one.id, one.version) == (identifier, version)
    ]
    return read_regime(document, facts_as_of(document.valid_from))


@cache
def _facts(version: str) -> Mapping[str, Fact]:
    [document] = [
        one for one in load_folder("regimes") if (one.id, one.version) == (FACTS_ID, version)
    ]
    facts = [fact_from(section) for section in document.content.sections("facts")]
    return {fact.id: fact for fact in facts}


def _binds(regime: Regime, in_force: Mapping[str, dt.date | None], on: dt.date) -> bool:
    first = in_force.get(regime.id, regime.in_force_from)
    return first is not None and first <= on


def _duties(regime: Regime, facts: Mapping[str, Json], *, binds: bool) -> list[Duty]:
    finding = ask(regime.when, facts)
    if finding.answer is False:
        return []
    return [
        Duty(
            regime=regime,
            step=step,
            concern=Concern.OWED if finding.answer else Concern.TO_CHECK,
            in_force=binds,
            reasons=finding.reasons,
            missing=finding.missing,
            confirmed=regime.source.confirmed and step.source.confirmed,
        )
        for step in regime.steps
    ]
