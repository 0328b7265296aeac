"""Version bounds of all products on one integer axis, so that a range is one interval.

A product with n distinct bounds owns 2n + 2 consecutive positions: a gap, then for each bound
the bound itself and the gap above it, then one position for "no version" (NA). A component
takes one position; a statement covers [low, high) of them.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Final

import numpy as np

from hygie.engines.corpus.intervals import BEFORE, INFINITY, Endpoint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygie.engines.corpus.columns import Column
    from hygie.engines.corpus.intervals import Interval

# Codes of the places that need no bound; a bound gives 2 x its number + side.
START_CODE: Final = -1
END_CODE: Final = -2
AFTER_ABSENT_CODE: Final = -3
ABSENT_CODE: Final = -4


class Axis:
    """Collects bounds as statements arrive, and places them all once every one is known."""

    def __init__(self) -> None:
        self._number: dict[tuple[int, bytes], int] = {}
        self._product = array("i")
        self._texts: list[str] = []
        self._ceilings = array("b")

    def codes(self, product: int, interval: Interval) -> tuple[int, int]:
        """Return the codes of an interval of one product's versions."""
        low, high = interval
        low_code = self._code(product, low) if low.key else START_CODE
        if high.key != INFINITY:
            return low_code, self._code(product, high)
        # Every version includes "no version"; "from 2.0 on" does not.
        return low_code, AFTER_ABSENT_CODE if low_code == START_CODE else END_CODE

    def _code(self, product: int, endpoint: Endpoint) -> int:
        place = (product, endpoint.key)
        number = self._number.get(place)
        if number is None:
            number = len(self._texts)
            self._number[place] = number
            self._product.append(product)
            self._texts.append(endpoint.text)
            self._ceilings.append(endpoint.ceiling)
        elif self._ceilings[number] and not endpoint.ceiling:
            self._texts[number], self._ceilings[number] = endpoint.text, 0
        return 2 * number + (endpoint.side != BEFORE)

    def place(self, order: Sequence[int]) -> PlacedAxis:
        """Return every bound placed, products taken in the given order."""
        return PlacedAxis(self._number, self._texts, self._ceilings, order)


class PlacedAxis:
    """The bounds in order, and the position of every code.

    Attributes:
        keys: bound keys by product, then in byte order.
        texts: how to show each.
        ceilings: uint8, what each is (see intervals.Endpoint).
        bound_start: int32, n + 1 offsets into the bounds, by product in order.
        axis_start: int64, n + 1 first positions.
    """

    def __init__(
        self,
        number: dict[tuple[int, bytes], int],
        texts: list[str],
        ceilings: array[int],
        order: Sequence[int],
    ) -> None:
        rank = np.empty(len(order), np.int64)
        rank[np.asarray(order, np.int64)] = np.arange(len(order))
        ranks = rank.tolist()
        ordered = sorted((ranks[product], key, n) for (product, key), n in number.items())
        numbers = np.fromiter((n for _, _, n in ordered), np.int64, len(ordered))
        owners = np.fromiter((owner for owner, _, _ in ordered), np.int64, len(ordered))
        self.keys = [key for _, key, _ in ordered]
        self.texts = [texts[n] for _, _, n in ordered]
        self.ceilings = np.asarray(ceilings, np.uint8)[numbers]
        counts = np.bincount(owners, minlength=len(order))
        self.bound_start = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
        self.axis_start = 2 * self.bound_start.astype(np.int64) + 2 * np.arange(len(order) + 1)
        self._position = np.empty(len(ordered), np.int64)
        within = np.arange(len(ordered)) - self.bound_start[owners]
        self._position[numbers] = self.axis_start[owners] + 2 * within + 1

    def positions(self, codes: Column, products: Column) -> Column:
        """Return the position of each code.

        Args:
            codes: int32, as ``Axis.codes`` returned them.
            products: int, rank of the product of each.

        Returns:
            int32, first position inside for a low code, first outside for a high one.
        """
        end = self.axis_start[products + 1]
        special = np.select(
            [codes == START_CODE, codes == AFTER_ABSENT_CODE],
            [self.axis_start[products], end],
            end - 1,
        )
        bounded = self._position[np.maximum(codes, 0) // 2] if len(self._position) else special
        placed: Column = np.where(codes >= 0, bounded + codes % 2, special).astype(np.int32)
        return placed
