"""A count a week as columns, zero weeks shown, with the highest written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hygie.web.moments import day

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

_WIDTH: Final = 640.0
_TALL: Final = 120.0
_GAP: Final = 4.0


@dataclass(frozen=True, slots=True)
class Column:
    """One week: where its column stands and what it says."""

    x: float
    y: float
    width: float
    height: float
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Weeks:
    """The whole drawing, oldest week first."""

    columns: tuple[Column, ...]
    most: int
    total: int


def weekly(counts: Sequence[tuple[dt.date, int]]) -> Weeks | None:
    """Return the drawing, None when there is nothing to draw."""
    if not any(count for _, count in counts):
        return None
    most = max(count for _, count in counts)
    step = _WIDTH / len(counts)
    columns = tuple(
        Column(
            x=at * step,
            y=_TALL - count / most * (_TALL - 20),
            width=step - _GAP,
            height=count / most * (_TALL - 20),
            label=day(monday),
            count=count,
        )
        for at, (monday, count) in enumerate(counts)
    )
    return Weeks(columns, most, sum(count for _, count in counts))
