"""Who works on which item: claims that a dead process loses and that a zombie cannot use.

The rule is the same in one process on SQLite and on twenty machines on PostgreSQL. A process
enlists as a Runner and beats. It claims items that nobody owns; a claim raises the item's
counter. The transaction that writes what an item found first locks the item and checks owner and
counter (``hold``): whoever lost the item meanwhile writes nothing. A runner that stops beating is
dismissed by anybody, and its items are free.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from django.db import connection, transaction
from django.db.models import Exists, F, Min, OuterRef, Q
from django.db.models.functions import Now

from hygie.domain.rounds.models import Item, ItemState, Runner, Step
from hygie.vocabulary.errors import HygieError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from hygie.domain.rounds.models import Round

ONCE: Final = (Step.REFRESH, Step.NOTIFY, Step.MEASURE)
"""Steps done once for the whole scope; the others once for each establishment."""

HEARTBEAT_S: Final = 2.0
LEASE_S: Final = 10.0
"""A runner silent for this long is taken for dead; five beats, so that one lost is no death."""


class LostClaimError(HygieError):
    """Somebody else has the item now: what was found for it must not be written."""


def enlist(name: str, machine: str, pid: int, born: str) -> Runner:
    """Return the row of a new runner, by the database's clock."""
    runner = Runner(
        name=name[:120], machine=machine[:120], pid=pid, born=born, started_at=Now(),
        heartbeat_at=Now(),
    )  # fmt: skip
    runner.save()
    runner.refresh_from_db()
    return runner


def beat(runner: Runner) -> bool:
    """Say that the runner lives; False when it had been dismissed and is enlisted again.

    What it owned before is lost to it: the counter of each claim says so.
    """
    if Runner.objects.filter(pk=runner.pk).update(heartbeat_at=Now()):
        return True
    again = Runner.objects.get_or_create(
        pk=runner.pk,
        defaults={
            "name": runner.name, "machine": runner.machine, "pid": runner.pid,
            "born": runner.born, "started_at": runner.started_at, "heartbeat_at": Now(),
        },
    )  # fmt: skip
    return not again[1]


def dismiss(runners: Collection[int]) -> int:
    """Remove runners: what they own is free again. Returns how many there were."""
    with transaction.atomic():
        Item.objects.filter(owner_id__in=runners).update(owner=None)
        return Runner.objects.filter(pk__in=runners).delete()[0]


def silent_runners(*, lease_s: float = LEASE_S) -> list[int]:
    """Return the runners that have not beaten for ``lease_s`` seconds."""
    limit = Now() - dt.timedelta(seconds=lease_s)
    return list(Runner.objects.filter(heartbeat_at__lt=limit).values_list("pk", flat=True))


def claim(items: Sequence[Item], runner: Runner) -> list[Item]:
    """Return those of ``items`` that ``runner`` owns from here on, in order.

    An item is refused when it is settled, waits for its next attempt, or has an owner; and an
    establishment that another round works on right now is left to that round.
    """
    free = (
        Item.objects.filter(pk__in=[item.pk for item in items])
        .filter(state=ItemState.TODO, owner__isnull=True)
        .filter(Q(retry_at__isnull=True) | Q(retry_at__lte=Now()))
    )
    busy = Item.objects.filter(
        node_id=OuterRef("node_id"), state=ItemState.TODO, owner__isnull=False
    ).exclude(step__in=ONCE)
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            free = free.select_for_update(skip_locked=True)
        pks = list(free.exclude(~Q(step__in=ONCE) & Exists(busy)).values_list("pk", flat=True))
        Item.objects.filter(pk__in=pks).update(owner=runner, claims=F("claims") + 1)
    mine = Item.objects.filter(pk__in=pks, owner=runner)
    return list(mine.select_related("node", "round__node").order_by("position"))


def release(items: Collection[Item]) -> None:
    """Give items back unsettled, as an orderly stop does."""
    for item in items:
        held = Item.objects.filter(pk=item.pk, owner=item.owner_id, claims=item.claims)
        held.update(owner=None)


def hold(item: Item) -> None:
    """Lock the item in the caller's transaction and make sure that it is still ours.

    Raises:
        LostClaimError: if it was settled, stopped or claimed by somebody else.
    """
    held = Item.objects.select_for_update().filter(
        pk=item.pk, state=ItemState.TODO, owner=item.owner_id, claims=item.claims
    )
    if item.owner_id is None or not held.exists():
        raise LostClaimError(f"l’élément {item.pk} a été repris par un autre processus")


def earliest_retry(turn: Round, step: Step) -> dt.datetime | None:
    """Return when the first item of a step that waits for its next attempt may be tried."""
    waiting = turn.items.filter(step=step, state=ItemState.TODO, owner__isnull=True)
    found: dt.datetime | None = waiting.aggregate(at=Min("retry_at"))["at"]
    return found
