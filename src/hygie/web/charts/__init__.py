"""Charts drawn by the server as SVG; each carries the rows of the table under it."""

from __future__ import annotations

from hygie.web.charts.bars import Bars, decision_bars
from hygie.web.charts.trend import Trend, count_trend, grade_trend

__all__ = ["Bars", "Trend", "count_trend", "decision_bars", "grade_trend"]
