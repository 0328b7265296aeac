"""The answer of one check: how it stands, what was seen, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How a check ended; what could not be looked at is never good."""

    GOOD = "good"
    WARNING = "warning"
    BROKEN = "broken"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at.

    Attributes:
        name: stable, for machines: ``database.migrations``.
        title: the same for people, in French.
        status: how it stands.
        detail: what was seen, one line without any secret.
        remedy: what to do, one line; empty only when the status is GOOD.
    """

    name: str
    title: str
    status: Status
    detail: str
    remedy: str = ""

    def __post_init__(self) -> None:
        if self.status is not Status.GOOD and not self.remedy:
            raise ValueError(f"{self.name}: a failure without a remedy helps nobody")
