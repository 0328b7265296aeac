"""Measure: prepare what the pages show at every level."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from hygie.domain.observatory.actions import measure_sites
from hygie.domain.rounds.actions import sites_below
from hygie.jobs.steps.step import WriteOnly

if TYPE_CHECKING:
    from hygie.domain.rounds.models import Item
    from hygie.jobs.workbench import Workbench


class Measure(WriteOnly):
    """Establishments first, then every node above them."""

    def write(self, item: Item, gathered: None, bench: Workbench) -> dict[str, int]:  # noqa: ARG002 - StepWork's signature
        """Measure the scope of one round."""
        now = bench.clock()
        sites = sites_below(item.node, on=timezone.localdate(now))
        return measure_sites(sites, round_id=item.round_id, now=now)
