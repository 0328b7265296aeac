"""What a catalogue of requirements is made of; ``catalogues`` reads it from YAML.

Official titles are kept as they are; meanings and evidence are in our own words.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from hygie.referentials.section import ReferentialError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from hygie.referentials.clock import Clock
    from hygie.referentials.section import Confidence, Source, Words


class Standing(StrEnum):
    """What a catalogue is to an establishment."""

    LAW = "law"  # in force, binds those it names
    PREPARED = "prepared"  # of a law to come: binds nobody yet
    CALL = "call"  # conditions of a funding call: binds who applies
    GUIDE = "guide"  # good practice: binds nobody


class TimerKind(StrEnum):
    """What the date of a timer means."""

    DEADLINE = "deadline"  # owed by then
    KEEP_UNTIL = "keep_until"  # to be kept until then at least
    WINDOW = "window"  # something becomes possible, or stops being so, that day


class Per(StrEnum):
    """For each of what a timer runs."""

    ESTABLISHMENT = "establishment"
    SIE = "sie"  # essential information system
    RECORD = "record"  # an account, a log, a filter rule


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of a catalogue; ``title`` is official, ``parent`` is empty at the top."""

    id: str
    title: str
    title_en: str
    parent: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing a text asks for.

    Attributes:
        id: its number in the text, stable through versions.
        chapter: identifier of its chapter.
        title: official title, French; our words where its document says so.
        title_en: our translation.
        meaning: in our own words.
        evidence: what Hygie should hold to prove it, in our own words.
        levels: to whom or at which level it applies (``EI``, ``EE``, ``standard``...); empty
            when the text makes no difference.
        measures: how many measures the text lists, by level.
        confidence: how sure we are of what is said here.
    """

    id: str
    chapter: str
    title: str
    title_en: str
    meaning: Words
    evidence: tuple[Words, ...]
    levels: tuple[str, ...]
    measures: Mapping[str, int]
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Timer:
    """A date by which something is owed, or owed again.

    Attributes:
        id: stable in its catalogue.
        label: what is owed.
        requirement: identifier it belongs to, empty for the regime as a whole.
        per: for each of what it runs.
        recurring: it starts again each time it is done.
        kind: what the date means.
        clock: from what, and how long.
        source: where the period comes from, with its confidence.
    """

    id: str
    label: Words
    requirement: str
    per: Per
    recurring: bool
    kind: TimerKind
    clock: Clock
    source: Source


@dataclass(frozen=True, slots=True)
class Indicator:
    """A percentage that a text asks to measure: ``numerator`` among ``denominator``."""

    id: str
    requirement: str
    label: Words
    numerator: Words
    denominator: Words


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One version of one text.

    Attributes:
        id: such as ``catalogue.recyf``.
        version: as its author writes it.
        valid_from: first day it applies.
        valid_to: last day, None while no end is known.
        title: French title.
        name: short name for the screen.
        authored: who decides its content.
        source: where it comes from.
        standing: what it is to an establishment.
        complete: every requirement of the text is here.
        announced: how many requirements the text has, None when unknown.
        chapters: in order.
        requirements: in order.
        timers: in order.
        indicators: in order.
    """

    id: str
    version: str
    valid_from: dt.date
    valid_to: dt.date | None
    title: str
    name: Words
    authored: str
    source: Source
    standing: Standing
    complete: bool
    announced: int | None
    chapters: tuple[Chapter, ...]
    requirements: tuple[Requirement, ...]
    timers: tuple[Timer, ...]
    indicators: tuple[Indicator, ...]

    def requirement(self, identifier: str) -> Requirement:
        """Return a requirement by its number.

        Raises:
            ReferentialError: if the catalogue has none of that number.
        """
        for requirement in self.requirements:
            if requirement.id == identifier:
                return requirement
        raise ReferentialError(f"« {identifier} » n’existe pas dans {self.id}, vérifiez ce numéro")

    def applies(self, on: dt.date) -> bool:
        """Tell whether it is in force on a day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)
