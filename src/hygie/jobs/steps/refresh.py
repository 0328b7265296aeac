"""Refresh: make sure there is a corpus, and say how old it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygie.jobs.steps.step import WriteOnly

if TYPE_CHECKING:
    from hygie.domain.rounds.models import Item
    from hygie.jobs.workbench import Workbench


class Refresh(WriteOnly):
    """Open the corpus, building the starter one on a new installation."""

    def write(self, item: Item, gathered: None, bench: Workbench) -> dict[str, int]:  # noqa: ARG002 - StepWork's signature
        """Return how many vulnerabilities the corpus in use knows."""
        return {"cves": bench.corpus.info().counts["cve"]}
