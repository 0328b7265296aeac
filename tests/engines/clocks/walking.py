"""A slow and obvious clock: it walks the calendar quarter by quarter, day by day.

It shares nothing with ``engines.clocks``: no arithmetic on months, no rule for clock changes, its
own Easter. Times and pauses must lie on quarters of an hour.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import TYPE_CHECKING, Final

from hygie.referentials.clock import Clock, Rule, Unit

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

QUARTER: Final = dt.timedelta(minutes=15)
HOUR: Final = dt.timedelta(hours=1)
DAY: Final = dt.timedelta(days=1)

# Easter Sundays as calendars print them.
EASTERS: Final = {
    2014: (4, 20), 2015: (4, 5), 2016: (3, 27), 2017: (4, 16), 2018: (4, 1), 2019: (4, 21),
    2020: (4, 12), 2021: (4, 4), 2022: (4, 17), 2023: (4, 9), 2024: (3, 31), 2025: (4, 20),
    2026: (4, 5), 2027: (3, 28), 2028: (4, 16), 2029: (4, 1), 2030: (4, 21), 2031: (4, 13),
    2032: (3, 28), 2033: (4, 17), 2034: (4, 9), 2035: (3, 25), 2036: (4, 13), 2037: (4, 5),
    2038: (4, 25), 2039: (4, 10), 2040: (4, 1),
}  # fmt: skip


@cache
def is_holiday(day: dt.date) -> bool:
    """Tell whether a day is a public holiday in all of France."""
    if (day.day, day.month) in {
        (1, 1), (1, 5), (8, 5), (14, 7), (15, 8), (1, 11), (11, 11), (25, 12),
    }:  # fmt: skip
        return True
    easter = dt.date(day.year, *EASTERS[day.year])
    return (day - easter).days in {1, 39, 50}


class Paused:
    """Paused stretches of time, the end None while open."""

    def __init__(self, stretches: list[tuple[dt.datetime, dt.datetime | None]]) -> None:
        self.stretches = stretches

    def at(self, moment: dt.datetime) -> bool:
        return any(s <= moment and (e is None or moment < e) for s, e in self.stretches)

    def for_good(self, moment: dt.datetime) -> bool:
        return any(s <= moment and e is None for s, e in self.stretches)


def walk(clock: Clock, event: dt.datetime, zone: ZoneInfo, paused: Paused) -> dt.datetime | None:
    """Return the last second in time, None when an open pause hides it."""
    if clock.unit is Unit.HOURS:
        return _walk_quarters(clock, event, paused)
    origin = event.astimezone(zone).date()
    if clock.unit is Unit.CALENDAR_DAY:
        paused = Paused([])
    last = _walk_days(clock, origin, zone, paused)
    if last is None:
        return None
    if clock.rule is not Rule.PLAIN:
        while not _works(last, zone, paused):
            if paused.for_good(day_end(zone, last)):
                return None
            last += DAY
    if clock.rule is Rule.EU_1182_71 and clock.unit is Unit.DAYS and clock.amount >= 2:
        while sum(_works(day, zone, paused) for day in _days(origin, last)) < 2:
            last += DAY
            if paused.for_good(day_end(zone, last)):
                return None
    return day_end(zone, last)


def _walk_quarters(clock: Clock, event: dt.datetime, paused: Paused) -> dt.datetime | None:
    here, left = event, clock.amount * 4
    while left:
        if paused.for_good(here):
            return None
        left -= not paused.at(here)
        here += QUARTER
    return here


def _walk_days(clock: Clock, origin: dt.date, zone: ZoneInfo, paused: Paused) -> dt.date | None:
    here, left = origin, clock.amount
    if clock.unit in {Unit.MONTHS, Unit.YEARS}:
        left = _length_in_days(clock, origin)
    while left:
        here += DAY
        if paused.for_good(day_end(zone, here)):
            return None
        if paused.at(day_end(zone, here)):
            continue
        left -= _counts(clock, here)
    return here


def _counts(clock: Clock, day: dt.date) -> bool:
    if clock.unit is Unit.WORKING_DAYS:
        return day.weekday() < 5 and not is_holiday(day)
    if clock.unit is Unit.CALENDAR_DAY:
        next_day = day + DAY
        last_of_february = day.month == 2 and next_day.month == 3
        same_day = (day.month, day.day) == (clock.month, clock.day)
        return same_day or (last_of_february and (clock.month, clock.day) == (2, 29))
    return True


def _length_in_days(clock: Clock, origin: dt.date) -> int:
    """Count the days to the same date of the last month, or to that month's last day."""
    left = clock.amount * (12 if clock.unit is Unit.YEARS else 1)
    here, length = origin, 0
    while left:
        here += DAY
        length += 1
        left -= here.day == 1
    while here.day != origin.day and (here + DAY).day != 1:
        here += DAY
        length += 1
    return length


def _works(day: dt.date, zone: ZoneInfo, paused: Paused) -> bool:
    return day.weekday() < 5 and not is_holiday(day) and not paused.at(day_end(zone, day))


def _days(origin: dt.date, last: dt.date) -> list[dt.date]:
    return [origin + DAY * n for n in range(1, (last - origin).days + 1)]


@cache
def day_end(zone: ZoneInfo, day: dt.date) -> dt.datetime:
    """Return the last second of a day: walk until the wall shows a later date."""
    here = dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC) - DAY
    while (here + HOUR).astimezone(zone).date() <= day:
        here += HOUR
    while here.astimezone(zone).date() <= day:
        here += QUARTER
    return here - dt.timedelta(seconds=1)
