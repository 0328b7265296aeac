"""What people do about an incident: each a POST that comes back to its page."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hygie.domain.incidents import filing
from hygie.domain.incidents import handling as actions
from hygie.domain.incidents.access import incident_for
from hygie.domain.incidents.content import IncidentError
from hygie.domain.incidents.kinds import State
from hygie.domain.incidents.models import Channel
from hygie.domain.people.access import may, on_behalf_of
from hygie.domain.people.roles import Permission
from hygie.web.incidents.forms import ConclusionForm, FilingForm, LineForm, TaskForm
from hygie.web.incidents.views import detail_page

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable

    from django import forms
    from django.http import HttpResponse

    from hygie.domain.incidents.models import Incident
    from hygie.web.asking import PersonRequest

_HANDLE = Permission.INCIDENT_HANDLE


@require_POST
@login_required
def file_duty(request: PersonRequest, key: uuid.UUID, duty_id: int) -> HttpResponse:
    """Note that a recipient was told."""
    incident = incident_for(request.user, key, _HANDLE)
    duty = incident.duties.filter(pk=duty_id).first()
    if duty is None:
        raise Http404
    now = timezone.now()

    def told(form: forms.Form) -> None:
        filing.file_duty(
            duty,
            channel=Channel.HAND,
            filed_at=form.cleaned_data["filed_at"],
            actor=request.user.email,
            now=now,
            proof=form.cleaned_data["proof"],
            on_behalf_of=on_behalf_of(
                request.user, [_HANDLE], incident.node_id, on=timezone.localdate(now)
            ),
        )

    return _do(request, incident, FilingForm, told, _("L’envoi est noté, avec ce qui a été dit."))


@require_POST
@login_required
def move(request: PersonRequest, key: uuid.UUID) -> HttpResponse:
    """Bring the incident to another state."""
    incident = incident_for(request.user, key)
    if not any(
        may(request.user, one, incident.node_id) for one in (_HANDLE, Permission.INCIDENT_QUALIFY)
    ):
        raise Http404
    try:
        state = State(request.POST.get("state", ""))
        moved = actions.move(incident, state, actor=request.user.email, now=timezone.now())
    except ValueError:
        return detail_page(request, incident, problem=_("état inconnu"), status=422)
    except IncidentError as error:
        return detail_page(request, incident, problem=str(error), status=422)
    text = _("L’incident est maintenant : %(state)s.")
    messages.success(request, text % {"state": moved.get_state_display()})
    return redirect("incident", key)


@require_POST
@login_required
def write_line(request: PersonRequest, key: uuid.UUID) -> HttpResponse:
    """Add a line to the handling journal."""
    incident = incident_for(request.user, key, _HANDLE)

    def written(form: forms.Form) -> None:
        said = form.cleaned_data
        actions.write_line(
            incident, said["text"], at=said["at"], actor=request.user.email, now=timezone.now()
        )

    return _do(request, incident, LineForm, written, _("La ligne est écrite."))


@require_POST
@login_required
def add_task(request: PersonRequest, key: uuid.UUID) -> HttpResponse:
    """Add something to do."""
    incident = incident_for(request.user, key, _HANDLE)

    def added(form: forms.Form) -> None:
        said = form.cleaned_data
        actions.add_task(
            incident,
            said["label"],
            owner=said["owner"],
            actor=request.user.email,
            now=timezone.now(),
        )

    return _do(request, incident, TaskForm, added, _("La tâche est ajoutée."))


@require_POST
@login_required
def tick(request: PersonRequest, key: uuid.UUID, task_id: int) -> HttpResponse:
    """Say that a task is done, or is not after all."""
    incident = incident_for(request.user, key, _HANDLE)
    task = incident.tasks.filter(pk=task_id).first()
    if task is None:
        raise Http404
    done = request.POST.get("done") == "1"
    try:
        actions.tick(task, done=done, actor=request.user.email, now=timezone.now())
    except IncidentError as error:
        return detail_page(request, incident, problem=str(error), status=422)
    return redirect("incident", key)


@require_POST
@login_required
def conclude(request: PersonRequest, key: uuid.UUID) -> HttpResponse:
    """Write cause, lessons and cost."""
    incident = incident_for(request.user, key, _HANDLE)

    def concluded(form: forms.Form) -> None:
        said = form.cleaned_data
        actions.conclude(
            incident,
            cause=said["cause"],
            lessons=said["lessons"],
            cost_cents=form.cents() if isinstance(form, ConclusionForm) else None,
            actor=request.user.email,
            now=timezone.now(),
        )

    return _do(request, incident, ConclusionForm, concluded, _("C’est noté."))


def _do(
    request: PersonRequest,
    incident: Incident,
    kind: type[forms.Form],
    act: Callable[[forms.Form], None],
    done: str,
) -> HttpResponse:
    """Read a form in the zone of the place, act, and come back with what happened."""
    with timezone.override(ZoneInfo(incident.node.time_zone)):
        form = kind(request.POST)
        valid = form.is_valid()
    if not valid:
        problem = " ".join(
            f"{form.fields[name].label} : {error}" if name in form.fields else str(error)
            for name, errors in form.errors.items()
            for error in errors
        )
        return detail_page(request, incident, problem=problem, status=422)
    try:
        act(form)
    except IncidentError as error:
        return detail_page(request, incident, problem=str(error), status=422)
    messages.success(request, done)
    return redirect("incident", incident.key)
