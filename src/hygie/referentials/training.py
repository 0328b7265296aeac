"""What health students must learn of digital health, cybersecurity included.

Data: ``curricula/*.yaml``: programmes, domains, hours of each domain.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hygie.referentials.reading import as_of, load_folder
from hygie.referentials.section import Confidence

if TYPE_CHECKING:
    import datetime as dt

    from hygie.referentials.reading import Document
    from hygie.referentials.section import Section, Source, Words

CURRICULUM_ID: Final = "curriculum.digital-health"
_MOST_HOURS: Final = 500


@dataclass(frozen=True, slots=True)
class Programme:
    """A course of study that includes the base training; ``text`` is what brings it in."""

    id: str
    label: Words
    text: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Domain:
    """A part of the training and its hours; ``cyber`` marks the one on security."""

    id: str
    label: Words
    hours: int
    cyber: bool


@dataclass(frozen=True, slots=True)
class Curriculum:
    """The base training in digital health.

    Attributes:
        version: of its document.
        mandatory_from: first day of the school year from which it is mandatory.
        programmes: courses of study it belongs to.
        domains: its parts.
        hours_confidence: how sure we are of the hours.
        source: where it comes from.
    """

    version: str
    mandatory_from: dt.date
    programmes: tuple[Programme, ...]
    domains: tuple[Domain, ...]
    hours_confidence: Confidence
    source: Source

    @property
    def hours(self) -> int:
        """Hours of the whole training."""
        return sum(domain.hours for domain in self.domains)


def curriculum_as_of(on: dt.date) -> Curriculum:
    """Return the base training in force on a day.

    Raises:
        ReferentialError: if there is none, or its document is wrong.
    """
    return read_curriculum(as_of(load_folder("curricula"), CURRICULUM_ID, on=on))


def read_curriculum(document: Document) -> Curriculum:
    """Return the training that a document states.

    Raises:
        ReferentialError: if it lacks something.
    """
    content = document.content
    content.only("mandatory_from", "hours_confidence", "programmes", "domains")
    return Curriculum(
        version=document.version,
        mandatory_from=content.date("mandatory_from"),
        programmes=tuple(_programme(one) for one in content.sections("programmes")),
        domains=tuple(_domain(one) for one in content.sections("domains")),
        hours_confidence=content.choice("hours_confidence", Confidence),
        source=document.source,
    )


def _programme(section: Section) -> Programme:
    section.only("id", "label", "text", "confidence")
    return Programme(
        id=section.text("id"),
        label=section.words("label"),
        text=section.text("text"),
        confidence=section.choice("confidence", Confidence),
    )


def _domain(section: Section) -> Domain:
    section.only("id", "label", "hours", "cyber")
    return Domain(
        id=section.text("id"),
        label=section.words("label"),
        hours=section.integer("hours", low=1, high=_MOST_HOURS),
        cyber=section.has("cyber") and section.flag("cyber"),
    )
