"""Everything that waits, runs or failed, under one kind of name, with what can be done about it.

A name is ``ronde-4``, ``element-12`` (one step of a round for one place), ``courriel-3`` or
``tache-9`` (a job of the queue, on PostgreSQL). No scope is applied here: the command line is the
operator's, and a page asks ``domain.rounds`` first.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeVar

from django.db import connection, transaction

from hygie.domain.outbox import actions as outbox
from hygie.domain.outbox.models import Mail, MailState
from hygie.domain.rounds.models import Item, ItemState, Round, RoundState
from hygie.domain.rounds.repairing import retry_item, retry_round, stop_round
from hygie.jobs.backend import backend
from hygie.jobs.work import Work
from hygie.vocabulary.errors import UsageError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

M = TypeVar("M", Round, Item, Mail)

STATES: Final = ("running", "queued", "failed")

_NAME: Final = re.compile(r"(ronde|element|courriel|tache)-([0-9]{1,15})")
_MAIL_STATES: Final = {
    MailState.SENDING: "running",
    MailState.QUEUED: "queued",
    MailState.FAILED: "failed",
}


def parse_name(name: str) -> tuple[str, int]:
    """Return the kind and the number of a name.

    Raises:
        UsageError: if it is no name of a work here.
    """
    found = _NAME.fullmatch(name.strip().lower())
    if found is None:
        raise UsageError(f"« {name} » n’est pas un travail ; hygie jobs list donne leurs noms")
    if found[1] == "tache" and connection.vendor != "postgresql":
        raise UsageError("il n’y a de tâches que sur PostgreSQL ; hygie jobs list dit le reste")
    return found[1], int(found[2])


def listed(state: str, *, at_most: int) -> list[Work]:
    """Return what is in a state: rounds, then items, e-mails, jobs; at most so many of each."""
    found = [*_rounds(state, at_most), *_items(state, at_most), *_mails(state, at_most)]
    return [*found, *_jobs(state, at_most)]


def counted() -> dict[str, dict[str, int]]:
    """Return how many items, e-mails and jobs are in each state of STATES."""
    todo = Item.objects.filter(state=ItemState.TODO, round__state=RoundState.RUNNING)
    mails = {kept: Mail.objects.filter(state=state).count() for state, kept in _MAIL_STATES.items()}
    return {
        "items": {
            "running": todo.filter(owner__isnull=False).count(),
            "queued": todo.filter(owner__isnull=True).count(),
            "failed": Item.objects.filter(state=ItemState.FAILED).count(),
        },
        "mails": {state: mails[state] for state in STATES},
        "jobs": _job_counts(),
    }


def find(name: str) -> Work:
    """Return one work by its name.

    Raises:
        UsageError: if there is none.
    """
    kind, pk = parse_name(name)
    if kind == "ronde":
        return _round(_get(Round, pk, name))
    if kind == "element":
        return _item(_get(Item, pk, name))
    if kind == "courriel":
        return _mail(_get(Mail, pk, name))
    from hygie.jobs.queue_jobs import job_named  # noqa: PLC0415 - PostgreSQL only

    return job_named(pk)


def retry(name: str, *, actor: str, now: dt.datetime) -> None:
    """Have done again what failed, and what follows from it.

    Raises:
        UsageError: if there is no such work, or it did not fail.
    """
    kind, pk = parse_name(name)
    with transaction.atomic():
        if kind == "ronde":
            backend().begin(retry_round(_get(Round, pk, name), actor=actor, now=now))
        elif kind == "element":
            backend().begin(retry_item(_get(Item, pk, name), actor=actor, now=now))
        elif kind == "courriel":
            mail = _get(Mail, pk, name)
            outbox.retry(mail)
            backend().post([mail])
        else:
            from hygie.jobs.queue_jobs import retry_job  # noqa: PLC0415 - PostgreSQL only

            retry_job(pk, now=now)


def cancel(name: str, *, actor: str, now: dt.datetime) -> None:
    """Give up what waits; a round is stopped where it stands.

    Raises:
        UsageError: if there is no such work, or it cannot be given up.
    """
    kind, pk = parse_name(name)
    if kind == "ronde":
        stop_round(_get(Round, pk, name), actor=actor, now=now)
    elif kind == "courriel":
        outbox.cancel(_get(Mail, pk, name))
    elif kind == "element":
        turn = _get(Item, pk, name).round_id
        raise UsageError(f"un élément ne s’annule pas seul : hygie jobs cancel ronde-{turn}")
    else:
        from hygie.jobs.queue_jobs import cancel_job  # noqa: PLC0415 - PostgreSQL only

        cancel_job(pk)


def _get(model: type[M], pk: int, name: str) -> M:
    found = model._default_manager.filter(pk=pk).first()  # noqa: SLF001 - Django's public name for it
    if found is None:
        raise UsageError(f"« {name} » n’existe pas ; hygie jobs list donne leurs noms")
    return found


def _rounds(state: str, at_most: int) -> Iterator[Work]:
    kept = {"running": RoundState.RUNNING, "failed": RoundState.PARTIAL}.get(state)
    rows = Round.objects.filter(state=kept).select_related("node").order_by("-pk")
    return map(_round, rows[:at_most] if kept else ())


def _round(turn: Round) -> Work:
    state = {"running": "running", "partial": "failed", "stopped": "cancelled"}
    settled = turn.items.exclude(state=ItemState.TODO).count()
    what = f"Ronde sur {turn.node.name} : {settled} éléments sur {turn.items.count()}"
    return Work(f"ronde-{turn.pk}", what, state.get(turn.state, "done"), 1)


def _items(state: str, at_most: int) -> Iterator[Work]:
    rows = Item.objects.select_related("node", "owner").order_by("-round_id", "position")
    if state == "failed":
        rows = rows.filter(state=ItemState.FAILED)
    else:
        rows = rows.filter(state=ItemState.TODO, round__state=RoundState.RUNNING)
        rows = rows.filter(owner__isnull=state == "queued")
    return map(_item, rows[:at_most])


def _item(item: Item) -> Work:
    states = {"done": "done", "failed": "failed", "stopped": "cancelled"}
    state = states.get(item.state, "running" if item.owner_id else "queued")
    what = f"{item.get_step_display()} – {item.node.name}"
    by = item.owner.name if item.owner else ""
    return Work(f"element-{item.pk}", what, state, item.attempts, item.note, by)


def _mails(state: str, at_most: int) -> Iterator[Work]:
    kept = [mail for mail, known in _MAIL_STATES.items() if known == state]
    return map(_mail, Mail.objects.filter(state__in=kept).order_by("-pk")[:at_most])


def _mail(mail: Mail) -> Work:
    states = {"sent": "done", "cancelled": "cancelled"}
    state = states.get(mail.state) or _MAIL_STATES[MailState(mail.state)]
    return Work(f"courriel-{mail.pk}", f"Courriel à {mail.to}", state, mail.attempts, mail.error)


def _jobs(state: str, at_most: int) -> list[Work]:
    if connection.vendor != "postgresql":
        return []
    from hygie.jobs.queue_jobs import jobs_in  # noqa: PLC0415 - PostgreSQL only

    return jobs_in(state, at_most=at_most)


def _job_counts() -> dict[str, int]:
    if connection.vendor != "postgresql":
        return dict.fromkeys(STATES, 0)
    from hygie.jobs.queue_jobs import job_counts  # noqa: PLC0415 - PostgreSQL only

    return job_counts()
