"""What corresponds between two catalogues: one proof, many duties.

A crosswalk is many to many and read from ``source`` to ``target``: evidence held for a source
requirement serves the target as far as the link's strength says. All of those packaged are our
own reading (confidence C), to be validated before anyone relies on them.

Data: ``mappings/*.yaml``; each row is one source and the targets it serves, by strength.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from hygie.referentials.catalogues import catalogue_as_of
from hygie.referentials.reading import load_folder

if TYPE_CHECKING:
    import datetime as dt

    from hygie.referentials.reading import Document
    from hygie.referentials.section import Section, Source


class Strength(StrEnum):
    """How far evidence for one requirement serves another, strongest first."""

    FULL = "full"  # what proves one proves the other
    PARTIAL = "partial"  # it proves part of it
    RELATED = "related"  # same subject: worth a look, proves nothing by itself


@dataclass(frozen=True, slots=True)
class Link:
    """Evidence for requirement ``source`` serves requirement ``target``."""

    source: str
    target: str
    strength: Strength


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """What corresponds between two catalogues.

    Attributes:
        id: such as ``mapping.ose-recyf``.
        version: of its document.
        source_catalogue: identifier of the catalogue whose evidence is held.
        target_catalogue: identifier of the catalogue it serves.
        links: in order of the source.
        unmatched: targets without any link.
        source: where it comes from, with its confidence.
    """

    id: str
    version: str
    source_catalogue: str
    target_catalogue: str
    links: tuple[Link, ...]
    unmatched: tuple[str, ...]
    source: Source

    def served_by(self, requirement: str) -> tuple[Link, ...]:
        """Return what evidence for a source requirement serves, strongest first."""
        found = (link for link in self.links if link.source == requirement)
        return tuple(sorted(found, key=_by_strength))

    def serving(self, requirement: str) -> tuple[Link, ...]:
        """Return what serves a target requirement, strongest first."""
        found = (link for link in self.links if link.target == requirement)
        return tuple(sorted(found, key=_by_strength))


def crosswalks_as_of(on: dt.date) -> tuple[Crosswalk, ...]:
    """Return the packaged crosswalks in force on a day, sorted by id.

    Raises:
        ReferentialError: if a document is wrong, or names a requirement that its catalogue,
            in force that day, does not have.
    """
    return tuple(
        _crosswalk(document.id, document.version, on)
        for document in load_folder("mappings")
        if document.applies(on)
    )


def read_crosswalk(document: Document, *, on: dt.date) -> Crosswalk:
    """Return the crosswalk that a document states, checked against both catalogues.

    Raises:
        ReferentialError: if it lacks something, repeats a pair, or names a requirement that
            its catalogue, in force that day, does not have.
    """
    content = document.content
    content.only("from", "to", "rows")
    origin = catalogue_as_of(content.text("from"), on=on)
    target = catalogue_as_of(content.text("to"), on=on)
    links: dict[tuple[str, str], Link] = {}
    for row in content.sections("rows"):
        for link in _links(row):
            origin.requirement(link.source)
            target.requirement(link.target)
            if (link.source, link.target) in links:
                raise row.error("id", f"{link.source} → {link.target} écrit deux fois")
            links[link.source, link.target] = link
    served = {link.target for link in links.values()}
    return Crosswalk(
        id=document.id,
        version=document.version,
        source_catalogue=origin.id,
        target_catalogue=target.id,
        links=tuple(links.values()),
        unmatched=tuple(one.id for one in target.requirements if one.id not in served),
        source=document.source,
    )


@lru_cache(maxsize=64)
def _crosswalk(identifier: str, version: str, on: dt.date) -> Crosswalk:
    [document] = [
        one for one in load_folder("mappings") if (one.id, one.version) == (identifier, version)
    ]
    return read_crosswalk(document, on=on)


def _links(row: Section) -> list[Link]:
    row.only("id", *Strength)
    links = [
        Link(row.text("id"), target, strength)
        for strength in Strength
        if row.has(strength)
        for target in row.text(strength).split()
    ]
    if not links:
        raise row.error("id", "aucune correspondance, retirez cette ligne")
    return links


def _by_strength(link: Link) -> int:
    return list(Strength).index(link.strength)
