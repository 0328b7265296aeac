from __future__ import annotations

import datetime as dt

from hygie.web.veille.months import month_bars

JANUARY, FEBRUARY = dt.date(2026, 1, 1), dt.date(2026, 2, 1)


def test_the_highest_bar_fills_the_drawing_and_the_others_are_in_proportion() -> None:
    drawn = month_bars([(JANUARY, 10), (FEBRUARY, 5)])

    assert drawn is not None
    assert [bar.count for bar in drawn.bars] == [10, 5]
    assert drawn.bars[0].height == 2 * drawn.bars[1].height
    assert drawn.bars[0].top + drawn.bars[0].height == drawn.bars[1].top + drawn.bars[1].height
    assert drawn.bars[-1].left + drawn.bar_width <= drawn.width


def test_nothing_is_not_drawn() -> None:
    assert month_bars([(JANUARY, 0)]) is None
    assert month_bars([]) is None
