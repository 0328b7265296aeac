"""Read rounds as far as the reader's scope goes: a national round shows each his own part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Count, Exists, OuterRef, Q

from hygie.domain.people.roles import Permission
from hygie.domain.people.scope import node_ids_for
from hygie.domain.rounds.models import Item, ItemState, Round, RoundState, Step
from hygie.domain.territory.queries import below

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hygie.domain.people.scope import Asker

RECENT: Final = 500
"""Rounds back to which a page offers to take one up again."""


@dataclass(frozen=True, slots=True)
class StepCount:
    """The items of one step that the reader may see."""

    step: Step
    done: int
    failed: int
    todo: int

    @property
    def total(self) -> int:
        """Every item of the step."""
        return self.done + self.failed + self.todo


def rounds(user: Asker) -> QuerySet[Round]:
    """Return the rounds that touched a place ``user`` may read, newest first."""
    return (
        Round.objects.filter(Exists(_items(user).filter(round_id=OuterRef("pk"))))
        .select_related("node")
        .order_by("-pk")
    )


def rounds_of(user: Asker, node_id: int) -> QuerySet[Round]:
    """Return the rounds that touched one place or anything below it, newest first."""
    touched = _items(user).filter(node_id__in=below(node_id), round_id=OuterRef("pk"))
    return Round.objects.filter(Exists(touched)).select_related("node").order_by("-pk")


def last_round(user: Asker, node_id: int) -> Round | None:
    """Return the last round that touched one place or anything below it."""
    return rounds_of(user, node_id).first()


def steps(user: Asker, round_id: int) -> list[StepCount]:
    """Count the items of a round by step and state, within the reader's scope."""
    rows = (
        _items(user)
        .filter(round_id=round_id)
        .order_by()
        .values("step")
        .annotate(
            done=Count("pk", filter=Q(state=ItemState.DONE)),
            failed=Count("pk", filter=Q(state=ItemState.FAILED)),
            todo=Count("pk", filter=Q(state=ItemState.TODO)),
        )
    )
    found = {row["step"]: row for row in rows}
    return [
        StepCount(step, found[step]["done"], found[step]["failed"], found[step]["todo"])
        for step in Step
        if step in found
    ]


def failures(user: Asker, round_id: int) -> QuerySet[Item]:
    """Return the items of a round that failed, with their place, within the reader's scope."""
    return (
        _items(user)
        .filter(round_id=round_id, state=ItemState.FAILED)
        .select_related("node")
        .order_by("position")
    )


def running(user: Asker) -> QuerySet[Round]:
    """Return the rounds under way that touch a place ``user`` may read, newest first."""
    return rounds(user).filter(state=RoundState.RUNNING)


def broken(user: Asker) -> QuerySet[Item]:
    """Return what failed, and was not done since, in the last round of each place, newest first."""
    later = Item.objects.filter(
        node_id=OuterRef("node_id"), step=OuterRef("step"), round_id__gt=OuterRef("round_id")
    )
    return (
        _items(user)
        .filter(~Exists(later), state=ItemState.FAILED)
        .select_related("node", "round__node")
        .order_by("-round_id", "position")
    )


def runnable(user: Asker) -> set[int]:
    """Return the rounds that ``user`` may stop or take up again, among those not yet forgotten."""
    nodes = node_ids_for(user, Permission.ROUND_RUN)
    recent = Round.objects.filter(node_id__in=nodes).order_by("-pk")[:RECENT]
    return set(recent.values_list("pk", flat=True))


def _items(user: Asker) -> QuerySet[Item]:
    return Item.objects.filter(node_id__in=node_ids_for(user, Permission.ROUND_READ))
