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


def page_of(
    rows: QuerySet[Any, T],
    asked: str | None,
    *,
    size: int = SIZE,
    shown: QuerySet[Any, T] | None = None,
) -> Page[T]:
    """Return the page asked, the nearest one when there is no such page.

    Args:
        rows: the whole list, in its order.
        asked: number of the page, as typed.
        size: rows a page.
        shown: the same model with what the page shows. When given, the list is ordered by its
            keys alone, which an index may hold, and only the rows of the page are read.
    """
    counted = rows.order_by()[: COUNTED_AT_MOST + 1].count()
    total = min(counted, COUNTED_AT_MOST)
    last = max(1, math.ceil(total / size))
    number = min(_number(asked), last)
    start = (number - 1) * size
    asked_rows = rows[start : start + size]
    found = list(asked_rows) if shown is None else _read(asked_rows, shown)
    return Page(found, number, total, counted > total, size)


def _read(rows: QuerySet[Any, T], shown: QuerySet[Any, T]) -> list[T]:
    keys = list(rows.values_list("pk", flat=True))
    found = shown.in_bulk(keys)
    return [found[key] for key in keys if key in found]


def _number(asked: str | None) -> int:
    text = asked or ""
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else 1  # noqa: PLR2004 - five digits pass the last page
