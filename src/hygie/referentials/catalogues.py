"""Read catalogues of requirements, with the timers and indicators they set.

A catalogue is one dated document: chapters, requirements, timers. Official titles are kept as
they are; meanings and evidence are in our own words. ``complete`` says whether every requirement
of the text is here: a catalogue that is not never counts as one that is.

Data: ``ose/``, ``recyf/``, ``hygiene/``, ``care/``, ``pgssi_s/``, ``hds/``.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, TypeVar

from hygie.referentials.catalogue import (
    Catalogue,
    Chapter,
    Indicator,
    Per,
    Requirement,
    Standing,
    Timer,
    TimerKind,
)
from hygie.referentials.clock import clock_from
from hygie.referentials.reading import load_folder, ordered
from hygie.referentials.section import (
    Confidence,
    ReferentialError,
    Words,
    source_from,
    words_from,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from hygie.referentials.reading import Document
    from hygie.referentials.section import Section

FOLDERS: Final = ("ose", "recyf", "hygiene", "care", "pgssi_s", "hds")
_MOST: Final = 10_000
_Item = TypeVar("_Item")


def catalogues_as_of(on: dt.date) -> tuple[Catalogue, ...]:
    """Return the packaged catalogues in force on a day, sorted by id.

    Raises:
        ReferentialError: if a document is wrong.
    """
    return tuple(catalogue for catalogue in load_catalogues() if catalogue.applies(on))


def catalogue_as_of(identifier: str, *, on: dt.date) -> Catalogue:
    """Return the version of a catalogue in force on a day.

    Raises:
        ReferentialError: if none is.
    """
    for catalogue in catalogues_as_of(on):
        if catalogue.id == identifier:
            return catalogue
    raise ReferentialError(f"aucune version de « {identifier} » en vigueur le {on:%d/%m/%Y}")


@cache
def load_catalogues() -> tuple[Catalogue, ...]:
    """Return every packaged catalogue, all versions, sorted by id and first day.

    Raises:
        ReferentialError: if a document is wrong.
    """
    documents = [document for folder in FOLDERS for document in load_folder(folder)]
    return tuple(read_catalogue(document) for document in ordered(documents))


def read_catalogue(document: Document) -> Catalogue:
    """Return the catalogue that a document states; a region's own is read by the same function.

    Raises:
        ReferentialError: if it lacks something, names a chapter or a requirement that it does
            not have, or has one twice.
    """
    content = document.content
    content.only(
        "name",
        "standing",
        "complete",
        "announced",
        "chapters",
        "requirements",
        "timers",
        "indicators",
    )
    chapters = _chapters(content)
    requirements = _requirements(content, chapters, document.source.confidence)
    known = {one.id for one in requirements}
    announced = (
        content.integer("announced", low=1, high=_MOST) if content.has("announced") else None
    )
    if content.flag("complete") and announced not in {None, len(requirements)}:
        raise content.error(
            "announced", f"{len(requirements)} exigences lues, corrigez l’un des deux"
        )
    return Catalogue(
        id=document.id,
        version=document.version,
        valid_from=document.valid_from,
        valid_to=document.valid_to,
        title=document.title,
        name=content.words("name"),
        authored=document.authored,
        source=document.source,
        standing=content.choice("standing", Standing),
        complete=content.flag("complete"),
        announced=announced,
        chapters=chapters,
        requirements=requirements,
        timers=_all(content, "timers", lambda section: _timer(section, known)),
        indicators=_all(content, "indicators", lambda section: _indicator(section, known)),
    )


def _all(content: Section, key: str, read: Callable[[Section], _Item]) -> tuple[_Item, ...]:
    """Return each item of an optional list, once proven that no identifier comes twice."""
    if not content.has(key):
        return ()
    sections = content.sections(key)
    seen: set[str] = set()
    for section in sections:
        if section.text("id") in seen:
            raise section.error("id", "identifiant écrit deux fois, changez l’un des deux")
        seen.add(section.text("id"))
    return tuple(read(section) for section in sections)


def _chapters(content: Section) -> tuple[Chapter, ...]:
    known: set[str] = set()

    def chapter(section: Section) -> Chapter:
        section.only("id", "title", "title_en", "parent")
        parent = section.text("parent") if section.has("parent") else ""
        if parent and parent not in known:
            raise section.error("parent", "chapitre inconnu, écrivez-le avant celui-ci")
        known.add(section.text("id"))
        return Chapter(section.text("id"), section.text("title"), section.text("title_en"), parent)

    return _all(content, "chapters", chapter)


def _requirements(
    content: Section, chapters: tuple[Chapter, ...], confidence: Confidence
) -> tuple[Requirement, ...]:
    known = {chapter.id for chapter in chapters}

    def requirement(section: Section) -> Requirement:
        section.only(
            "id", "chapter", "title", "title_en", "meaning",
            "evidence", "levels", "measures", "confidence",
        )  # fmt: skip
        if section.text("chapter") not in known:
            raise section.error("chapter", "chapitre inconnu, ajoutez-le à « chapters »")
        return Requirement(
            id=section.text("id"),
            chapter=section.text("chapter"),
            title=section.text("title"),
            title_en=section.text("title_en"),
            meaning=section.words("meaning"),
            evidence=_evidence(section),
            levels=tuple(section.text("levels").split()) if section.has("levels") else (),
            measures=_measures(section),
            confidence=_confidence(section, confidence),
        )

    return _all(content, "requirements", requirement)


def _evidence(section: Section) -> tuple[Words, ...]:
    if not section.has("evidence"):
        return ()
    return tuple(words_from(one) for one in section.sections("evidence"))


def _measures(section: Section) -> Mapping[str, int]:
    if not section.has("measures"):
        return {}
    counts = section.section("measures")
    return {level: counts.integer(level, low=0, high=_MOST) for level in counts.content}


def _confidence(section: Section, absent: Confidence) -> Confidence:
    return section.choice("confidence", Confidence) if section.has("confidence") else absent


def _timer(section: Section, known: set[str]) -> Timer:
    section.only("id", "label", "requirement", "per", "recurring", "kind", "clock", "source")
    return Timer(
        id=section.text("id"),
        label=section.words("label"),
        requirement=_known(section, known) if section.has("requirement") else "",
        per=section.choice("per", Per),
        recurring=section.has("recurring") and section.flag("recurring"),
        kind=section.choice("kind", TimerKind) if section.has("kind") else TimerKind.DEADLINE,
        clock=clock_from(section.section("clock")),
        source=source_from(section.section("source")),
    )


def _indicator(section: Section, known: set[str]) -> Indicator:
    section.only("id", "requirement", "label", "numerator", "denominator")
    return Indicator(
        id=section.text("id"),
        requirement=_known(section, known),
        label=section.words("label"),
        numerator=section.words("numerator"),
        denominator=section.words("denominator"),
    )


def _known(section: Section, known: set[str]) -> str:
    requirement = section.text("requirement")
    if requirement not in known:
        raise section.error("requirement", "exigence inconnue de ce catalogue, vérifiez son numéro")
    return requirement
