"""A worker: does what is queued until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from django.db import connection
from django.db.backends.signals import connection_created

from hygie.domain.rounds.claims import HEARTBEAT_S, LEASE_S
from hygie.jobs import single
from hygie.jobs.presence import presence
from hygie.jobs.queues import MAILS, ROUNDS
from hygie.jobs.workbench import workbench

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.backends.base.base import BaseDatabaseWrapper

    from hygie.jobs.tasks import Hands

CONCURRENCY: Final = 4
QUEUES: Final = (ROUNDS, MAILS)
_GRACE_S: Final = 60.0
_FROZEN_S: Final = 30.0
"""A transaction that asks nothing for so long is ended by the server: a frozen process may hold
the locks that all others wait for. No step computes that long between two queries."""


def run_worker(
    queues: Sequence[str] = (),
    *,
    concurrency: int = CONCURRENCY,
    until_idle: bool = False,
    schedules: bool = True,
    frozen_s: float = _FROZEN_S,
) -> None:
    """Work until a signal comes, or until nothing is left when ``until_idle``.

    On SQLite ``queues`` and ``concurrency`` have no effect: one thing is done after the other.
    """
    if connection.vendor != "postgresql":
        signal.signal(signal.SIGTERM, _leave)
        single.work(until_idle=until_idle, schedules=schedules)
        return
    from hygie.jobs import tasks  # noqa: PLC0415 - PostgreSQL only
    from hygie.jobs.housekeeping import housekeeping  # noqa: PLC0415 - PostgreSQL only

    bound_transactions(frozen_s)
    with presence("travailleur") as runner, housekeeping(schedules=schedules):
        hands = tasks.Hands(runner, workbench())
        asyncio.run(_work(list(queues or QUEUES), concurrency, hands, wait=not until_idle))


def bound_transactions(frozen_s: float) -> None:
    """Have PostgreSQL end what this process leaves idle inside a transaction for so long."""

    def bound(connection: BaseDatabaseWrapper, **_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('idle_in_transaction_session_timeout', %s, false)",
                [str(int(frozen_s * 1000))],
            )

    connection.close()
    connection_created.connect(bound, weak=False, dispatch_uid="hygie.jobs.worker")


async def _work(queues: list[str], concurrency: int, hands: Hands, *, wait: bool) -> None:
    """Run Procrastinate's worker; its jobs run in threads, each with a database connection."""
    from procrastinate.contrib.django import app  # noqa: PLC0415 - PostgreSQL only

    from hygie.jobs.tasks import keep_reason  # noqa: PLC0415 - PostgreSQL only

    pool = ThreadPoolExecutor(concurrency + 2, thread_name_prefix="job")
    asyncio.get_running_loop().set_default_executor(pool)
    own = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    async with own.open_async():
        await own.run_worker_async(
            queues=queues,
            concurrency=concurrency,
            wait=wait,
            name="hygie",
            additional_context={"hands": hands},
            delete_jobs="successful",
            update_heartbeat_interval=HEARTBEAT_S,
            stalled_worker_timeout=LEASE_S,
            fetch_job_polling_interval=HEARTBEAT_S,
            shutdown_graceful_timeout=_GRACE_S,
            task_middleware=[*own.worker_defaults.get("task_middleware", ()), keep_reason],
        )


def _leave(*_: object) -> None:
    """Leave at once: what is half done is rolled back, and its items are given back."""
    sys.exit(0)
