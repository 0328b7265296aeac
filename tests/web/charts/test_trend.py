from __future__ import annotations

import datetime as dt

from hygie.domain.observatory.queries import Reading
from hygie.domain.surveillance.models import GradeGiven
from hygie.web.charts import count_trend, grade_trend

AT = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
ZONE = "Europe/Paris"


def test_a_better_letter_is_drawn_higher_oldest_first() -> None:
    trend = grade_trend([GradeGiven(at=AT, letter="B"), GradeGiven(at=AT - DAY, letter="F")], ZONE)

    assert trend is not None
    assert [dot.label for dot in trend.dots] == ["F", "B"]
    assert trend.last.y < trend.first.y
    assert trend.path.startswith("M40.0 ")


def test_one_value_is_no_trend() -> None:
    assert grade_trend([GradeGiven(at=AT, letter="B")], ZONE) is None
    assert count_trend([Reading(AT, 3)], ZONE) is None


def test_a_round_that_saw_nothing_is_left_out_of_the_line() -> None:
    grades = [GradeGiven(at=AT, letter="B"), GradeGiven(at=AT - DAY, letter="")]

    assert grade_trend(grades, ZONE) is None


def test_a_count_of_zero_lies_on_the_base_line() -> None:
    trend = count_trend([Reading(AT - DAY, 4), Reading(AT, 0)], ZONE)

    assert trend is not None
    assert trend.last.y == trend.ticks[-1].y
    assert trend.first.y == trend.ticks[0].y


def test_nothing_but_zeros_does_not_divide_by_zero() -> None:
    assert count_trend([Reading(AT - DAY, 0), Reading(AT, 0)], ZONE) is not None
