"""Pauses: while one lasts, the clocks it suspends do not run."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hygie.engines.clocks.civil import ONE_DAY, local_day, whole_second

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hygie.referentials.clock import Clock

FOREVER: Final = dt.datetime.max.replace(tzinfo=dt.UTC, microsecond=0)
"""End of a pause that is still open."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch of time during which something does not run.

    Attributes:
        kind: name that a clock gives in ``pauses`` to be suspended by it.
        start: aware time from which nothing runs.
        end: aware time from which it runs again, None while nobody knows.
    """

    kind: str
    start: dt.datetime
    end: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Paused time: ``[start, end)`` in UTC, ``end`` is FOREVER while open."""

    start: dt.datetime
    end: dt.datetime

    @property
    def is_open(self) -> bool:
        """True while nobody knows when it ends."""
        return self.end == FOREVER


@dataclass(frozen=True, slots=True)
class Days:
    """Days lost to a pause, both included; ``last`` is None while it is open."""

    first: dt.date
    last: dt.date | None


def suspending(clock: Clock, pauses: Iterable[Pause]) -> tuple[Stretch, ...]:
    """Return what suspends a clock, in order, merged where it overlaps or touches.

    Raises:
        ValueError: if a pause ends before it starts.
    """
    wanted = sorted(
        (_stretch(pause) for pause in pauses if pause.kind in clock.pauses),
        key=lambda stretch: (stretch.start, stretch.end),
    )
    merged: list[Stretch] = []
    for stretch in wanted:
        if merged and stretch.start <= merged[-1].end:
            last = merged.pop()
            merged.append(Stretch(last.start, max(last.end, stretch.end)))
        elif stretch.start < stretch.end:
            merged.append(stretch)
    return tuple(merged)


def closed_at(pauses: Iterable[Pause], now: dt.datetime) -> tuple[Pause, ...]:
    """Return the same pauses as if those still open ended now: what is known at this instant."""
    return tuple(
        pause if pause.end is not None else Pause(pause.kind, pause.start, max(pause.start, now))
        for pause in pauses
    )


def lost_days(stretches: Iterable[Stretch], zone: dt.tzinfo) -> tuple[Days, ...]:
    """Return the days whose last second is paused.

    No period can end on such a day, hence none ever ends during a pause; a pause of N times
    24 hours takes N days.
    """
    found = []
    for stretch in stretches:
        first = local_day(stretch.start, zone)
        last = None if stretch.is_open else local_day(stretch.end, zone) - ONE_DAY
        if last is None or first <= last:
            found.append(Days(first, last))
    return tuple(found)


def paused_between(
    stretches: Iterable[Stretch], start: dt.datetime, end: dt.datetime
) -> dt.timedelta:
    """Return how much of ``[start, end)`` is paused."""
    overlaps = (min(one.end, end) - max(one.start, start) for one in stretches)
    return sum((overlap for overlap in overlaps if overlap > dt.timedelta()), dt.timedelta())


def _stretch(pause: Pause) -> Stretch:
    start = whole_second(pause.start)
    end = FOREVER if pause.end is None else whole_second(pause.end)
    if end < start:
        raise ValueError("a pause ends before it starts")
    return Stretch(start, end)
