"""The score of each theme as bars, drawn by the server, with the values written beside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from hygie.web.territory.grading import GradeWords

_LEFT: Final = 190
_WIDTH: Final = 380
_STEP: Final = 32
_TOP: Final = 8


@dataclass(frozen=True, slots=True)
class ThemeBar:
    """One theme: where its bar is drawn; ``score`` is None when nothing answered."""

    title: str
    letter: str
    score: int | None
    y: int
    width: float

    @property
    def text_y(self) -> int:
        """Where its words stand."""
        return self.y + 15

    @property
    def after(self) -> float:
        """Where the value is written, after the bar."""
        return _LEFT + self.width + 8


def theme_bars(grade: GradeWords) -> tuple[ThemeBar, ...]:
    """Return one bar a theme, the weakest first: it is the one that decides."""
    known = sorted(grade.themes, key=lambda one: (one.score is None, one.score or 0, one.title))
    return tuple(
        ThemeBar(
            one.title, one.letter, one.score, _TOP + at * _STEP, _WIDTH * (one.score or 0) / 100
        )
        for at, one in enumerate(known)
    )
