from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygie.engines.deciding.deadlines import due_at
from hygie.engines.deciding.decision import OutcomeRung, decision_policy

POLICY = decision_policy(on=dt.date(2026, 11, 24))
PARIS = ZoneInfo("Europe/Paris")
REUNION = ZoneInfo("Indian/Reunion")


def rung(outcome_id: str) -> OutcomeRung:
    return POLICY.outcome(outcome_id)


def due(outcome_id: str, now: str, tz: ZoneInfo = PARIS, holidays: tuple[str, ...] = ()) -> str:
    moment = dt.datetime.fromisoformat(now)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=tz)
    closed = frozenset(dt.date.fromisoformat(day) for day in holidays)
    result = due_at(rung(outcome_id), POLICY.working_time, now=moment, tz=tz, holidays=closed)
    assert result.tzinfo is dt.UTC
    return f"{result.astimezone(tz):%a %Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("outcome_id", "now", "expected"),
    [
        pytest.param("act-4d", "2026-11-23T09:00", "Fri 2026-11-27 18:00", id="Monday to Friday"),
        pytest.param("act-4d", "2026-11-25T09:00", "Fri 2026-11-27 18:00", id="Sunday is too late"),
        pytest.param("act-4d", "2026-11-26T09:00", "Mon 2026-11-30 18:00", id="over a week-end"),
        pytest.param("act-7d", "2026-11-28T03:00", "Fri 2026-12-04 18:00", id="Saturday at 3"),
        pytest.param("act-48h", "2026-11-28T03:00", "Mon 2026-11-30 03:00", id="hours never rest"),
        pytest.param("act-24h", "2026-03-28T12:00", "Sun 2026-03-29 13:00", id="spring: 24 h pass"),
        pytest.param("act-24h", "2026-10-24T12:00", "Sun 2026-10-25 11:00", id="autumn: 24 h pass"),
        pytest.param("act-4d", "2026-03-26T12:00", "Mon 2026-03-30 18:00", id="spring: 18 h stays"),
        pytest.param("act-4d", "2026-10-22T12:00", "Mon 2026-10-26 18:00", id="autumn: 18 h stays"),
        pytest.param("attend-30d", "2028-01-31T09:00", "Wed 2028-03-01 18:00", id="leap year"),
    ],
)
def test_a_deadline_falls_where_a_person_can_meet_it(
    outcome_id: str, now: str, expected: str
) -> None:
    assert due(outcome_id, now) == expected


def test_a_holiday_brings_the_deadline_forward() -> None:
    assert due("act-4d", "2026-07-10T09:00", holidays=("2026-07-14",)) == "Mon 2026-07-13 18:00"


def test_a_holiday_that_leaves_too_little_time_pushes_it_back() -> None:
    closed = ("2026-12-25", "2026-12-28")

    assert due("act-4d", "2026-12-24T12:00", holidays=closed) == "Tue 2026-12-29 18:00"


def test_hours_close_in_the_zone_of_the_establishment() -> None:
    evening = "2026-11-23T22:00+00:00"  # Tuesday 2 a.m. in Saint-Denis

    assert due("act-7d", evening, REUNION) == "Tue 2026-12-01 18:00"
    assert due("act-7d", evening, PARIS) == "Mon 2026-11-30 18:00"


def test_two_months_without_a_working_day_leave_the_notice() -> None:
    closed = tuple(str(dt.date(2026, 11, 1) + dt.timedelta(days=day)) for day in range(200))

    assert due("act-4d", "2026-11-23T09:00", holidays=closed) == "Wed 2026-11-25 09:00"


def test_a_time_without_zone_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="aware"):
        due_at(
            rung("act-7d"),
            POLICY.working_time,
            now=dt.datetime(2026, 1, 1),  # noqa: DTZ001 - the mistake itself
            tz=PARIS,
        )


MOMENTS = st.datetimes(
    min_value=dt.datetime(2026, 1, 1),  # noqa: DTZ001 - Hypothesis adds the zone
    max_value=dt.datetime(2030, 1, 1),  # noqa: DTZ001 - Hypothesis adds the zone
    timezones=st.just(dt.UTC),
)
ZONES = st.sampled_from([PARIS, REUNION, ZoneInfo("Pacific/Noumea"), ZoneInfo("America/Miquelon")])
HOLIDAYS = st.frozensets(st.dates(dt.date(2026, 1, 1), dt.date(2030, 6, 1)), max_size=20)


@given(MOMENTS, ZONES, HOLIDAYS)
def test_a_more_urgent_outcome_is_never_due_later(
    now: dt.datetime, tz: ZoneInfo, holidays: frozenset[dt.date]
) -> None:
    dates = [
        due_at(outcome, POLICY.working_time, now=now, tz=tz, holidays=holidays)
        for outcome in POLICY.outcomes
    ]

    assert dates == sorted(dates)
    assert all(date > now for date in dates)


@given(MOMENTS, ZONES, st.sampled_from([rung for rung in POLICY.outcomes if rung.unit == "days"]))
def test_days_end_at_the_close_of_a_working_day(
    now: dt.datetime, tz: ZoneInfo, outcome: OutcomeRung
) -> None:
    local = due_at(outcome, POLICY.working_time, now=now, tz=tz).astimezone(tz)

    assert (local.hour, local.minute) == (18, 0)
    assert local.isoweekday() <= 5
    days = (local.date() - now.astimezone(tz).date()).days
    notice = dt.timedelta(hours=POLICY.working_time.notice_hours)
    assert days <= outcome.amount or local - now <= notice + dt.timedelta(days=3)
