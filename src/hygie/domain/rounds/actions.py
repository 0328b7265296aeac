"""Open a round, finish its items one by one, close it; every state is a row."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Case, When
from django.db.models.functions import Now
from django.utils import timezone

from hygie.domain.journal.actions import Act, record
from hygie.domain.rounds.claims import ONCE, LostClaimError
from hygie.domain.rounds.models import Item, ItemState, Round, RoundState, Step
from hygie.domain.territory.models import Closure, Kind, Node
from hygie.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

ALL_STEPS: Final = tuple(Step)

MAX_ATTEMPTS: Final = 3
"""An item that failed this often is left as failed; the round ends and says so."""


class RoundError(UsageError):
    """The round asked for makes no sense."""


def open_round(
    node: Node, steps: Iterable[Step] = ALL_STEPS, *, actor: str, now: dt.datetime
) -> tuple[Round, bool]:
    """Return the unfinished round of ``node``, or a new one, and whether it is new.

    Raises:
        RoundError: if no step is asked, or the node has no open establishment.
    """
    wanted = [step for step in ALL_STEPS if step in set(steps)]
    if not wanted:
        raise RoundError("aucune étape demandée ; nommez-en une au moins")
    with transaction.atomic():
        running = Round.objects.select_for_update().filter(node=node, state=RoundState.RUNNING)
        if unfinished := running.first():
            return unfinished, False
        return _new_round(node, wanted, actor=actor, now=now), True


def _new_round(node: Node, steps: Sequence[Step], *, actor: str, now: dt.datetime) -> Round:
    sites = sites_below(node, on=timezone.localdate(now))
    if not sites:
        raise RoundError(f"« {node.name} » n’a aucun établissement ouvert ; importez-les d’abord")
    turn = Round.objects.create(node=node, steps=steps, started_at=now, started_by=actor)
    planned = [(step, site) for step in steps for site in ([node.pk] if step in ONCE else sites)]
    Item.objects.bulk_create(
        [
            Item(round=turn, node_id=site, step=step, position=position)
            for position, (step, site) in enumerate(planned)
        ],
        batch_size=500,
    )
    record(
        Act("round.opened", "round", str(turn.pk), node.pk, {"steps": steps, "sites": len(sites)}),
        actor=actor,
        now=now,
    )
    return turn


def sites_below(node: Node, *, on: dt.date) -> list[int]:
    """Return the ids of the establishments (ET) under ``node`` on a day, oldest id first."""
    return list(
        Closure.objects.filter(
            ancestor=node, valid_from__lte=on, valid_to__gt=on, descendant__kind=Kind.ET
        )
        .exclude(descendant__closed_on__lte=on)
        .order_by("descendant_id")
        .values_list("descendant_id", flat=True)
        .distinct()
    )


def todo(turn: Round, step: Step, *, at_most: int | None = None) -> list[Item]:
    """Return the items of a step still to be done, those that may be claimed first, in order."""
    items = turn.items.filter(step=step, state=ItemState.TODO).select_related("node")
    held = Case(When(owner__isnull=False, then=2), When(retry_at__gt=Now(), then=1), default=0)
    return list(items.order_by(held, "position")[:at_most])


def finish(item: Item, counts: Mapping[str, int], *, now: dt.datetime, note: str = "") -> None:
    """Mark an item done; call it in the transaction that writes what the item found.

    Raises:
        LostClaimError: if the item is no longer ours.
    """
    item.state, item.finished_at = ItemState.DONE, now
    item.counts, item.note = dict(counts), note[:300]
    item.attempts += 1
    _settle(item, retry_at=None)


def fail(item: Item, reason: str, *, now: dt.datetime, retry_in_s: float = 0.0) -> None:
    """Count a failed attempt and give the item back; tried again until MAX_ATTEMPTS.

    Raises:
        LostClaimError: if the item is no longer ours: its new owner counts for himself.
    """
    item.attempts += 1
    item.note = reason[:300]
    last = item.attempts >= MAX_ATTEMPTS
    if last:
        item.state, item.finished_at = ItemState.FAILED, now
    _settle(item, retry_at=None if last else Now() + dt.timedelta(seconds=retry_in_s))


def _settle(item: Item, *, retry_at: object) -> None:
    """Write the end of an attempt where our claim still stands, and nowhere else."""
    ours = Item.objects.filter(
        pk=item.pk, state=ItemState.TODO, owner=item.owner_id, claims=item.claims
    )
    written = ours.update(
        state=item.state, finished_at=item.finished_at, counts=item.counts, note=item.note,
        attempts=item.attempts, retry_at=retry_at, owner=None,
    )  # fmt: skip
    if item.owner_id is None or not written:
        raise LostClaimError(f"l’élément {item.pk} a été repris par un autre processus")


def close_round(turn: Round, *, corpus: str, now: dt.datetime) -> Round:
    """End a round whose items are all settled, with the sum of their counts by step.

    Raises:
        RoundError: if an item is still to be done.
    """
    with transaction.atomic():
        locked = Round.objects.select_for_update().get(pk=turn.pk)
        if locked.state != RoundState.RUNNING:
            return locked
        if locked.items.filter(state=ItemState.TODO).exists():
            raise RoundError("la ronde n’est pas finie ; relancez-la, elle reprend où elle était")
        failed = locked.items.filter(state=ItemState.FAILED).count()
        locked.state = RoundState.PARTIAL if failed else RoundState.DONE
        locked.finished_at, locked.corpus = now, corpus
        locked.summary = _summary(locked) | {"failed": failed}
        locked.save(update_fields=["state", "finished_at", "corpus", "summary"])
        record(
            Act("round.closed", "round", str(locked.pk), locked.node_id, locked.summary),
            actor=locked.started_by,
            now=now,
        )
    return locked


def _summary(turn: Round) -> dict[str, object]:
    totals: dict[str, dict[str, int]] = {}
    for step, counts in turn.items.values_list("step", "counts"):
        total = totals.setdefault(step, {})
        for name, count in counts.items():
            total[name] = total.get(name, 0) + count
    return dict(totals)
