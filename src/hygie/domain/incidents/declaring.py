"""Declare an incident, then complete it: each thing said stays as it was said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from hygie.domain.incidents.content import IncidentError, disordered, missing, snapshot
from hygie.domain.incidents.drafting import apply
from hygie.domain.incidents.duties import day_of, settle_duties
from hygie.domain.incidents.kinds import State
from hygie.domain.incidents.models import Incident, Task, Version
from hygie.domain.journal.actions import Act, record
from hygie.referentials.playbooks import playbook_for

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping


def declare(
    incident: Incident, *, actor: str, now: dt.datetime, on_behalf_of: str = ""
) -> Incident:
    """Give a draft its number, its duties and its tasks; asked twice, it does it once.

    Raises:
        IncidentError: if something needed is missing, or times contradict each other.
    """
    with transaction.atomic():
        draft = _locked(incident)
        if draft.state != State.DRAFT:
            return draft
        if lacks := missing(draft):
            raise IncidentError(_("il manque : %(lacks)s") % {"lacks": ", ".join(lacks)})
        _refuse_disorder(draft)
        prefix = "EXE" if draft.is_exercise else "INC"
        draft.number = f"{prefix}-{now.year}-{draft.pk:06d}"
        draft.state = State.DECLARED
        draft.declared_at, draft.declared_by = now, actor
        draft.save()
        version = _version(draft, actor=actor, now=now)
        settle_duties(draft, now=now)
        _open_tasks(draft, now=now)
        _journal(draft, "incident.declared", version, actor, now, on_behalf_of)
    return draft


def complete(
    incident: Incident,
    changes: Mapping[str, object],
    *,
    actor: str,
    now: dt.datetime,
    on_behalf_of: str = "",
) -> Version:
    """Say more, or say better, of a declared incident: a new version, the duties it calls for.

    Raises:
        IncidentError: if it is a draft, is closed, or a value makes no sense.
    """
    with transaction.atomic():
        known = _locked(incident)
        if known.state in (State.DRAFT, State.CLOSED, State.REJECTED):
            raise IncidentError(_("cet incident ne se complète pas dans son état"))
        before = snapshot(known)
        apply(known, changes, now=now)
        _refuse_disorder(known)
        if lacks := missing(known):
            raise IncidentError(_("il manque : %(lacks)s") % {"lacks": ", ".join(lacks)})
        latest = known.versions.last()
        if snapshot(known) == before and latest is not None:
            return latest
        known.save()
        version = _version(known, actor=actor, now=now)
        settle_duties(known, now=now)
        _open_tasks(known, now=now)
        _journal(known, "incident.completed", version, actor, now, on_behalf_of)
    return version


def _locked(incident: Incident) -> Incident:
    return (
        Incident.objects.select_for_update(of=("self",)).select_related("node").get(pk=incident.pk)
    )


def _refuse_disorder(incident: Incident) -> None:
    if disordered(incident):
        raise IncidentError(_("l’incident serait connu avant d’avoir eu lieu ; corrigez l’heure"))


def _version(incident: Incident, *, actor: str, now: dt.datetime) -> Version:
    return Version.objects.create(
        incident=incident,
        number=incident.versions.count() + 1,
        content=snapshot(incident),
        at=now,
        by=actor,
    )


def _open_tasks(incident: Incident, *, now: dt.datetime) -> None:
    """Add the steps of the playbook that are not there yet: a change of kind adds, never takes."""
    book = playbook_for(incident.kind, on=day_of(incident))
    tasks = [
        Task(
            incident=incident,
            phase=phase.id,
            step=f"{phase.id}.{step.id}",
            label=step.label.fr,
            added_at=now,
        )
        for phase in book.phases
        for step in phase.steps
    ]
    Task.objects.bulk_create(tasks, ignore_conflicts=True)


def _journal(
    incident: Incident,
    action: str,
    version: Version,
    actor: str,
    now: dt.datetime,
    on_behalf_of: str,
) -> None:
    detail = {"number": incident.number, "version": version.number, "kind": incident.kind}
    act = Act(action, "incident", str(incident.pk), incident.node_id, detail)
    record(act, actor=actor, now=now, on_behalf_of=on_behalf_of)
