"""One value over time as a line, with its first and last values written beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hygie.web.moments import moment

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from hygie.domain.observatory.queries import Reading
    from hygie.domain.surveillance.models import GradeGiven

_LEFT: Final = 40
_RIGHT: Final = 560
_TOP: Final = 16
_BOTTOM: Final = 176
_LETTERS: Final = "ABCDEF"


@dataclass(frozen=True, slots=True)
class Dot:
    """One value: where it is drawn, what it says and when."""

    x: float
    y: float
    label: str
    when: str


@dataclass(frozen=True, slots=True)
class Tick:
    """One line of the scale."""

    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Trend:
    """The whole drawing, oldest value first; ``path`` is the line's SVG path."""

    dots: tuple[Dot, ...]
    ticks: tuple[Tick, ...]
    path: str

    @property
    def first(self) -> Dot:
        """The oldest value."""
        return self.dots[0]

    @property
    def last(self) -> Dot:
        """The newest value."""
        return self.dots[-1]


def grade_trend(grades: Sequence[GradeGiven], zone: str) -> Trend | None:
    """Return the letters over time (``grades`` newest first), None under two values."""
    known = [grade for grade in reversed(grades) if grade.letter]
    heights = {letter: _between(rank / 5) for rank, letter in enumerate(_LETTERS)}
    ticks = tuple(Tick(heights[letter], letter) for letter in _LETTERS)
    values = [(grade.at, heights[grade.letter], grade.letter) for grade in known]
    return _trend(values, ticks, zone)


def count_trend(readings: Sequence[Reading], zone: str) -> Trend | None:
    """Return a count over time (oldest first), None under two values."""
    most = max((reading.value for reading in readings), default=0) or 1
    ticks = (Tick(_between(0), f"{most:.0f}"), Tick(_between(1), "0"))
    values = [
        (reading.at, _between(1 - reading.value / most), f"{reading.value:.0f}")
        for reading in readings
    ]
    return _trend(values, ticks, zone)


def _trend(
    values: Sequence[tuple[dt.datetime, float, str]], ticks: tuple[Tick, ...], zone: str
) -> Trend | None:
    if len(values) < 2:  # noqa: PLR2004 - one value is no trend
        return None
    begin, end = values[0][0], values[-1][0]
    span = (end - begin).total_seconds() or 1
    dots = tuple(
        Dot(
            _LEFT + (_RIGHT - _LEFT) * (at - begin).total_seconds() / span,
            y,
            label,
            moment(at, zone),
        )
        for at, y, label in values
    )
    path = "M" + " L".join(f"{dot.x:.1f} {dot.y:.1f}" for dot in dots)
    return Trend(dots, ticks, path)


def _between(share: float) -> float:
    return _TOP + (_BOTTOM - _TOP) * share
