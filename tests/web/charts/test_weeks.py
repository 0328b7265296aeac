from __future__ import annotations

import datetime as dt

from hygie.web.charts.weeks import weekly

MONDAY = dt.date(2026, 11, 16)


def test_a_week_without_any_has_its_place_and_no_column() -> None:
    drawn = weekly([(MONDAY - dt.timedelta(weeks=1), 0), (MONDAY, 4)])

    assert drawn is not None
    first, second = drawn.columns
    assert (first.height, second.height, second.y) == (0, 100, 20)
    assert (drawn.most, drawn.total) == (4, 4)
    assert first.x < second.x


def test_nothing_is_drawn_of_nothing() -> None:
    assert weekly([(MONDAY, 0)]) is None
