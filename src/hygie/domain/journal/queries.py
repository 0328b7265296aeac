"""Read the journal and prove it whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hygie.domain.journal.chain import Line, line_hash
from hygie.domain.journal.models import Entry, Head

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class Flaw:
    """A place where the chain does not hold.

    Attributes:
        sequence: number of the line at fault, or of the first one missing.
        kind: ``edited``, ``deleted``, ``inserted`` or ``head``.
    """

    sequence: int
    kind: str


@dataclass(frozen=True, slots=True)
class Verification:
    """Result of reading the whole chain: lines read, head reached, flaws (at most 100)."""

    lines: int
    head_hash: str
    flaws: tuple[Flaw, ...]

    @property
    def whole(self) -> bool:
        """Whether no line was edited, deleted or inserted."""
        return not self.flaws


def about(subject_type: str, subject_id: str) -> QuerySet[Entry]:
    """Return the lines about one object, oldest first."""
    return Entry.objects.filter(subject_type=subject_type, subject_id=subject_id)


def verify() -> Verification:
    """Read every line in order and compare with what its hash and its neighbours say."""
    flaws: list[Flaw] = []
    lines = 0
    expected, previous = 1, ""
    for entry in _in_order():
        lines += 1
        if len(flaws) < 100:  # noqa: PLR2004 - bound documented in Verification
            flaws.extend(_flaws_of(entry, expected, previous))
        expected, previous = entry.sequence + 1, entry.hash
    head = Head.objects.get(pk=1)
    if head.sequence >= expected:
        flaws.append(Flaw(expected, "deleted"))
    elif (head.sequence, head.hash) != (expected - 1, previous):
        flaws.append(Flaw(expected - 1, "head"))
    return Verification(lines, previous, tuple(flaws))


def _in_order() -> Iterator[Entry]:
    return Entry.objects.order_by("sequence").iterator(chunk_size=2000)


def _flaws_of(entry: Entry, expected: int, previous: str) -> Iterator[Flaw]:
    if entry.sequence > expected:
        yield Flaw(expected, "deleted")
    elif entry.sequence < expected or entry.previous_hash != previous:
        yield Flaw(entry.sequence, "inserted")
    if entry.hash != line_hash(_line(entry)):
        yield Flaw(entry.sequence, "edited")


def _line(entry: Entry) -> Line:
    return Line(
        sequence=entry.sequence,
        at=entry.at,
        actor=entry.actor,
        on_behalf_of=entry.on_behalf_of,
        action=entry.action,
        subject_type=entry.subject_type,
        subject_id=entry.subject_id,
        node_id=entry.node_id,
        detail=entry.detail,
        previous_hash=entry.previous_hash,
    )
