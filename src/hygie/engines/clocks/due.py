"""When a clock falls due.

``Due.at`` is the last second in time: an act at that second is in time, one second later it is
late. A period in hours ends at the same second as it began; a period in days, months or years
ends with the last second of its last day on the wall of the place that its clock names.

Sources: règlement (CEE, Euratom) 1182/71, art. 2 and 3; code de procédure civile, art. 640 to 642.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from hygie.engines.clocks.civil import (
    ONE_DAY,
    add_months,
    check_year,
    day_in,
    first_instant,
    last_instant,
    local_day,
    whole_second,
)
from hygie.engines.clocks.pauses import Days, lost_days, suspending
from hygie.referentials.clock import Rule, Unit, ZoneRule

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from hygie.engines.clocks.pauses import Pause, Stretch
    from hygie.referentials.clock import Clock

PARIS: Final = ZoneInfo("Europe/Paris")
_MOST_CLOSED_DAYS: Final = 3_660
_TWO: Final = 2
_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class Due:
    """When something is due, and how that was found.

    Attributes:
        clock: what was computed.
        at: last UTC second in time; for « without delay », the event itself; None when the event
            has not happened or an open pause keeps the end unknown.
        anchor_at: UTC time of the event (its first second when only a date is known), None
            when it has not happened.
        zone: time zone in which days were counted.
        paused: time that pauses added; whole days when days were counted.
        rolled_from: last day before it gave way to a working day, None when it did not.
        tolerated_until: for hours under règlement 1182/71, the end when the hour begun does not
            count; Hygie keeps ``at``, which is never later.
    """

    clock: Clock
    at: dt.datetime | None
    anchor_at: dt.datetime | None
    zone: dt.tzinfo
    paused: dt.timedelta = dt.timedelta()
    rolled_from: dt.date | None = None
    tolerated_until: dt.datetime | None = None


def due(
    clock: Clock,
    anchors: Mapping[str, dt.datetime | dt.date | None],
    *,
    zone: dt.tzinfo,
    holidays: Container[dt.date] = frozenset(),
    pauses: Iterable[Pause] = (),
) -> Due:
    """Return when a clock falls due.

    Args:
        clock: the period.
        anchors: aware times, or dates where the hour is unknown or does not matter, by event.
        zone: time zone of the establishment.
        holidays: public holidays of the place (local days).
        pauses: of any kind; the clock names those that suspend it.

    Raises:
        ValueError: for a naive time, or a pause that ends before it starts.
        ClockError: for a year that clocks do not know.
    """
    place = zone_of_clock(clock, zone)
    event = anchors.get(clock.anchor)
    if event is None:
        return Due(clock, None, None, place)
    start = _instant(event, place)
    if clock.unit is Unit.WITHOUT_DELAY:
        return Due(clock, start, start, place)
    stretches = suspending(clock, pauses)
    if clock.unit is Unit.HOURS:
        return _due_in_hours(clock, start, place, stretches)
    origin = local_day(start, place) if isinstance(event, dt.datetime) else event
    # A fixed day of the year comes whatever stood still before it.
    lost = () if clock.unit is Unit.CALENDAR_DAY else lost_days(stretches, place)
    calendar = _Calendar(holidays, lost)
    return _due_in_days(clock, start, origin, place, calendar)


def zone_of_clock(clock: Clock, establishment: dt.tzinfo) -> dt.tzinfo:
    """Return the time zone in which a clock counts."""
    match clock.zone:
        case ZoneRule.PARIS:
            return PARIS
        case ZoneRule.UTC:
            return dt.UTC
        case _:
            return establishment


def is_working_day(day: dt.date, holidays: Container[dt.date]) -> bool:
    """Tell whether a day is neither Saturday, Sunday nor public holiday (1182/71, art. 2)."""
    return day.weekday() < _SATURDAY and day not in holidays


def _instant(event: dt.datetime | dt.date, zone: dt.tzinfo) -> dt.datetime:
    if isinstance(event, dt.datetime):
        return whole_second(event)
    check_year(event.year)
    return first_instant(event, zone)


def _due_in_hours(
    clock: Clock, start: dt.datetime, zone: dt.tzinfo, stretches: Sequence[Stretch]
) -> Due:
    length = dt.timedelta(hours=clock.amount)
    at = _elapsed(start, length, stretches)
    if at is None:
        return Due(clock, None, start, zone)
    tolerated = None
    if clock.rule is Rule.EU_1182_71:
        tolerated = _elapsed(_next_hour(start, zone), length, stretches)
    return Due(clock, at, start, zone, at - start - length, tolerated_until=tolerated)


def _elapsed(
    start: dt.datetime, length: dt.timedelta, stretches: Sequence[Stretch]
) -> dt.datetime | None:
    """Return when ``length`` has run, pauses left out; None when an open one comes first."""
    here, left = start, length
    for stretch in stretches:
        if stretch.end <= here:
            continue
        running = max(stretch.start - here, dt.timedelta())
        if running >= left:
            break
        if stretch.is_open:
            return None
        here, left = stretch.end, left - running
    return here + left


def _next_hour(instant: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    wall = instant.astimezone(zone)
    begun = dt.timedelta(minutes=wall.minute, seconds=wall.second)
    return instant + dt.timedelta(hours=1) - begun


@dataclass(frozen=True, slots=True)
class _Calendar:
    """Which days count: holidays, and days lost to pauses."""

    holidays: Container[dt.date]
    lost: tuple[Days, ...]

    def works(self, day: dt.date) -> bool:
        return is_working_day(day, self.holidays) and not self._is_lost(day)

    def never_again(self, day: dt.date) -> bool:
        """Tell whether an open pause has taken this day and all that follow."""
        return bool(self.lost) and self.lost[-1].last is None and day >= self.lost[-1].first

    def stretched(self, origin: dt.date, last: dt.date) -> dt.date | None:
        """Push the last day by as many days as pauses took after the origin."""
        for days in self.lost:
            first = max(days.first, origin + ONE_DAY)
            if first > last:
                break
            if days.last is None:
                return None
            last += max(days.last - first + ONE_DAY, dt.timedelta())
        return last

    def next_working(self, day: dt.date) -> dt.date | None:
        """Return that day, or the first one after it, that works."""
        for ahead in range(_MOST_CLOSED_DAYS):
            here = day + ahead * ONE_DAY
            if self.never_again(here):
                return None
            if self.works(here):
                return here
        raise ValueError("no working day in ten years: check the holidays")

    def nth_working(self, origin: dt.date, count: int) -> dt.date | None:
        """Return the count-th working day after the origin."""
        here: dt.date | None = origin
        for _ in range(count):
            here = self.next_working(here + ONE_DAY) if here else None
        return here

    def _is_lost(self, day: dt.date) -> bool:
        return any(
            days.first <= day and (days.last is None or day <= days.last) for days in self.lost
        )


def _due_in_days(
    clock: Clock, start: dt.datetime, origin: dt.date, zone: dt.tzinfo, calendar: _Calendar
) -> Due:
    bare = _last_day(clock, origin, _Calendar(calendar.holidays, ()))
    last = _last_day(clock, origin, calendar)
    rolled = None if last is None else _rolled(clock, origin, last, calendar)
    if bare is None or last is None or rolled is None:
        return Due(clock, None, start, zone)
    rolled_from = last if rolled != last else None
    return Due(clock, last_instant(rolled, zone), start, zone, last - bare, rolled_from)


def _last_day(clock: Clock, origin: dt.date, calendar: _Calendar) -> dt.date | None:
    match clock.unit:
        case Unit.WORKING_DAYS:
            return calendar.nth_working(origin, clock.amount)
        case Unit.DAYS:
            last = origin + clock.amount * ONE_DAY
        case Unit.MONTHS:
            last = add_months(origin, clock.amount)
        case Unit.YEARS:
            last = add_months(origin, 12 * clock.amount)
        case _:
            return _calendar_day(clock, origin)
    return calendar.stretched(origin, last)


def _calendar_day(clock: Clock, origin: dt.date) -> dt.date:
    """Return the amount-th such day of the year strictly after the origin."""
    this_year = day_in(origin.year, clock.month, clock.day)
    years = clock.amount if this_year <= origin else clock.amount - 1
    return day_in(origin.year + years, clock.month, clock.day)


def _rolled(clock: Clock, origin: dt.date, last: dt.date, calendar: _Calendar) -> dt.date | None:
    if clock.rule is Rule.PLAIN or clock.unit is Unit.WORKING_DAYS:
        return last
    rolled = calendar.next_working(last)
    if clock.rule is Rule.EU_1182_71 and clock.unit is Unit.DAYS and clock.amount >= _TWO:
        least = calendar.nth_working(origin, _TWO)
        return None if rolled is None or least is None else max(rolled, least)
    return rolled
