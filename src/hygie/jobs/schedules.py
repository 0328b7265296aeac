"""Rounds that start by themselves: which are due, by the clock of the place they are about."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from hygie.domain.journal.actions import SYSTEM
from hygie.domain.rounds.actions import RoundError, open_round
from hygie.domain.rounds.models import Slot, Step
from hygie.domain.surveillance.notices import tell_regions
from hygie.domain.territory.models import Node
from hygie.jobs.backend import backend
from hygie.referentials.reading import as_of, load_folder
from hygie.vocabulary.enums import NodeKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hygie.domain.rounds.models import Round
    from hygie.referentials.section import Section, Words

DOCUMENT: Final = "hygie.schedules"
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Schedule:
    """A round that starts by itself.

    Attributes:
        id: stable name.
        label: words for the screen.
        kind: kind of the places it starts on, each by its own clock.
        days: days of the week, 0 for Monday.
        at: local time of the day.
        steps: steps of the round.
        late_max: how late it may still start; beyond, the next day's is waited for.
    """

    id: str
    label: Words
    kind: NodeKind
    days: frozenset[int]
    at: dt.time
    steps: tuple[Step, ...]
    late_max: dt.timedelta

    def last_due(self, now: dt.datetime, zone: ZoneInfo) -> dt.datetime | None:
        """Return the last moment it was due, None when that is too long ago.

        A local time that a change of clocks skips is taken as the moment after the gap, and one
        that comes twice as the first: each day has exactly one.
        """
        today = now.astimezone(zone).date()
        due = [at for at in self._days(today, zone, range(-1, 1)) if at <= now]
        return due[-1] if due and now - due[-1] <= self.late_max else None

    def next_due(self, now: dt.datetime, zone: ZoneInfo) -> dt.datetime:
        """Return the next moment it will be due."""
        today = now.astimezone(zone).date()
        return next(at for at in self._days(today, zone, range(8)) if at > now)

    def _days(self, today: dt.date, zone: ZoneInfo, days: range) -> Iterator[dt.datetime]:
        for day in (today + dt.timedelta(days=offset) for offset in days):
            if day.weekday() in self.days:
                yield dt.datetime.combine(day, self.at, zone).astimezone(dt.UTC)


@cache
def schedules(on: dt.date) -> tuple[Schedule, ...]:
    """Return the schedules in force on a day.

    Raises:
        ReferentialError: if the document is wrong.
    """
    document = as_of(load_folder("schedules"), DOCUMENT, on=on)
    return tuple(_schedule(section) for section in document.content.sections("rounds"))


def start_due(*, now: dt.datetime) -> list[Round]:
    """Start each round that is due and was not started; whoever comes second does nothing.

    What an establishment left open past its delay is told to its ARS at the same time.
    """
    if late := tell_regions(now=now):
        backend().post(late)
    return [turn for schedule, node, due in _due(now) if (turn := _take(schedule, node, due, now))]


def _due(now: dt.datetime) -> Iterator[tuple[Schedule, Node, dt.datetime]]:
    for schedule in schedules(timezone.localdate(now)):
        for node in Node.objects.filter(kind=schedule.kind).order_by("pk"):
            due = schedule.last_due(now, ZoneInfo(node.time_zone))
            if due is not None:
                yield schedule, node, due


def _take(schedule: Schedule, node: Node, due: dt.datetime, now: dt.datetime) -> Round | None:
    """Take the slot, open the round and have it begun, all or nothing."""
    with transaction.atomic():
        _, ours = Slot.objects.get_or_create(
            schedule=schedule.id, node=node, due_at=due, defaults={"taken_at": now}
        )
        if not ours:
            return None
        try:
            turn, _ = open_round(node, schedule.steps, actor=SYSTEM, now=now)
        except RoundError:  # no establishment yet: the slot is honoured, there is nothing to do
            return None
        backend().begin(turn)
    return turn


def _schedule(section: Section) -> Schedule:
    hour, minute = (
        section.integer("hour", low=0, high=23),
        section.integer("minute", low=0, high=59),
    )
    return Schedule(
        id=section.text("id"),
        label=section.words("label"),
        kind=section.choice("kind", NodeKind),
        days=frozenset(_names(section, "days", DAYS)),
        at=dt.time(hour, minute),
        steps=tuple(tuple(Step)[rank] for rank in _names(section, "steps", Step.values)),
        late_max=dt.timedelta(hours=section.integer("late_max_hours", low=1, high=23)),
    )


def _names(section: Section, key: str, known: Sequence[str]) -> list[int]:
    """Return the ranks of the names written in ``key``, separated by spaces."""
    names = section.text(key).split()
    if unknown := [name for name in names if name not in known]:
        raise section.error(key, f"« {unknown[0]} » inconnu ; l’un de {', '.join(known)} attendu")
    return [known.index(name) for name in names]
