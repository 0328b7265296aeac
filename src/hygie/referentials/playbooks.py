"""What to do in a crisis, and which services of a hospital to follow.

Data: ``playbooks/*.yaml``, one kind of crisis a file; ``crisis/services.yaml``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from hygie.referentials.reading import as_of, load_folder

if TYPE_CHECKING:
    import datetime as dt

    from hygie.referentials.reading import Document
    from hygie.referentials.section import Section, Source, Words

SERVICES_ID: Final = "crisis.services"
_FALLBACK: Final = "playbook.failure"


@dataclass(frozen=True, slots=True)
class PlaybookStep:
    """One thing to do."""

    id: str
    label: Words


@dataclass(frozen=True, slots=True)
class Phase:
    """Steps that belong together, in order."""

    id: str
    label: Words
    steps: tuple[PlaybookStep, ...]


@dataclass(frozen=True, slots=True)
class Playbook:
    """What to do for some kinds of incident.

    Attributes:
        id: such as ``playbook.ransomware``.
        kinds: kinds of incident it answers.
    """

    id: str
    version: str
    label: Words
    kinds: frozenset[str]
    phases: tuple[Phase, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class CareService:
    """A service of a hospital; ``rank`` 1 comes back first."""

    id: str
    rank: int
    label: Words


def playbook_for(kind: str, *, on: dt.date) -> Playbook:
    """Return the playbook of a kind of incident; that of failures when no other answers it.

    Raises:
        ReferentialError: if a document is wrong.
    """
    books = playbooks_as_of(on)
    named = (book for book in books if kind in book.kinds)
    return next(named, next(book for book in books if book.id == _FALLBACK))


def playbooks_as_of(on: dt.date) -> tuple[Playbook, ...]:
    """Return the playbooks in force on a day, sorted by id.

    Raises:
        ReferentialError: if a document is wrong.
    """
    return tuple(_read(one.id, on) for one in load_folder("playbooks") if one.applies(on))


def care_services(on: dt.date) -> tuple[CareService, ...]:
    """Return the services that a crisis board shows, first to come back first.

    Raises:
        ReferentialError: if the document is wrong.
    """
    content = as_of(load_folder("crisis"), SERVICES_ID, on=on).content
    content.only("services")
    services = tuple(_service(section) for section in content.sections("services"))
    return tuple(sorted(services, key=lambda service: service.rank))


def read_playbook(document: Document) -> Playbook:
    """Return the playbook that a document states.

    Raises:
        ReferentialError: if it lacks something.
    """
    content = document.content
    content.only("label", "kinds", "phases")
    return Playbook(
        id=document.id,
        version=document.version,
        label=content.words("label"),
        kinds=frozenset(content.text("kinds").split()),
        phases=tuple(_phase(section) for section in content.sections("phases")),
        source=document.source,
    )


@cache
def _read(identifier: str, on: dt.date) -> Playbook:
    return read_playbook(as_of(load_folder("playbooks"), identifier, on=on))


def _phase(section: Section) -> Phase:
    section.only("id", "label", "steps")
    steps = tuple(_step(one) for one in section.sections("steps"))
    return Phase(section.text("id"), section.words("label"), steps)


def _step(section: Section) -> PlaybookStep:
    section.only("id", "label")
    return PlaybookStep(section.text("id"), section.words("label"))


def _service(section: Section) -> CareService:
    section.only("id", "rank", "label")
    rank = section.integer("rank", low=1, high=9)
    return CareService(section.text("id"), rank, section.words("label"))
