"""Where a clock stands at an instant: not started, running, paused, kept or late."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from hygie.engines.clocks.civil import whole_second
from hygie.engines.clocks.due import Due, due
from hygie.engines.clocks.pauses import closed_at, paused_between, suspending
from hygie.referentials.clock import Unit

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from hygie.engines.clocks.pauses import Pause
    from hygie.referentials.clock import Clock

_NOTHING: Final = dt.timedelta()


class State(StrEnum):
    """What to say of a clock."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    PAUSED = "paused"
    IMMEDIATE = "immediate"  # without delay: owed now, no text says when it becomes late
    MET = "met"
    MET_LATE = "met_late"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Standing:
    """A clock at an instant.

    Attributes:
        state: what to say of it.
        due: when it falls due; an open pause leaves ``due.at`` at None.
        remaining: time left to run, pauses left out; negative by how much it is late, or by how
            long something owed without delay has waited; None when not started or done.
    """

    state: State
    due: Due
    remaining: dt.timedelta | None


def state_at(
    clock: Clock,
    anchors: Mapping[str, dt.datetime | dt.date | None],
    *,
    now: dt.datetime,
    zone: dt.tzinfo,
    holidays: Container[dt.date] = frozenset(),
    pauses: Iterable[Pause] = (),
    done_at: dt.datetime | None = None,
) -> Standing:
    """Return where a clock stands at ``now``; arguments as for ``due``.

    Args:
        clock: the period.
        anchors: events.
        now: aware time of the reading.
        zone: time zone of the establishment.
        holidays: public holidays of the place.
        pauses: of any kind; one still open counts as lasting until now.
        done_at: aware time at which what was owed was done, None while it is not.

    Raises:
        ValueError: for a naive time.
        ClockError: for a year that clocks do not know.
    """
    pauses = tuple(pauses)
    moment = whole_second(now)
    ends = due(clock, anchors, zone=zone, holidays=holidays, pauses=pauses)
    if done_at is not None:
        return Standing(_kept(ends, whole_second(done_at)), ends, None)
    if ends.anchor_at is None or moment < ends.anchor_at:
        return Standing(State.NOT_STARTED, ends, None)
    known = closed_at(pauses, moment)
    known_end = due(clock, anchors, zone=zone, holidays=holidays, pauses=known)
    left = remaining(known_end, now=moment, pauses=known)
    return Standing(_running(clock, moment, left, pauses), ends, left)


def remaining(ends: Due, *, now: dt.datetime, pauses: Iterable[Pause] = ()) -> dt.timedelta | None:
    """Return the time left to run before a due time, pauses left out; negative when late.

    None when the due time is not known.
    """
    if ends.at is None:
        return None
    moment = whole_second(now)
    if moment > ends.at:
        return ends.at - moment
    paused = paused_between(suspending(ends.clock, pauses), moment, ends.at)
    return ends.at - moment - paused


def _kept(ends: Due, done_at: dt.datetime) -> State:
    without_figure = ends.at is None or ends.clock.unit is Unit.WITHOUT_DELAY
    if without_figure or (ends.at is not None and done_at <= ends.at):
        return State.MET
    return State.MET_LATE


def _running(
    clock: Clock, now: dt.datetime, left: dt.timedelta | None, pauses: Iterable[Pause]
) -> State:
    if clock.unit is Unit.WITHOUT_DELAY:
        return State.IMMEDIATE
    if left is not None and left < _NOTHING:
        return State.LATE
    paused = any(one.start <= now < one.end for one in suspending(clock, pauses))
    return State.PAUSED if paused else State.RUNNING
