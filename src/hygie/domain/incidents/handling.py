"""Handle an incident: states, journal of the crisis, tasks, closure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from hygie.domain.incidents.content import CLOCK_SLACK, IncidentError
from hygie.domain.incidents.kinds import FOLLOWS, State
from hygie.domain.incidents.models import TEXT_MAX, Incident, Line, Task
from hygie.domain.journal.actions import Act, record

if TYPE_CHECKING:
    import datetime as dt

_MOST_LINES = 5_000
_MOST_TASKS = 500


def move(incident: Incident, state: State, *, actor: str, now: dt.datetime) -> Incident:
    """Bring an incident to another state of its life.

    Raises:
        IncidentError: if that state does not follow, or closing lacks cause and lessons.
    """
    with transaction.atomic():
        known = Incident.objects.select_for_update().get(pk=incident.pk)
        if state not in FOLLOWS.get(State(known.state), frozenset()):
            raise IncidentError(
                _("un incident %(here)s ne devient pas %(there)s")
                % {"here": known.get_state_display(), "there": state.label}
            )
        if state == State.CLOSED and not (known.cause.strip() and known.lessons.strip()):
            raise IncidentError(_("écrivez d’abord la cause et les enseignements"))
        known.state = state
        known.resolved_at = now if state == State.RESOLVED else known.resolved_at
        known.closed_at = now if state == State.CLOSED else None
        known.save()
        note(known, "incident.moved", {"state": state}, actor, now)
    return known


def conclude(
    incident: Incident,
    *,
    cause: str,
    lessons: str,
    cost_cents: int | None,
    actor: str,
    now: dt.datetime,
) -> Incident:
    """Write the cause, the lessons and the cost, in cents, while it is not closed.

    Raises:
        IncidentError: if it is a draft or closed, or the cost is negative.
    """
    with transaction.atomic():
        known = opened(incident)
        if cost_cents is not None and cost_cents < 0:
            raise IncidentError(_("un coût n’est pas négatif"))
        known.cause, known.lessons = cause.strip()[:TEXT_MAX], lessons.strip()[:TEXT_MAX]
        known.cost_cents = cost_cents
        known.save()
        note(known, "incident.concluded", {"cost_cents": cost_cents}, actor, now)
    return known


def write_line(
    incident: Incident, text: str, *, at: dt.datetime, actor: str, now: dt.datetime
) -> Line:
    """Add a line to the handling journal; lines are neither changed nor removed.

    Raises:
        IncidentError: if the text is empty, the time is to come, or there are too many lines.
    """
    if not text.strip():
        raise IncidentError(_("écrivez ce qui s’est passé"))
    if at > now + CLOCK_SLACK:
        raise IncidentError(_("l’heure d’un fait ne peut pas être dans le futur"))
    with transaction.atomic():
        known = opened(incident)
        if known.lines.count() >= _MOST_LINES:
            raise IncidentError(_("ce journal est plein"))
        line = Line.objects.create(
            incident=known, at=at, entered_at=now, author=actor, text=text.strip()[:TEXT_MAX]
        )
        note(known, "incident.line", {"line": line.pk}, actor, now)
    return line


def add_task(
    incident: Incident, label: str, *, owner: str = "", actor: str, now: dt.datetime
) -> Task:
    """Add something to do that no playbook foresaw.

    Raises:
        IncidentError: if it says nothing, or there are too many.
    """
    if not label.strip():
        raise IncidentError(_("dites ce qui est à faire"))
    with transaction.atomic():
        known = opened(incident)
        if known.tasks.count() >= _MOST_TASKS:
            raise IncidentError(_("trop de tâches pour un incident"))
        task = Task.objects.create(
            incident=known,
            phase="own",
            label=label.strip()[:300],
            owner=owner.strip()[:120],
            added_at=now,
        )
        note(known, "incident.task", {"task": task.pk}, actor, now)
    return task


def tick(task: Task, *, done: bool, actor: str, now: dt.datetime) -> Task:
    """Say that a task is done, or that it is not after all.

    Raises:
        IncidentError: if the incident is closed.
    """
    with transaction.atomic():
        known = opened(task.incident)
        task.done_at, task.done_by = (now, actor) if done else (None, "")
        task.save(update_fields=["done_at", "done_by"])
        note(known, "incident.ticked", {"task": task.pk, "done": done}, actor, now)
    return task


def opened(incident: Incident) -> Incident:
    """Return the incident, locked, if it can be worked on.

    Raises:
        IncidentError: if it is a draft or closed.
    """
    known = Incident.objects.select_for_update().get(pk=incident.pk)
    if known.state in (State.DRAFT, State.CLOSED):
        raise IncidentError(_("cet incident n’est pas ouvert"))
    return known


def note(
    incident: Incident, action: str, detail: dict[str, object], actor: str, now: dt.datetime
) -> None:
    """Leave the line of one act in the platform's journal."""
    act = Act(
        action,
        "incident",
        str(incident.pk),
        incident.node_id,
        {"number": incident.number} | detail,
    )
    record(act, actor=actor, now=now)
