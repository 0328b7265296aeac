from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygie.engines.clocks.civil import ClockError
from hygie.engines.clocks.due import due, is_working_day, zone_of_clock
from hygie.engines.clocks.holidays import HolidayCalendar, holidays_of
from hygie.engines.clocks.pauses import Pause
from hygie.referentials.clock import Clock, Rule, Unit, ZoneRule

PARIS = ZoneInfo("Europe/Paris")
REUNION = ZoneInfo("Indian/Reunion")
FRANCE = HolidayCalendar()
MINUTE = dt.timedelta(minutes=1)


def clock(amount: int, unit: Unit, rule: Rule = Rule.PLAIN, zone: str = "establishment") -> Clock:
    return Clock("event", unit, amount, rule, ZoneRule(zone), pauses=("stop",))


def at(text: str, zone: dt.tzinfo = PARIS) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=zone)


def ends(
    clock: Clock, event: dt.datetime | dt.date, *pauses: Pause, zone: dt.tzinfo = PARIS
) -> str:
    """Return the due time on the wall, as a person would read it."""
    found = due(clock, {"event": event}, zone=zone, holidays=FRANCE, pauses=pauses)
    assert found.at is not None
    assert found.at.tzinfo is dt.UTC
    return f"{found.at.astimezone(found.zone):%Y-%m-%d %H:%M:%S}"


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        pytest.param("2026-05-01T14:05:09", "2026-05-04 14:05:09", id="over a week-end"),
        # The night of 28 to 29 March 2026 has 23 hours, that of 24 to 25 October 25.
        pytest.param("2026-03-27T10:00:00", "2026-03-30 11:00:00", id="summer time begins"),
        pytest.param("2026-10-23T10:00:00", "2026-10-26 09:00:00", id="summer time ends"),
        pytest.param("2024-02-27T00:00:00", "2024-03-01 00:00:00", id="leap year"),
    ],
)
def test_seventy_two_hours_elapse_day_and_night(event: str, expected: str) -> None:
    assert ends(clock(72, Unit.HOURS, Rule.EU_1182_71), at(event)) == expected


def test_an_hour_that_happens_twice_is_two_hours() -> None:
    first = at("2026-10-25T02:30:00").replace(fold=0)
    second = at("2026-10-25T02:30:00").replace(fold=1)

    assert ends(clock(24, Unit.HOURS), first) == "2026-10-26 01:30:00"
    assert ends(clock(24, Unit.HOURS), second) == "2026-10-26 02:30:00"


def test_a_fraction_of_a_second_is_dropped() -> None:
    assert ends(clock(1, Unit.HOURS), at("2026-05-01T14:05:09.999")) == "2026-05-01 15:05:09"


def test_the_hour_begun_is_tolerated_and_told_apart() -> None:
    found = due(
        clock(72, Unit.HOURS, Rule.EU_1182_71), {"event": at("2026-05-04T10:20:00")}, zone=PARIS
    )

    assert found.at == at("2026-05-07T10:20:00")
    assert found.tolerated_until == at("2026-05-07T11:00:00")


@pytest.mark.parametrize(
    ("event", "amount", "unit", "expected"),
    [
        ("2026-01-31T10:00:00", 1, Unit.MONTHS, "2026-02-28 23:59:59"),
        ("2024-01-31T10:00:00", 1, Unit.MONTHS, "2024-02-29 23:59:59"),
        ("2026-11-30T23:59:59", 3, Unit.MONTHS, "2027-02-28 23:59:59"),
        ("2024-02-29T00:00:00", 1, Unit.YEARS, "2025-02-28 23:59:59"),
        ("2024-02-29T00:00:00", 4, Unit.YEARS, "2028-02-29 23:59:59"),
        ("2026-12-31T23:59:59", 1, Unit.DAYS, "2027-01-01 23:59:59"),
        ("2026-12-31T23:59:59", 1, Unit.WORKING_DAYS, "2027-01-04 23:59:59"),
        ("2026-04-30T08:00:00", 2, Unit.WORKING_DAYS, "2026-05-05 23:59:59"),
    ],
)
def test_days_and_months_end_with_the_last_second_of_a_day(
    event: str, amount: int, unit: Unit, expected: str
) -> None:
    assert ends(clock(amount, unit), at(event)) == expected


def test_a_day_that_begins_one_second_later_ends_a_day_later() -> None:
    evening = at("2026-06-01T23:59:59")

    assert ends(clock(3, Unit.DAYS), evening) == "2026-06-04 23:59:59"
    assert ends(clock(3, Unit.DAYS), evening + dt.timedelta(seconds=1)) == "2026-06-05 23:59:59"


@pytest.mark.parametrize(
    ("event", "amount", "unit", "rule", "expected"),
    [
        # 31 January + 1 month = Saturday 28 February 2026.
        ("2026-01-31", 1, Unit.MONTHS, Rule.PLAIN, "2026-02-28 23:59:59"),
        ("2026-01-31", 1, Unit.MONTHS, Rule.CPC_642, "2026-03-02 23:59:59"),
        ("2026-01-31", 1, Unit.MONTHS, Rule.EU_1182_71, "2026-03-02 23:59:59"),
        # 3 April + 3 days = Easter Monday 6 April 2026.
        ("2026-04-03", 3, Unit.DAYS, Rule.CPC_642, "2026-04-07 23:59:59"),
        # Friday + 2 days = Sunday, moved to Monday: one working day only, hence Tuesday.
        ("2026-06-05", 2, Unit.DAYS, Rule.CPC_642, "2026-06-08 23:59:59"),
        ("2026-06-05", 2, Unit.DAYS, Rule.EU_1182_71, "2026-06-09 23:59:59"),
        # Friday 1 May is a holiday: one day from Thursday ends on Monday, no second day needed.
        ("2026-04-30", 1, Unit.DAYS, Rule.EU_1182_71, "2026-05-04 23:59:59"),
    ],
)
def test_each_rule_treats_a_last_day_of_rest_its_way(
    event: str, amount: int, unit: Unit, rule: Rule, expected: str
) -> None:
    assert ends(clock(amount, unit, rule), dt.date.fromisoformat(event)) == expected


def test_a_local_holiday_moves_the_end_only_there() -> None:
    month = clock(1, Unit.MONTHS, Rule.EU_1182_71)
    event = {"event": dt.date(2026, 11, 26)}  # to Saturday 26 December 2026

    strasbourg = due(month, event, zone=PARIS, holidays=holidays_of("67"))
    saint_denis = due(
        month, {"event": dt.date(2027, 11, 20)}, zone=REUNION, holidays=holidays_of("974")
    )

    assert strasbourg.at == at("2026-12-28T23:59:59")
    assert saint_denis.at == at("2027-12-21T23:59:59", REUNION)


def test_days_are_those_of_the_establishment_unless_its_clock_says_paris() -> None:
    event = at("2026-06-01T23:30:00", REUNION)  # 21:30 in Paris
    late_event = at("2026-06-02T00:30:00", REUNION)  # still 1 June in Paris

    assert ends(clock(1, Unit.DAYS), event, zone=REUNION) == "2026-06-02 23:59:59"
    assert (
        ends(clock(1, Unit.DAYS, zone="paris"), late_event, zone=REUNION) == "2026-06-02 23:59:59"
    )
    assert zone_of_clock(clock(1, Unit.DAYS, zone="utc"), REUNION) is dt.UTC


def test_a_fixed_day_is_the_next_one_and_29_february_always_exists() -> None:
    march = Clock("event", Unit.CALENDAR_DAY, 1, month=3, day=31)
    leap = Clock("event", Unit.CALENDAR_DAY, 1, month=2, day=29)

    assert ends(march, dt.date(2026, 3, 30)) == "2026-03-31 23:59:59"
    assert ends(march, dt.date(2026, 3, 31)) == "2027-03-31 23:59:59"
    assert ends(leap, dt.date(2026, 1, 1)) == "2026-02-28 23:59:59"
    assert ends(leap, dt.date(2027, 3, 1)) == "2028-02-29 23:59:59"


def test_nothing_is_due_before_the_event_and_at_once_without_delay() -> None:
    event = at("2026-05-01T14:05:09")

    assert due(clock(1, Unit.DAYS), {}, zone=PARIS).at is None
    assert due(clock(1, Unit.DAYS), {"event": None}, zone=PARIS).anchor_at is None
    assert due(Clock("event", Unit.WITHOUT_DELAY), {"event": event}, zone=PARIS).at == event


def test_a_date_without_hour_begins_hours_at_midnight() -> None:
    assert ends(clock(24, Unit.HOURS), dt.date(2026, 3, 29)) == "2026-03-30 01:00:00"


@pytest.mark.parametrize(
    ("amount", "unit", "start", "end", "expected"),
    [
        (24, Unit.HOURS, "2026-06-01T12:00", "2026-06-01T18:00", "2026-06-02 16:00:00"),
        # Ends at the very second a pause begins: in time before it.
        (24, Unit.HOURS, "2026-06-02T10:00", "2026-06-03T10:00", "2026-06-02 10:00:00"),
        # The event falls in a pause: hours run from its end.
        (24, Unit.HOURS, "2026-06-01T08:00", "2026-06-01T11:00", "2026-06-02 11:00:00"),
        # Five minutes at noon lose no day; noon to noon loses the day whose end is paused.
        (3, Unit.DAYS, "2026-06-02T12:00", "2026-06-02T12:05", "2026-06-04 23:59:59"),
        (3, Unit.DAYS, "2026-06-02T12:00", "2026-06-05T12:00", "2026-06-07 23:59:59"),
        (1, Unit.MONTHS, "2026-06-10T00:00", "2026-06-15T00:00", "2026-07-06 23:59:59"),
        (2, Unit.WORKING_DAYS, "2026-06-02T00:00", "2026-06-03T00:00", "2026-06-04 23:59:59"),
        (1, Unit.DAYS, "2026-07-01T00:00", "2026-07-02T00:00", "2026-06-02 23:59:59"),
    ],
)
def test_a_pause_gives_back_what_it_took(
    amount: int, unit: Unit, start: str, end: str, expected: str
) -> None:
    pause = Pause("stop", at(start), at(end))

    assert ends(clock(amount, unit), at("2026-06-01T10:00:00"), pause) == expected


def test_pauses_that_overlap_or_are_of_another_kind_count_once_or_not() -> None:
    whole = Pause("stop", at("2026-06-01T12:00"), at("2026-06-01T18:00"))
    part = Pause("stop", at("2026-06-01T13:00"), at("2026-06-01T14:00"))
    other = Pause("strike", at("2026-06-01T12:00"), at("2026-06-09T18:00"))

    assert (
        ends(clock(24, Unit.HOURS), at("2026-06-01T10:00"), part, other, whole)
        == "2026-06-02 16:00:00"
    )


@pytest.mark.parametrize("unit", [Unit.HOURS, Unit.DAYS, Unit.WORKING_DAYS, Unit.MONTHS])
def test_an_open_pause_hides_the_end(unit: Unit) -> None:
    event = at("2026-06-01T10:00")
    found = due(
        clock(1, unit), {"event": event}, zone=PARIS, pauses=[Pause("stop", event + MINUTE)]
    )

    assert (found.at, found.anchor_at) == (None, event)


def test_an_open_pause_hides_the_working_day_to_which_an_end_would_move() -> None:
    saturday = clock(1, Unit.DAYS, Rule.EU_1182_71)
    found = due(
        saturday,
        {"event": at("2026-06-05T10:00")},
        zone=PARIS,
        pauses=[Pause("stop", at("2026-06-07T10:00"))],
    )

    assert found.at is None


def test_impossible_times_are_refused() -> None:
    event = at("2026-06-01T10:00")
    backwards = Pause("stop", event, event - MINUTE)

    with pytest.raises(ValueError, match="aware"):
        due(clock(1, Unit.HOURS), {"event": event.replace(tzinfo=None)}, zone=PARIS)
    with pytest.raises(ValueError, match="ends before"):
        due(clock(1, Unit.HOURS), {"event": event}, zone=PARIS, pauses=[backwards])
    with pytest.raises(ClockError, match="année 1900"):
        due(clock(1, Unit.DAYS), {"event": dt.date(1900, 1, 1)}, zone=PARIS)


def test_a_calendar_without_working_day_is_refused() -> None:
    class Always:
        def __contains__(self, day: object) -> bool:
            return True

    with pytest.raises(ValueError, match="ten years"):
        due(
            clock(1, Unit.WORKING_DAYS),
            {"event": dt.date(2026, 1, 1)},
            zone=PARIS,
            holidays=Always(),
        )


def test_a_working_day_is_neither_week_end_nor_holiday() -> None:
    days = [dt.date(2026, 5, n) for n in (1, 2, 3, 4)]

    assert [is_working_day(day, FRANCE) for day in days] == [False, False, False, True]


MOMENTS = st.integers(0, 800_000_000).map(
    lambda seconds: dt.datetime(2015, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=seconds)
)
CLOCKS = st.builds(
    clock,
    st.integers(1, 40),
    st.sampled_from([Unit.HOURS, Unit.DAYS, Unit.WORKING_DAYS, Unit.MONTHS, Unit.YEARS]),
    st.sampled_from(list(Rule)),
)
ZONES = st.sampled_from(
    [PARIS, REUNION, ZoneInfo("America/Miquelon"), ZoneInfo("Pacific/Marquesas")]
)
PAUSES = st.lists(
    st.builds(
        lambda start, hours: Pause("stop", start, start + dt.timedelta(hours=hours)),
        MOMENTS,
        st.integers(0, 5_000),
    ),
    max_size=4,
)


@settings(max_examples=60, deadline=None)
@given(CLOCKS, MOMENTS, st.integers(0, 10_000_000), ZONES)
def test_a_later_event_is_never_due_earlier(
    period: Clock, event: dt.datetime, later_s: int, zone: ZoneInfo
) -> None:
    later = event + dt.timedelta(seconds=later_s)

    assert (
        due(period, {"event": event}, zone=zone, holidays=FRANCE).at
        <= due(period, {"event": later}, zone=zone, holidays=FRANCE).at
    )


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([Unit.HOURS, Unit.DAYS, Unit.WORKING_DAYS]),
    st.integers(1, 40),
    MOMENTS,
    st.integers(0, 10_000_000),
    PAUSES,
)
def test_a_later_event_is_never_due_earlier_whatever_the_pauses(
    unit: Unit, amount: int, event: dt.datetime, later_s: int, pauses: list[Pause]
) -> None:
    period, later = clock(amount, unit), event + dt.timedelta(seconds=later_s)

    assert (
        due(period, {"event": event}, zone=PARIS, holidays=FRANCE, pauses=pauses).at
        <= due(period, {"event": later}, zone=PARIS, holidays=FRANCE, pauses=pauses).at
    )


@settings(max_examples=60, deadline=None)
@given(CLOCKS, MOMENTS, PAUSES, ZONES)
def test_pauses_never_shorten_and_no_end_falls_in_one(
    period: Clock, event: dt.datetime, pauses: list[Pause], zone: ZoneInfo
) -> None:
    free = due(period, {"event": event}, zone=zone, holidays=FRANCE).at
    paused = due(period, {"event": event}, zone=zone, holidays=FRANCE, pauses=pauses).at

    assert free is not None
    assert paused is not None
    assert event < free <= paused
    assert not any(one.start < paused < one.end for one in pauses if one.end)


@settings(max_examples=60, deadline=None)
@given(CLOCKS, MOMENTS, ZONES)
def test_the_end_never_comes_before_the_prudent_one(
    period: Clock, event: dt.datetime, zone: ZoneInfo
) -> None:
    prudent = Clock("event", period.unit, period.amount)
    found = due(period, {"event": event}, zone=zone, holidays=FRANCE)

    assert due(prudent, {"event": event}, zone=zone, holidays=FRANCE).at <= found.at
    assert found.tolerated_until is None or found.at < found.tolerated_until
