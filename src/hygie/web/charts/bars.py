"""Findings by decision as horizontal bars, one series, labels at the bars."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hygie.domain.findings.models import DecisionChoice
from hygie.domain.observatory.queries import ACT, ATTEND, TRACK

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

_FULL: Final = 400
_STEP: Final = 44
_SERIES: Final = (
    (DecisionChoice.ACT, ACT),
    (DecisionChoice.ATTEND, ATTEND),
    (DecisionChoice.TRACK, TRACK),
)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its place and length in the drawing, in its units."""

    decision: str
    label: str | _StrPromise
    count: int
    top: int
    length: float


@dataclass(frozen=True, slots=True)
class Bars:
    """The whole drawing."""

    bars: tuple[Bar, ...]
    height: int


def decision_bars(measures: Mapping[str, float]) -> Bars | None:
    """Return the bars of a place's measures, None before they were taken."""
    if ACT not in measures:
        return None
    counts = [(choice, int(measures.get(name, 0))) for choice, name in _SERIES]
    most = max(1, *(count for _, count in counts))
    return Bars(
        tuple(
            Bar(choice.value, choice.label, count, rank * _STEP, _FULL * count / most)
            for rank, (choice, count) in enumerate(counts)
        ),
        len(counts) * _STEP,
    )
