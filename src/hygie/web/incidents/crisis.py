"""The crisis board of an incident, and the copy that opens without a server."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hygie.domain.incidents import crisis, queries
from hygie.domain.incidents.access import incident_for
from hygie.domain.incidents.content import IncidentError
from hygie.domain.incidents.crisis import Report
from hygie.domain.incidents.duties import standings
from hygie.domain.incidents.kinds import Running
from hygie.domain.people.access import may
from hygie.domain.people.roles import Permission
from hygie.web.incidents.forms import ServiceForm

if TYPE_CHECKING:
    import uuid

    from hygie.domain.incidents.models import Incident
    from hygie.web.asking import PersonRequest


@require_safe
@login_required
def board(request: PersonRequest, key: uuid.UUID) -> HttpResponse:
    """Show how each service of the hospital runs."""
    return _board(request, incident_for(request.user, key))


@require_POST
@login_required
def report(request: PersonRequest, key: uuid.UUID) -> HttpResponse:
    """Say how a service runs now."""
    incident = incident_for(request.user, key, Permission.INCIDENT_HANDLE)
    with timezone.override(ZoneInfo(incident.node.time_zone)):
        form = ServiceForm(request.POST)
        valid = form.is_valid()
    if not valid:
        problem = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return _board(request, incident, problem=problem, status=422)
    said = form.cleaned_data
    told = Report(
        Running(said["running"]),
        said["since"],
        said["workaround"],
        said["impact"],
        said["expected_at"],
    )
    try:
        crisis.set_service(
            incident,
            request.POST.get("service", ""),
            told,
            actor=request.user.email,
            now=timezone.now(),
        )
    except IncidentError as error:
        return _board(request, incident, problem=str(error), status=422)
    messages.success(request, _("L’état du service est noté."))
    return redirect("incident-crisis", key)


@require_safe
@login_required
def copy(request: PersonRequest, key: uuid.UUID) -> HttpResponse:
    """Give the whole situation as one file that needs neither server nor network."""
    incident = incident_for(request.user, key)
    context = _situation(incident) | {
        "tasks": list(incident.tasks.all()),
        "lines": list(incident.lines.all()),
        "duties": standings(incident, now=timezone.now()),
    }
    page = render_to_string("hygie/incidents/copy.html", context, request)
    answer = HttpResponse(page, content_type="text/html; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{incident.number or "brouillon"}.html"'
    return answer


def _board(
    request: PersonRequest, incident: Incident, *, problem: str = "", status: int = 200
) -> HttpResponse:
    with timezone.override(ZoneInfo(incident.node.time_zone)):
        context = _situation(incident) | {
            "problem": problem,
            "handles": may(request.user, Permission.INCIDENT_HANDLE, incident.node_id),
            "form": ServiceForm(
                initial={"running": Running.STOPPED, "since": timezone.localtime()},
            ),
        }
        return render(request, "hygie/incidents/crisis.html", context, status=status)


def _situation(incident: Incident) -> dict[str, object]:
    now = timezone.now()
    services = queries.board(incident, on=timezone.localdate(now))
    return {
        "incident": incident,
        "node": incident.node,
        "now": now,
        "services": services,
        "hit": [one for one in services if one.running != Running.NORMAL],
    }
