"""Pages of a list, with a bounded count: the millionth row is found by a filter, not by paging."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

if TYPE_CHECKING:
    from django.db.models import QuerySet

T = TypeVar("T")

COUNTED_AT_MOST: Final = 10_000
"""Beyond, a page says "more than"."""

SIZE: Final = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list.

    Attributes:
        rows: at most ``size`` rows.
        number: from 1.
        total: rows of the whole list, at most COUNTED_AT_MOST.
        more: whether the list is longer than ``total``.
        size: rows a page.
    """

    rows: list[T]
    number: int
    total: int
    more: bool
    size: int = SIZE

    @property
    def last(self) -> int:
        """Number of the last page that can be asked."""
        return max(1, math.ceil(self.total / self.size))

    @property
    def has_previous(self) -> bool:
        """Whether a page comes before."""
        return self.number > 1

    @property
    def has_next(self) -> bool:
        """Whether a page comes after."""
        return self.number < self.last


def page_of(rows: QuerySet[Any, T], asked: str | None, *, size: int = SIZE) -> Page[T]:
    """Return the page asked, the nearest one when there is no such page."""
    counted = rows.order_by()[: COUNTED_AT_MOST + 1].count()
    total = min(counted, COUNTED_AT_MOST)
    last = max(1, math.ceil(total / size))
    number = min(_number(asked), last)
    start = (number - 1) * size
    return Page(list(rows[start : start + size]), number, total, counted > total, size)


def _number(asked: str | None) -> int:
    text = asked or ""
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else 1  # noqa: PLR2004 - five digits pass the last page
