"""The shape of a step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hygie.domain.rounds.models import Item
    from hygie.jobs.workbench import Workbench

Gathered = tuple["Item", Any]
"""An item with what was gathered for it outside any transaction; an exception is a failure."""


class StepWork(Protocol):
    """One step: slow things first, outside any transaction, then one short write an item."""

    def gather(self, items: Sequence[Item], bench: Workbench) -> Iterator[Gathered]:
        """Yield each item with what it needs, as soon as it is there."""

    def write(self, item: Item, gathered: Any, bench: Workbench) -> dict[str, int]:  # noqa: ANN401 - what gather yielded
        """Write what the item found; done twice, it gives the same rows. Returns counts."""


class WriteOnly:
    """A step that gathers nothing."""

    def gather(self, items: Sequence[Item], bench: Workbench) -> Iterator[Gathered]:  # noqa: ARG002 - StepWork's signature
        """Yield the items as they are."""
        return ((item, None) for item in items)
