"""The ANSSI's control points of Active Directory, and the level that open ones leave.

Data: ``control_points.yaml``. Level 1 is the worst; 5 means that no point is open.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import yaml

from hygie.engines.exchange.scans.report import Directory
from hygie.vocabulary.enums import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

BEST: Final = 5

SEVERITIES: Final = {
    1: Severity.CRITICAL,
    2: Severity.MAJOR,
    3: Severity.MODERATE,
    4: Severity.MINOR,
}
"""Level at which a point is open -> how bad; levels 1 and 2 are « à corriger sans attendre »."""


@dataclass(frozen=True, slots=True)
class Point:
    """A control point: its title, and the levels at which it can be open."""

    title: str
    levels: tuple[int, ...]


@cache
def control_points() -> Mapping[str, Point]:
    """Return the points by identifier."""
    text = Path(__file__).with_name("control_points.yaml").read_text(encoding="utf-8")
    return {
        identifier: Point(row["title"], tuple(row["levels"]))
        for identifier, row in yaml.safe_load(text)["points"].items()
    }


def directory_of(domain: str, points: Iterable[tuple[str, int]], *, unplaced: int) -> Directory:
    """Return a directory with its level: the lowest that has an open point, 5 when none has."""
    found = tuple(sorted(set(points)))
    level = min((level for _, level in found), default=BEST)
    return Directory(domain=domain, level=level, open_points=found, unplaced=unplaced)
