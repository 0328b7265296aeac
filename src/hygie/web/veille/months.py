"""Advisories by month as vertical bars, one series, each with its count above."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.formats import date_format

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

_HEIGHT: Final = 120
_STEP: Final = 52
_WIDTH: Final = 36


@dataclass(frozen=True, slots=True)
class MonthBar:
    """One month: its place and height in the drawing, and its words."""

    label: str
    long_label: str
    count: int
    left: int
    top: float
    height: float
    middle: int


@dataclass(frozen=True, slots=True)
class MonthBars:
    """The whole drawing."""

    bars: tuple[MonthBar, ...]
    width: int
    bar_width: int = _WIDTH


def month_bars(counts: Sequence[tuple[dt.date, int]]) -> MonthBars | None:
    """Return the drawing, None when there is nothing to draw."""
    most = max((count for _, count in counts), default=0)
    if not most:
        return None
    bars = []
    for at, (month, count) in enumerate(counts):
        height = _HEIGHT * count / most
        left = at * _STEP + 8
        bars.append(
            MonthBar(
                label=date_format(month, "M"),
                long_label=date_format(month, "F Y"),
                count=count,
                left=left,
                top=24 + _HEIGHT - height,
                height=height,
                middle=left + _WIDTH // 2,
            )
        )
    return MonthBars(tuple(bars), len(bars) * _STEP + 8)
