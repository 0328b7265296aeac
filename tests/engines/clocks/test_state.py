from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from hygie.engines.clocks.due import due
from hygie.engines.clocks.pauses import Pause
from hygie.engines.clocks.state import State, remaining, state_at
from hygie.referentials.clock import Clock, Rule, Unit

PARIS = ZoneInfo("Europe/Paris")
SECOND = dt.timedelta(seconds=1)
HOUR = dt.timedelta(hours=1)
EVENT = dt.datetime(2026, 3, 27, 10, 0, 0, tzinfo=PARIS).astimezone(dt.UTC)
THREE_DAYS = Clock("event", Unit.HOURS, 72, pauses=("stop",))
MONTH = Clock("event", Unit.MONTHS, 1, Rule.PLAIN, pauses=("stop",))


def state(
    clock: Clock, now: dt.datetime, *pauses: Pause, done_at: dt.datetime | None = None
) -> State:
    return state_at(
        clock, {"event": EVENT}, now=now, zone=PARIS, pauses=pauses, done_at=done_at
    ).state


@pytest.mark.parametrize(
    ("clock", "end"),
    [
        # Summer time begins in between: 10:00 becomes 11:00.
        pytest.param(THREE_DAYS, dt.datetime(2026, 3, 30, 11, tzinfo=PARIS), id="hours"),
        pytest.param(MONTH, dt.datetime(2026, 4, 27, 23, 59, 59, tzinfo=PARIS), id="month"),
    ],
)
def test_one_second_decides(clock: Clock, end: dt.datetime) -> None:
    assert state(clock, EVENT - SECOND) is State.NOT_STARTED
    assert state(clock, EVENT) is State.RUNNING
    assert state(clock, end - SECOND) is State.RUNNING
    assert state(clock, end) is State.RUNNING
    assert state(clock, end + dt.timedelta(milliseconds=999)) is State.RUNNING
    assert state(clock, end + SECOND) is State.LATE
    assert state(clock, end, done_at=end) is State.MET
    assert state(clock, end, done_at=end + SECOND) is State.MET_LATE


def test_a_clock_without_event_has_not_started() -> None:
    standing = state_at(THREE_DAYS, {}, now=EVENT, zone=PARIS)

    assert (standing.state, standing.remaining) == (State.NOT_STARTED, None)


def test_without_delay_is_owed_at_once_and_never_late_by_a_figure() -> None:
    immediate = Clock("event", Unit.WITHOUT_DELAY)
    standing = state_at(immediate, {"event": EVENT}, now=EVENT + HOUR, zone=PARIS)

    assert standing.state is State.IMMEDIATE
    assert standing.remaining == -HOUR
    assert state(immediate, EVENT, done_at=EVENT + 9 * HOUR) is State.MET


@pytest.mark.parametrize("end", [None, EVENT + 20 * HOUR])
def test_a_paused_clock_keeps_what_was_left(end: dt.datetime | None) -> None:
    pause = Pause("stop", EVENT + 12 * HOUR, end)
    standing = state_at(
        THREE_DAYS, {"event": EVENT}, now=EVENT + 15 * HOUR, zone=PARIS, pauses=[pause]
    )

    assert standing.state is State.PAUSED
    assert standing.remaining == 60 * HOUR
    assert (standing.due.at is None) is (end is None)


def test_a_pause_begins_and_ends_to_the_second() -> None:
    pause = Pause("stop", EVENT + HOUR, EVENT + 2 * HOUR)

    assert state(THREE_DAYS, pause.start - SECOND, pause) is State.RUNNING
    assert state(THREE_DAYS, pause.start, pause) is State.PAUSED
    assert state(THREE_DAYS, EVENT + 2 * HOUR - SECOND, pause) is State.PAUSED
    assert state(THREE_DAYS, EVENT + 2 * HOUR, pause) is State.RUNNING


@pytest.mark.parametrize("clock", [THREE_DAYS, MONTH])
def test_no_clock_becomes_late_during_a_pause(clock: Clock) -> None:
    end = due(clock, {"event": EVENT}, zone=PARIS).at
    assert end is not None
    pause = Pause("stop", end - HOUR)

    assert state(clock, end + 400 * HOUR, pause) is State.PAUSED


def test_a_pause_after_the_end_changes_nothing() -> None:
    pause = Pause("stop", EVENT + 100 * HOUR)

    assert state(THREE_DAYS, EVENT + 101 * HOUR, pause) is State.LATE


def test_what_was_done_while_paused_is_in_time() -> None:
    pause = Pause("stop", EVENT + HOUR)

    assert state(THREE_DAYS, EVENT + 500 * HOUR, pause, done_at=EVENT + 499 * HOUR) is State.MET


def test_remaining_leaves_planned_pauses_out() -> None:
    pause = Pause("stop", EVENT + 10 * HOUR, EVENT + 14 * HOUR)
    ends = due(THREE_DAYS, {"event": EVENT}, zone=PARIS, pauses=[pause])

    assert remaining(ends, now=EVENT + 4 * HOUR, pauses=[pause]) == 68 * HOUR
    assert remaining(ends, now=EVENT + 80 * HOUR, pauses=[pause]) == -4 * HOUR
    assert remaining(due(THREE_DAYS, {}, zone=PARIS), now=EVENT) is None


def test_now_must_be_aware() -> None:
    with pytest.raises(ValueError, match="aware"):
        state(THREE_DAYS, EVENT.replace(tzinfo=None))
