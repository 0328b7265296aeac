"""When a decision falls due, in the establishment's own time zone.

Hours elapse day and night: an attacker does not sleep, and clock changes neither lengthen nor
shorten them. Days end at the close of a working day, never later than the count says, unless
that would leave less than the policy's notice.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Container

    from hygie.engines.deciding.decision import OutcomeRung, WorkingTime

_MOST_CLOSED_DAYS: Final = 60


def due_at(
    rung: OutcomeRung,
    working_time: WorkingTime,
    *,
    now: dt.datetime,
    tz: dt.tzinfo,
    holidays: Container[dt.date] = frozenset(),
) -> dt.datetime:
    """Return the deadline of an outcome, as an aware UTC time.

    Args:
        rung: amount and unit.
        working_time: closing hour, working days, least notice.
        now: aware time from which it runs.
        tz: time zone of the establishment.
        holidays: local days on which nobody works.

    Raises:
        ValueError: if ``now`` is naive.
    """
    if now.tzinfo is None:
        raise ValueError("now must be aware")
    start = now.astimezone(dt.UTC)
    if rung.unit == "hours":
        return start + dt.timedelta(hours=rung.amount)
    earliest = start + dt.timedelta(hours=working_time.notice_hours)
    last = start.astimezone(tz).date() + dt.timedelta(days=rung.amount)
    for back in range(_MOST_CLOSED_DAYS):
        close = _close(last - dt.timedelta(days=back), working_time, tz)
        if close < earliest:
            break
        if _works(last - dt.timedelta(days=back), working_time, holidays):
            return close
    return _first_close(earliest, working_time, tz, holidays)


def _first_close(
    earliest: dt.datetime,
    working_time: WorkingTime,
    tz: dt.tzinfo,
    holidays: Container[dt.date],
) -> dt.datetime:
    day = earliest.astimezone(tz).date()
    for _ in range(_MOST_CLOSED_DAYS):
        close = _close(day, working_time, tz)
        if close >= earliest and _works(day, working_time, holidays):
            return close
        day += dt.timedelta(days=1)
    return earliest  # two months without a working day: the notice alone counts


def _close(day: dt.date, working_time: WorkingTime, tz: dt.tzinfo) -> dt.datetime:
    local = dt.datetime.combine(day, dt.time(working_time.closes_at_hour), tzinfo=tz)
    return local.astimezone(dt.UTC)


def _works(day: dt.date, working_time: WorkingTime, holidays: Container[dt.date]) -> bool:
    return day.isoweekday() in working_time.working_days and day not in holidays
