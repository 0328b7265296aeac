from __future__ import annotations

import datetime as dt
import random
from zoneinfo import ZoneInfo

import pytest
from tests.engines.clocks.walking import QUARTER, Paused, walk

from hygie.engines.clocks.due import due
from hygie.engines.clocks.holidays import HolidayCalendar
from hygie.engines.clocks.pauses import Pause
from hygie.referentials.clock import Clock, Rule, Unit

ZONES = [
    ZoneInfo(name)
    for name in (
        "Europe/Paris",
        "America/Guadeloupe",
        "America/Cayenne",
        "Indian/Reunion",
        "Indian/Mayotte",
        "America/Miquelon",
        "Pacific/Noumea",
        "Pacific/Tahiti",
        "Pacific/Wallis",
        "Pacific/Marquesas",
        # Not French: their clocks change at midnight.
        "America/Havana",
        "America/Sao_Paulo",
    )
]
MOST = {Unit.HOURS: 96, Unit.DAYS: 40, Unit.WORKING_DAYS: 25, Unit.MONTHS: 6, Unit.YEARS: 2}
FIRST = dt.datetime(2015, 1, 1, tzinfo=dt.UTC)
QUARTERS = 20 * 365 * 24 * 4


def random_clock(dice: random.Random) -> Clock:
    rule = dice.choice(list(Rule))
    unit = dice.choice([*MOST, Unit.CALENDAR_DAY, Unit.MONTHS, Unit.DAYS])
    if unit is Unit.CALENDAR_DAY:
        day = dt.date(2024, 1, 1) + dt.timedelta(days=dice.randrange(366))
        return Clock("event", unit, dice.choice((1, 1, 2)), rule, month=day.month, day=day.day)
    return Clock("event", unit, dice.randint(1, MOST[unit]), rule, pauses=("stop",))


def random_event(dice: random.Random) -> dt.datetime:
    event = FIRST + QUARTER * dice.randrange(QUARTERS)
    near = dice.random()
    if near < 0.2:  # around a change of clocks in Europe or Miquelon
        month, first = dice.choice(((3, 7), (3, 25), (10, 25), (11, 1)))
        event = event.replace(month=month, day=first + dice.randrange(7))
    elif near < 0.5:  # around the end of a month
        event = event.replace(day=1) + QUARTER * dice.randint(-4 * 96, 96)
    return event


def random_pauses(dice: random.Random, event: dt.datetime) -> list[Pause]:
    pauses = []
    for _ in range(dice.choice((0, 0, 0, 1, 1, 2, 3))):
        start = event + QUARTER * dice.randint(-3 * 96, 40 * 96)
        end = start + QUARTER * dice.choice((1, 30, 96, 200, 1000))
        pauses.append(Pause("stop", start, None if dice.random() < 0.1 else end))
    return pauses


def check(seed: int, cases: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - cases that can be drawn again
    holidays = HolidayCalendar()
    for number in range(cases):
        clock, event, zone = random_clock(dice), random_event(dice), dice.choice(ZONES)
        pauses = random_pauses(dice, event)
        found = due(clock, {"event": event}, zone=zone, holidays=holidays, pauses=pauses)
        suspending = [(one.start, one.end) for one in pauses] if clock.pauses else []
        expected = walk(clock, event, zone, Paused(suspending))
        assert found.at == expected, (seed, number, clock, event, zone, pauses)


def test_the_clock_agrees_with_a_slow_walk_of_the_calendar() -> None:
    check(seed=0, cases=2_500)


@pytest.mark.timeout(1_200)
@pytest.mark.parametrize(
    "seed",
    [pytest.param(1, marks=pytest.mark.slow)]
    + [pytest.param(seed, marks=pytest.mark.exhaustive) for seed in range(2, 9)],
)
def test_the_clock_agrees_with_a_slow_walk_on_a_million_cases(seed: int) -> None:
    check(seed=seed, cases=125_000)
