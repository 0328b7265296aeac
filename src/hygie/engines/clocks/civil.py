"""Days of the calendar and instants: where one begins, what a month later is.

Instants are aware UTC times of whole seconds. A day lasts from its first second to its last on
the wall of a place: 23, 24 or 25 hours, none at all where a date was skipped.
"""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Final

from hygie.vocabulary.errors import UsageError

FIRST_YEAR: Final = 1970
LAST_YEAR: Final = 2200
ONE_DAY: Final = dt.timedelta(days=1)
ONE_SECOND: Final = dt.timedelta(seconds=1)
_MONTHS: Final = 12


class ClockError(UsageError):
    """A date lies outside what clocks compute with."""


def add_months(day: dt.date, months: int) -> dt.date:
    """Return the same day of a later month, or that month's last day where it has no such day."""
    year, month = divmod(day.year * _MONTHS + day.month - 1 + months, _MONTHS)
    return day_in(year, month + 1, day.day)


def day_in(year: int, month: int, day: int) -> dt.date:
    """Return a day of a month, its last one when the month is shorter."""
    return dt.date(year, month, min(day, calendar.monthrange(year, month)[1]))


def first_instant(day: dt.date, zone: dt.tzinfo) -> dt.datetime:
    """Return the UTC time at which a date begins in a zone.

    Where midnight happens twice, the first; where it is skipped, the instant of the change.
    """
    midnight = dt.datetime.combine(day, dt.time())
    instant = midnight.replace(tzinfo=zone).astimezone(dt.UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == midnight:
        return instant
    return _first_on_or_after(day, zone)


def last_instant(day: dt.date, zone: dt.tzinfo) -> dt.datetime:
    """Return the last whole UTC second of a date in a zone."""
    return first_instant(day + ONE_DAY, zone) - ONE_SECOND


def local_day(instant: dt.datetime, zone: dt.tzinfo) -> dt.date:
    """Return the date on the wall at an instant."""
    return instant.astimezone(zone).date()


def whole_second(moment: dt.datetime) -> dt.datetime:
    """Return an aware time as UTC, its fraction of a second dropped.

    Raises:
        ValueError: if the time is naive.
        ClockError: if its year is outside FIRST_YEAR to LAST_YEAR.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment must be aware")
    check_year(moment.year)
    return moment.astimezone(dt.UTC).replace(microsecond=0)


def check_year(year: int) -> None:
    """Refuse a year for which neither time zones nor holidays are known.

    Raises:
        ClockError: if it is.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ClockError(f"année {year} hors de {FIRST_YEAR}–{LAST_YEAR}, corrigez la date")


def _first_on_or_after(day: dt.date, zone: dt.tzinfo) -> dt.datetime:
    """Find by halves the second at which the wall first shows that date or a later one."""
    noon = dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC)
    before, after = noon - 2 * ONE_DAY, noon + 2 * ONE_DAY
    while after - before > ONE_SECOND:
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if local_day(middle, zone) < day:
            before = middle
        else:
            after = middle
    return after
