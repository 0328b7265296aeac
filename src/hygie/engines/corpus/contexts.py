"""What many statements share, kept once and numbered; and why something could not be decided."""

from __future__ import annotations

from typing import NamedTuple

from hygie.engines.corpus.intervals import END, START, Interval
from hygie.engines.corpus.records import AFFECTED


class Numbers(dict[object, int]):
    """Gives each new value the next number."""

    def __missing__(self, value: object) -> int:
        number = self[value] = len(self)
        return number


class Context(NamedTuple):
    """What many statements share.

    Attributes:
        source: who says it.
        part: CPE part or ``*``.
        attributes: number of the CPE attributes.
        condition: number of the condition.
        note: why it cannot be decided, empty when it can.
        status: ``affected``, ``not_affected``, ``fixed``; ``overruled`` where a source that
            precedes says otherwise.
        dated: ISO date of what is said, empty when not stated.
        document: identifier of the document that says it, empty when not stated.
        reason: why not affected, in the source's words.
    """

    source: str
    part: str
    attributes: int
    condition: int
    note: str
    status: str = AFFECTED
    dated: str = ""
    document: str = ""
    reason: str = ""


class Note(NamedTuple):
    """Why something cannot be decided, and where; firm when nothing else makes up for it."""

    text: str
    firm: bool = False
    interval: Interval = (START, END)
