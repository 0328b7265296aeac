"""How far a round is, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from hygie.domain.rounds.models import ItemState, Step

if TYPE_CHECKING:
    from hygie.domain.rounds.models import Round


@dataclass(frozen=True, slots=True)
class Progress:
    """Items of a step settled so far: how many of how many, and how many of them failed."""

    step: Step
    settled: int
    total: int
    failed: int


def progress(turn: Round, *only: Step) -> list[Progress]:
    """Return how far each step of a round, or ``only`` some, is, in their order; one query."""
    rows = (
        turn.items.filter(step__in=only or Step)
        .order_by()
        .values("step")
        .annotate(
            settled=Count("pk", filter=~Q(state=ItemState.TODO)),
            total=Count("pk"),
            failed=Count("pk", filter=Q(state=ItemState.FAILED)),
        )
    )
    found = {row["step"]: row for row in rows}
    return [
        Progress(step, found[step]["settled"], found[step]["total"], found[step]["failed"])
        for step in Step
        if step in found
    ]
