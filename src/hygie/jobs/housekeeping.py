"""What each worker on PostgreSQL looks after besides its jobs, in a thread of its own.

Not in jobs: when every worker is busy with long ones, a dead neighbour's must still be taken
over within seconds. Whoever has the lock of the moment does it for all.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from django.db import DatabaseError, connection, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from hygie.domain.outbox.actions import due
from hygie.domain.outbox.letters import give_up_expired
from hygie.domain.rounds.claims import LEASE_S
from hygie.domain.rounds.models import Round, RoundState
from hygie.domain.veille.subscribing import tell_stream
from hygie.jobs.presence import clear_the_dead
from hygie.jobs.queued import Queued, live_jobs
from hygie.jobs.queues import MAILS, ROUNDS
from hygie.jobs.schedules import start_due

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOG: Final = logging.getLogger(__name__)

EVERY_S: Final = 1.0
HEAL_EVERY: Final = 15
TELL_EVERY: Final = 300
_LOCK: Final = 0x48594749  # "HYGI"
_ORPHAN: Final = dt.timedelta(seconds=30)


@contextmanager
def housekeeping(*, schedules: bool) -> Iterator[None]:
    """Look after the queue while the block lasts."""
    stop = threading.Event()
    thread = threading.Thread(
        target=_keep, args=(stop,), kwargs={"schedules": schedules}, name="housekeeping",
        daemon=True,
    )  # fmt: skip
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=5)


def _keep(stop: threading.Event, *, schedules: bool) -> None:
    rounds = 0
    while not stop.wait(EVERY_S):
        rounds += 1
        try:
            with transaction.atomic():
                if _first():
                    take_over()
                    if schedules:
                        start_due(now=timezone.now())
                    if rounds % HEAL_EVERY == 0:
                        heal()
                    if rounds % TELL_EVERY == 0:
                        Queued().post(tell_stream(now=timezone.now()))
        except DatabaseError:
            _LOG.warning("housekeeping could not be done", exc_info=True)
            connection.close()
    connection.close()


def take_over() -> int:
    """Queue again the jobs whose worker has died; returns how many."""
    clear_the_dead()
    limit = Now() - dt.timedelta(seconds=LEASE_S)
    silent = ProcrastinateWorker.objects.filter(last_heartbeat__lt=limit).values("pk")
    orphans = ProcrastinateJob.objects.filter(
        Q(worker_id__isnull=True) | Q(worker_id__in=silent), status="doing"
    )
    jobs = list(orphans.values_list("pk", flat=True))
    for job in jobs:
        app.job_manager.retry_job_by_id(job, retry_at=timezone.now())
    if jobs:
        _LOG.warning("jobs of a dead worker taken over", extra={"jobs": jobs[:50]})
        _wake(jobs[0])
    return len(jobs)


def heal() -> int:
    """Begin again the rounds and e-mails that wait while no job looks at them.

    Their rows are the truth and jobs only carry them; a queue emptied by hand loses nothing.
    Returns how many were begun.
    """
    begun = 0
    for turn in Round.objects.filter(state=RoundState.RUNNING):
        if not live_jobs(turn).exists() and not turn.items.filter(owner__isnull=False).exists():
            Queued().begin(turn)
            begun += 1
    give_up_expired()
    mails = list(due().filter(created_at__lt=Now() - _ORPHAN)[:200])
    Queued().post(mails)
    return begun + len(mails)


def _first() -> bool:
    """Tell whether we have the lock of this moment; it goes with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        row = cursor.fetchone()
    return bool(row and row[0])


def _wake(job: int) -> None:
    """Wake idle workers: Procrastinate announces new jobs, not those queued again."""
    payload = f'{{"type": "job_inserted", "job_id": {job}}}'
    with connection.cursor() as cursor:
        for queue in (ROUNDS, MAILS):
            cursor.execute("SELECT pg_notify(%s, %s)", [f"procrastinate_queue_v1#{queue}", payload])
