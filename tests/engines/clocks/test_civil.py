from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygie.engines.clocks.civil import (
    add_months,
    day_in,
    first_instant,
    last_instant,
    local_day,
    whole_second,
)


def test_months_end_where_the_shorter_one_does() -> None:
    assert add_months(dt.date(2026, 1, 31), 1) == dt.date(2026, 2, 28)
    assert add_months(dt.date(2023, 11, 30), 3) == dt.date(2024, 2, 29)
    assert add_months(dt.date(2026, 12, 31), 1) == dt.date(2027, 1, 31)
    assert day_in(2027, 2, 29) == dt.date(2027, 2, 28)


@pytest.mark.parametrize(
    ("zone", "day", "first", "last"),
    [
        pytest.param("Europe/Paris", "2026-03-29", "28T23:00:00", "29T21:59:59", id="23 hours"),
        pytest.param("Europe/Paris", "2026-10-25", "24T22:00:00", "25T22:59:59", id="25 hours"),
        pytest.param("America/Miquelon", "2026-03-08", "08T03:00:00", "09T01:59:59", id="west"),
        # Midnight itself was skipped in São Paulo and comes twice in Havana.
        pytest.param("America/Sao_Paulo", "2017-10-15", "15T03:00:00", "16T01:59:59", id="gap"),
        pytest.param("America/Havana", "2026-11-01", "01T04:00:00", "02T04:59:59", id="overlap"),
        # Samoa left out 30 December 2011 altogether.
        pytest.param("Pacific/Apia", "2011-12-29", "29T10:00:00", "30T09:59:59", id="skipped day"),
    ],
)
def test_a_day_begins_and_ends_on_the_wall(zone: str, day: str, first: str, last: str) -> None:
    place, date = ZoneInfo(zone), dt.date.fromisoformat(day)

    assert f"{first_instant(date, place):%dT%H:%M:%S}" == first
    assert f"{last_instant(date, place):%dT%H:%M:%S}" == last


@settings(max_examples=100, deadline=None)
@given(
    st.dates(dt.date(1980, 1, 1), dt.date(2100, 1, 1)),
    st.sampled_from(["Europe/Paris", "America/Havana", "America/Sao_Paulo", "Pacific/Marquesas"]),
)
def test_one_second_around_a_day_lies_outside_it(day: dt.date, name: str) -> None:
    zone, second = ZoneInfo(name), dt.timedelta(seconds=1)

    assert local_day(first_instant(day, zone), zone) == day
    assert local_day(first_instant(day, zone) - second, zone) < day
    assert local_day(last_instant(day, zone), zone) == day
    assert local_day(last_instant(day, zone) + second, zone) > day


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        whole_second(dt.datetime(2026, 1, 1))  # noqa: DTZ001 - naive on purpose
