"""The jobs of the queue as works: PostgreSQL only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from hygie.domain.rounds.models import Trouble
from hygie.jobs.work import Work
from hygie.vocabulary.errors import UsageError

if TYPE_CHECKING:
    import datetime as dt

_STATES: Final = {"running": "doing", "queued": "todo", "failed": "failed"}
_WORDS: Final = {
    "hygie.begin": "Début de la ronde",
    "hygie.site": "Ronde d’un établissement",
    "hygie.finish": "Fin de la ronde",
    "hygie.mail": "Envoi d’un courriel",
}


def jobs_in(state: str, *, at_most: int) -> list[Work]:
    """Return the jobs in a state, oldest first."""
    rows = ProcrastinateJob.objects.filter(status=_STATES[state]).order_by("pk")[:at_most]
    return _works(list(rows))


def job_counts() -> dict[str, int]:
    """Return how many jobs are in each state."""
    rows = ProcrastinateJob.objects.order_by().values("status").annotate(n=Count("pk"))
    found = {row["status"]: row["n"] for row in rows}
    return {state: found.get(status, 0) for state, status in _STATES.items()}


def job_named(pk: int) -> Work:
    """Return one job.

    Raises:
        UsageError: if there is none; a job that succeeded is kept no longer.
    """
    rows = list(ProcrastinateJob.objects.filter(pk=pk))
    if not rows:
        raise UsageError(f"aucune tâche {pk} ; celles qui ont réussi ne sont pas gardées")
    return _works(rows)[0]


def retry_job(pk: int, *, now: dt.datetime) -> None:
    """Queue again a job that failed.

    Raises:
        UsageError: if it did not fail.
    """
    if job_named(pk).state != "failed":
        raise UsageError(f"la tâche {pk} n’est pas en échec ; il n’y a rien à relancer")
    Trouble.objects.filter(job=str(pk)).delete()
    app.job_manager.retry_job_by_id(pk, retry_at=now)


def cancel_job(pk: int) -> None:
    """Give up a job that waits; its rows stay, and are begun again while their round runs.

    Raises:
        UsageError: if it does not wait.
    """
    if not app.job_manager.cancel_job_by_id(pk):
        raise UsageError(f"la tâche {pk} n’attend pas ; arrêtez plutôt sa ronde")


def _works(rows: list[Any]) -> list[Work]:
    reasons = dict(
        Trouble.objects.filter(job__in=[str(row.pk) for row in rows]).values_list("job", "reason")
    )
    kept = {status: state for state, status in _STATES.items()}
    return [
        Work(
            name=f"tache-{row.pk}",
            what=_what(row),
            state=kept.get(row.status, "cancelled"),
            attempts=row.attempts,
            reason=reasons.get(str(row.pk), ""),
            by=f"travailleur {row.worker_id}" if row.worker_id else "",
        )
        for row in rows
    ]


def _what(row: Any) -> str:  # noqa: ANN401 - a model without types
    words = _WORDS.get(row.task_name, row.task_name)
    about = ", ".join(f"{name.removesuffix('_id')} {value}" for name, value in row.args.items())
    return f"{words} ({about})" if about else words
