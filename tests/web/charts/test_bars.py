from __future__ import annotations

from hygie.web.charts import decision_bars


def test_bars_are_long_as_their_count() -> None:
    bars = decision_bars({"findings.act": 4.0, "findings.attend": 2.0})

    assert bars is not None
    assert [(bar.count, bar.length) for bar in bars.bars] == [(4, 400), (2, 200), (0, 0)]


def test_nothing_is_drawn_before_the_first_measure() -> None:
    assert decision_bars({}) is None


def test_a_bar_says_its_decision_and_has_its_own_row() -> None:
    bars = decision_bars({"findings.act": 1.0})

    assert bars is not None
    assert [bar.decision for bar in bars.bars] == ["act", "attend", "track"]
    assert [bar.top for bar in bars.bars] == [0, bars.height // 3, 2 * bars.height // 3]


def test_counts_of_zero_do_not_divide_by_zero() -> None:
    bars = decision_bars({"findings.act": 0.0})

    assert bars is not None
    assert {bar.length for bar in bars.bars} == {0}
