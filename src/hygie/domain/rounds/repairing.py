"""Stop a round, or take up again what failed: both leave their trace in the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from hygie.domain.journal.actions import Act, record
from hygie.domain.rounds.actions import ALL_STEPS, RoundError
from hygie.domain.rounds.claims import ONCE
from hygie.domain.rounds.models import Item, ItemState, Round, RoundState, Step

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence


def stop_round(turn: Round, *, actor: str, now: dt.datetime) -> Round:
    """End a running round where it stands; what is being written right now is refused.

    Raises:
        RoundError: if it is over.
    """
    with transaction.atomic():
        locked = Round.objects.select_for_update().get(pk=turn.pk)
        if locked.state != RoundState.RUNNING:
            raise RoundError("cette ronde est déjà finie")
        left = locked.items.filter(state=ItemState.TODO).update(
            state=ItemState.STOPPED, owner=None, retry_at=None, finished_at=now
        )
        locked.state, locked.finished_at = RoundState.STOPPED, now
        locked.summary = {"stopped": left}
        locked.save(update_fields=["state", "finished_at", "summary"])
        _record("round.stopped", locked, {"left": left}, actor, now)
    return locked


def retry_round(turn: Round, *, actor: str, now: dt.datetime) -> Round:
    """Take up again everything that failed or was stopped in a round, and what follows it.

    Raises:
        RoundError: if there is nothing to take up, or another round of this place runs.
    """
    broken = Q(state__in=(ItemState.FAILED, ItemState.STOPPED))
    with transaction.atomic():
        return _reopen(turn, list(turn.items.filter(broken)), actor, now)


def retry_item(item: Item, *, actor: str, now: dt.datetime) -> Round:
    """Take up again one item that failed, and what follows it.

    Raises:
        RoundError: if it did not fail, or another round of this place runs.
    """
    with transaction.atomic():
        return _reopen(item.round, [item] if item.state == ItemState.FAILED else [], actor, now)


def _reopen(turn: Round, broken: Sequence[Item], actor: str, now: dt.datetime) -> Round:
    if not broken:
        raise RoundError("rien n’est en échec ici ; il n’y a rien à relancer")
    locked = Round.objects.select_for_update().get(pk=turn.pk)
    others = Round.objects.filter(node_id=locked.node_id, state=RoundState.RUNNING)
    if others.exclude(pk=locked.pk).exists():
        raise RoundError("une autre ronde court sur ce lieu ; attendez sa fin")
    again = locked.items.filter(_from(broken))
    taken = again.update(
        state=ItemState.TODO, owner=None, attempts=0, retry_at=None, finished_at=None
    )
    locked.state, locked.finished_at = RoundState.RUNNING, None
    locked.save(update_fields=["state", "finished_at"])
    _record("round.retried", locked, {"items": taken}, actor, now)
    return locked


def _from(broken: Sequence[Item]) -> Q:
    """Return the broken items and those that read what they write.

    A step of an establishment is read by its later steps; all are read by the steps done once
    that come after. Items of other establishments stay as they are, unless what failed is
    the refresh that all read.
    """
    if any(item.step == Step.REFRESH for item in broken):
        return Q()
    first: dict[int, int] = {}
    for item in broken:
        if item.step not in ONCE:
            rank = ALL_STEPS.index(Step(item.step))
            first[item.node_id] = min(rank, first.get(item.node_id, rank))
    chosen = Q(pk__in=[item.pk for item in broken])
    for rank in set(first.values()):
        sites = [node for node, found in first.items() if found == rank]
        chosen |= Q(node_id__in=sites, step__in=ALL_STEPS[rank:]) & ~Q(step__in=ONCE)
    after = min((ALL_STEPS.index(Step(item.step)) for item in broken), default=0)
    return chosen | Q(step__in=[step for step in ONCE if ALL_STEPS.index(step) >= after])


def _record(
    action: str, turn: Round, detail: dict[str, object], actor: str, now: dt.datetime
) -> None:
    record(Act(action, "round", str(turn.pk), turn.node_id, detail), actor=actor, now=now)
