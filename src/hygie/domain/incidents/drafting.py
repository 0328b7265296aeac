"""Start a declaration and keep what is typed, field by field: a power cut loses nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from hygie.domain.incidents.content import IncidentError, checked
from hygie.domain.incidents.kinds import State
from hygie.domain.incidents.models import Incident
from hygie.domain.journal.actions import Act, record

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from hygie.domain.territory.models import Node


def start_draft(node: Node, *, actor: str, now: dt.datetime, is_exercise: bool = False) -> Incident:
    """Return the draft that this person has open for this place, or a new one."""
    with transaction.atomic():
        open_one = Incident.objects.filter(
            node=node, state=State.DRAFT, started_by=actor, is_exercise=is_exercise
        ).first()
        if open_one is not None:
            return open_one
        incident = Incident.objects.create(
            node=node,
            is_exercise=is_exercise,
            answers=known_answers(node),
            # Pickers know minutes: what is sent in this one must not precede it.
            aware_at=now.replace(second=0, microsecond=0),
            started_at=now,
            started_by=actor,
            saved_at=now,
        )
        record(Act("incident.started", "incident", str(incident.pk), node.pk), actor=actor, now=now)
    return incident


def save_draft(incident: Incident, changes: Mapping[str, object], *, now: dt.datetime) -> Incident:
    """Keep some fields of a draft; ``answers`` are added to those kept, None takes one back.

    Raises:
        IncidentError: if it is no draft any more, or a value makes no sense: nothing is kept.
    """
    with transaction.atomic():
        draft = Incident.objects.select_for_update().get(pk=incident.pk)
        if draft.state != State.DRAFT:
            raise IncidentError(_("cette déclaration est déjà partie ; complétez-la plutôt"))
        apply(draft, changes, now=now)
        draft.save()
    return draft


def apply(incident: Incident, changes: Mapping[str, object], *, now: dt.datetime) -> None:
    """Set fields on a row, unsaved.

    Raises:
        IncidentError: as ``checked``.
    """
    merged = dict(changes)
    answers = merged.get("answers")
    if isinstance(answers, dict):
        merged["answers"] = dict(incident.answers) | answers
    for field, value in checked(merged, now=now).items():
        setattr(incident, field, value)
    incident.saved_at = now


def drop_draft(incident: Incident, *, actor: str, now: dt.datetime) -> None:
    """Throw a draft away; a declared incident stays for ever.

    Raises:
        IncidentError: if it was declared.
    """
    with transaction.atomic():
        draft = Incident.objects.select_for_update().get(pk=incident.pk)
        if draft.state != State.DRAFT:
            raise IncidentError(_("un incident déclaré ne s’efface pas"))
        act = Act("incident.dropped", "incident", str(draft.pk), draft.node_id)
        draft.delete()
        record(act, actor=actor, now=now)


def known_answers(node: Node) -> dict[str, object]:
    """Return what Hygie knows before anybody answers: the kind of structure."""
    return {"structure_kind": "health"} if node.kind in ("ej", "et") else {}
