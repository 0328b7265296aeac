"""How long "not affected because" may hold, and when a second person must agree."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from hygie.referentials.reading import as_of, load_folder

if TYPE_CHECKING:
    import datetime as dt

DOCUMENT: Final = "hygie.declarations"
_YEARS_MAX_DAYS: Final = 3660


@dataclass(frozen=True, slots=True)
class DeclaringPolicy:
    """The policy in force.

    Attributes:
        version: of the document.
        max_days, max_days_serious: longest duration, in days.
        approver_when_exploited, approver_when_vital: what makes a case serious.
    """

    version: str
    max_days: int
    max_days_serious: int
    approver_when_exploited: bool
    approver_when_vital: bool

    def is_serious(self, *, exploited: bool, vital: bool) -> bool:
        """Tell whether a second person must approve, and the shorter duration applies."""
        return (exploited and self.approver_when_exploited) or (vital and self.approver_when_vital)

    def longest(self, *, serious: bool) -> int:
        """Return the longest duration, in days."""
        return self.max_days_serious if serious else self.max_days


@cache
def declaring_policy(on: dt.date) -> DeclaringPolicy:
    """Return the policy in force on a day.

    Raises:
        ReferentialError: if the document is wrong.
    """
    document = as_of(load_folder("policies"), DOCUMENT, on=on)
    content = document.content
    return DeclaringPolicy(
        version=f"{document.id} {document.version}",
        max_days=content.integer("max_days", low=1, high=_YEARS_MAX_DAYS),
        max_days_serious=content.integer("max_days_serious", low=1, high=_YEARS_MAX_DAYS),
        approver_when_exploited=content.flag("approver_when_exploited"),
        approver_when_vital=content.flag("approver_when_vital"),
    )
