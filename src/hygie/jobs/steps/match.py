"""Match: the products installed and those seen from outside, against the corpus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygie.domain.veille.actions import match_products
from hygie.jobs.steps.step import WriteOnly
from hygie.jobs.uses import products_of

if TYPE_CHECKING:
    from hygie.domain.rounds.models import Item
    from hygie.jobs.workbench import Workbench


class Match(WriteOnly):
    """Distinct products are matched once a corpus, whatever the number of establishments."""

    def write(self, item: Item, gathered: None, bench: Workbench) -> dict[str, int]:  # noqa: ARG002 - StepWork's signature
        """Match what this establishment runs and was not matched yet."""
        return match_products(products_of(item.node), bench.corpus, now=bench.clock())
