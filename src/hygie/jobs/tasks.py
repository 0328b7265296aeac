"""The jobs that Procrastinate runs: each looks at the rows and does what they say is left.

A job carries identifiers and nothing else. Run twice, or after its round was stopped, it finds
nothing to do. Waiting (a second attempt, an establishment that another runner has) is not a
failure: the job comes back when the row says so. Anything else that it raises is retried later
and later, then kept as failed, with its reason in Trouble.
"""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import timezone
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import app

from hygie.domain.rounds.models import Round, Step, Trouble
from hygie.jobs.mails import deliver
from hygie.jobs.queued import put_sites, put_what_follows
from hygie.jobs.site_turn import LaterError, finish_round, run_once, run_site

if TYPE_CHECKING:
    from collections.abc import Callable

    from procrastinate.jobs import Job
    from procrastinate.worker import Worker

    from hygie.domain.rounds.models import Runner
    from hygie.jobs.workbench import Workbench

_LOG: Final = logging.getLogger(__name__)

TRIES: Final = 10
LONGEST_WAIT_S: Final = 600
_PATIENCE: Final = dt.timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Hands:
    """What a worker lends to its jobs: its place among the runners, and its tools."""

    runner: Runner
    bench: Workbench


class FailedError(Exception):
    """A job failed for the ``tries``-th time; its cause says why."""

    def __init__(self, tries: int) -> None:
        self.tries = tries
        super().__init__(f"failed {tries} times")


class BackOff(BaseRetryStrategy):
    """Twice as long after each failure; as the row says when it is no failure."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:  # noqa: ARG002 - Procrastinate's signature
        """Return when to come back, None to give up."""
        if isinstance(exception, LaterError):
            return RetryDecision(retry_at=exception.at or timezone.now() + _PATIENCE)
        tries = exception.tries if isinstance(exception, FailedError) else 1
        if tries >= TRIES:
            return None
        wait_s = min(2**tries, LONGEST_WAIT_S)
        return RetryDecision(retry_at=timezone.now() + dt.timedelta(seconds=wait_s))


_BACK_OFF: Final = BackOff()


@app.task(name="hygie.begin", retry=_BACK_OFF, pass_context=True)
def begin(context: JobContext, round_id: int) -> None:
    """Refresh, then queue the establishments."""
    hands, turn = _hands(context), Round.objects.get(pk=round_id)
    run_once(turn, (Step.REFRESH,), hands.bench, hands.runner)
    with transaction.atomic():
        put_sites(turn)
        put_what_follows(turn)


@app.task(name="hygie.site", retry=_BACK_OFF, pass_context=True)
def site(context: JobContext, round_id: int, node_id: int) -> None:
    """Do one establishment's part of a round."""
    hands, turn = _hands(context), Round.objects.get(pk=round_id)
    run_site(turn, node_id, hands.bench, hands.runner)
    put_what_follows(turn)


@app.task(name="hygie.finish", retry=_BACK_OFF, pass_context=True)
def finish(context: JobContext, round_id: int) -> None:
    """Notify, measure, close."""
    hands, turn = _hands(context), Round.objects.get(pk=round_id)
    if put_sites(turn):  # taken up again meanwhile
        return
    finish_round(turn, hands.bench, hands.runner)


@app.task(name="hygie.mail", retry=_BACK_OFF)
def mail(mail_id: int) -> None:
    """Send one e-mail."""
    if again := deliver(mail_id):
        raise LaterError(again)


def _hands(context: JobContext) -> Hands:
    hands: Hands = context.additional_context["hands"]
    return hands


def keep_reason(call_next: Callable[[], object], context: JobContext, worker: Worker) -> object:  # noqa: ARG001 - Procrastinate's signature
    """Run a job; keep the reason of a failure, which the queue itself does not."""
    job = str(context.job.id)
    try:
        result = call_next()
    except LaterError:
        raise
    except Exception as error:
        _LOG.exception("background job failed", extra={"job": job})
        raise FailedError(_note(job, context.job.task_name, error)) from error
    Trouble.objects.filter(job=job).delete()
    return result


def _note(job: str, task: str, error: Exception) -> int:
    """Write the reason down; returns how often the job has failed."""
    found, _ = Trouble.objects.get_or_create(
        job=job, defaults={"task": task, "reason": "", "at": timezone.now()}
    )
    found.tries, found.at = found.tries + 1, timezone.now()
    found.reason = f"{type(error).__name__} : {error}"[:300]
    found.save()
    return found.tries
