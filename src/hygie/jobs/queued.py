"""PostgreSQL: work is looked at by Procrastinate workers, on as many machines as wanted."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models.functions import Now
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker
from procrastinate.exceptions import AlreadyEnqueued

from hygie.domain.rounds.claims import LEASE_S, ONCE
from hygie.domain.rounds.models import ItemState, RoundState
from hygie.jobs.queues import MAILS, ROUNDS

if TYPE_CHECKING:
    from collections.abc import Collection

    from hygie.domain.outbox.models import Mail
    from hygie.domain.rounds.models import Round

_BATCH: Final = 500
_SMALL_ROUND: Final = 200
"""Up to so many establishments, a round passes before the nation's: somebody waits for it."""


class Queued:
    """Jobs are put in the caller's transaction: they exist if and only if its rows do."""

    def begin(self, turn: Round) -> None:
        """Queue the first job of a round; the others follow from the state of its rows."""
        put("hygie.begin", f"begin-{turn.pk}", priority=30, round_id=turn.pk)

    def post(self, mails: Collection[Mail]) -> None:
        """Queue one job a mail."""
        for mail in mails:
            put("hygie.mail", f"mail-{mail.pk}", queue=MAILS, priority=20, mail_id=mail.pk)

    def has_workers(self) -> bool:
        """Tell whether a worker beat lately."""
        limit = Now() - dt.timedelta(seconds=LEASE_S)
        return ProcrastinateWorker.objects.filter(last_heartbeat__gte=limit).exists()


def put(task: str, slot: str, *, priority: int, queue: str = ROUNDS, **arguments: Any) -> bool:  # noqa: ANN401 - JSON values
    """Queue a job, once while it waits in ``slot``; False when it waits there already.

    No two jobs of one slot run at once either.
    """
    try:
        with transaction.atomic():  # a refusal must not break the caller's transaction
            app.configure_task(
                task, allow_unknown=False, queue=queue, priority=priority, lock=slot,
                queueing_lock=slot,
            ).defer(**arguments)  # fmt: skip
    except AlreadyEnqueued:
        return False
    return True


def put_sites(turn: Round) -> int:
    """Queue a job for each establishment of a round with something left to do; returns how many.

    An establishment has one lock for all rounds: two rounds never work on it at once.
    """
    left = turn.items.filter(state=ItemState.TODO).exclude(step__in=ONCE).order_by("node_id")
    nodes = list(left.values_list("node_id", flat=True).distinct())
    waiting = set(
        live_jobs(turn).filter(task_name="hygie.site").values_list("args__node_id", flat=True)
    )
    nodes = [node for node in nodes if node not in waiting]
    priority = 10 if len(nodes) <= _SMALL_ROUND else 0
    for start in range(0, len(nodes), _BATCH):
        app.job_manager.batch_defer_jobs(
            [
                app.configure_task(
                    "hygie.site", allow_unknown=False, queue=ROUNDS, priority=priority,
                    lock=f"site-{node}", task_kwargs={"round_id": turn.pk, "node_id": node},
                ).job
                for node in nodes[start : start + _BATCH]
            ]
        )  # fmt: skip
    return len(nodes)


def put_what_follows(turn: Round) -> None:
    """Queue the end of a round once no establishment has anything left to do."""
    left = turn.items.filter(state=ItemState.TODO).exclude(step__in=ONCE)
    if turn.state == RoundState.RUNNING and not left.exists():
        put("hygie.finish", f"finish-{turn.pk}", priority=25, round_id=turn.pk)


def live_jobs(turn: Round) -> Any:  # noqa: ANN401 - a queryset of a model without types
    """Return the jobs of a round that wait or run."""
    return ProcrastinateJob.objects.filter(status__in=("todo", "doing"), args__round_id=turn.pk)
