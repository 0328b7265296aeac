"""Times on the wall and of processor: a busy machine stretches the first."""

from __future__ import annotations

import os
import statistics
import time
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_Result = TypeVar("_Result")


class Times(NamedTuple):
    """Seconds on the clock and of processor, children included."""

    clock_s: float
    work_s: float

    def __str__(self) -> str:
        if self.clock_s >= 10:  # noqa: PLR2004 - where milliseconds stop meaning anything
            return f"{self.clock_s:.1f} s ({self.work_s:.1f} s of processor)"
        return f"{1000 * self.clock_s:.1f} ms ({1000 * self.work_s:.1f} ms of processor)"


def once(action: Callable[[], _Result]) -> tuple[_Result, Times]:
    """Run an action and return its result and its times."""
    started, before = time.perf_counter(), _worked()
    result = action()
    return result, Times(time.perf_counter() - started, _worked() - before)


def repeated(action: Callable[[], object], repeats: int) -> Times:
    """Return the median times of an action."""
    times = [once(action)[1] for _ in range(repeats)]
    return Times(*(statistics.median(values) for values in zip(*times, strict=True)))


def _worked() -> float:
    children = os.times()
    return time.process_time() + children.children_user + children.children_system
