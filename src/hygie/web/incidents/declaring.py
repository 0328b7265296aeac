"""Declare an incident: a form that keeps every field as it is typed, with or without script."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hygie.domain.incidents import declaring, drafting, queries
from hygie.domain.incidents.access import incident_for
from hygie.domain.incidents.content import IncidentError, missing
from hygie.domain.incidents.duties import day_of, standings
from hygie.domain.incidents.kinds import State
from hygie.domain.incidents.privacy import signs_of_persons
from hygie.domain.people.access import node_for, on_behalf_of
from hygie.domain.people.roles import Permission
from hygie.engines.clocks.regimes import facts_as_of
from hygie.web.asking import permissions_of
from hygie.web.incidents.forms import DeclarationForm
from hygie.web.incidents.presenting import sorted_duties
from hygie.web.incidents.questions import answers_from, groups_for
from hygie.web.paging import page_of

if TYPE_CHECKING:
    import uuid

    from django.http import HttpResponse

    from hygie.domain.incidents.models import Incident
    from hygie.web.asking import PersonRequest

_DECLARE = Permission.INCIDENT_DECLARE


@require_safe
@login_required
def choose(request: PersonRequest) -> HttpResponse:
    """Choose the establishment, or go on with a draft left behind."""
    if _DECLARE not in permissions_of(request):
        raise Http404
    context = {
        "page": page_of(queries.places_to_declare(request.user), request.GET.get("page")),
        "drafts": queries.drafts(request.user, request.user.email)[:20],
        "now": timezone.now(),
    }
    return render(request, "hygie/incidents/choose.html", context)


@require_POST
@login_required
def start(request: PersonRequest, node_id: int) -> HttpResponse:
    """Begin a declaration for an establishment, or find the one begun."""
    node = node_for(request.user, node_id, _DECLARE)
    draft = drafting.start_draft(
        node,
        actor=request.user.email,
        now=timezone.now(),
        is_exercise=request.POST.get("exercise") == "1",
    )
    return redirect("incident-draft", draft.key)


@require_safe
@login_required
def draft(request: PersonRequest, key: uuid.UUID) -> HttpResponse:
    """Show the form of a draft; what was declared since is shown as it is."""
    incident = incident_for(request.user, key, _DECLARE)
    if incident.state != State.DRAFT:
        return redirect("incident", key)
    return _page(request, incident)


@require_POST
@login_required
def save(request: PersonRequest, key: uuid.UUID) -> HttpResponse:
    """Keep what can be kept of the form; say what cannot."""
    incident = incident_for(request.user, key, _DECLARE)
    kept, problems = _kept(request, incident)
    if request.htmx:
        return render(request, "hygie/incidents/_side.html", _side(kept) | {"problems": problems})
    for problem in problems:
        messages.error(request, problem)
    messages.success(request, _("Le brouillon est gardé."))
    return redirect("incident-draft", key)


@require_POST
@login_required
def send(request: PersonRequest, key: uuid.UUID) -> HttpResponse:
    """Declare; what lacks comes back on the form."""
    incident = incident_for(request.user, key, _DECLARE)
    if incident.state != State.DRAFT:
        return redirect("incident", key)
    incident, problems = _kept(request, incident)
    now = timezone.now()
    if not problems:
        try:
            declaring.declare(
                incident,
                actor=request.user.email,
                now=now,
                on_behalf_of=on_behalf_of(
                    request.user, [_DECLARE], incident.node_id, on=timezone.localdate(now)
                ),
            )
        except IncidentError as error:
            problems.append(str(error))
        else:
            messages.success(
                request,
                _("L’incident est déclaré. Voici à qui le dire, dans l’ordre des délais."),
            )
            return redirect("incident", key)
    return _page(request, incident, problems=problems, status=422)


@require_POST
@login_required
def drop(request: PersonRequest, key: uuid.UUID) -> HttpResponse:
    """Throw a draft away."""
    incident = incident_for(request.user, key, _DECLARE)
    try:
        drafting.drop_draft(incident, actor=request.user.email, now=timezone.now())
    except IncidentError as error:
        messages.error(request, str(error))
        return redirect("incident", key)
    messages.success(request, _("Le brouillon est jeté."))
    return redirect("incident-list")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def complete(request: PersonRequest, key: uuid.UUID) -> HttpResponse:
    """Say more of a declared incident."""
    incident = incident_for(request.user, key, _DECLARE)
    if incident.state == State.DRAFT:
        return redirect("incident-draft", key)
    if request.method != "POST":
        return _page(request, incident)
    changes, problems = _changes(request, incident)
    if not problems:
        now = timezone.now()
        try:
            version = declaring.complete(
                incident,
                changes,
                actor=request.user.email,
                now=now,
                on_behalf_of=on_behalf_of(
                    request.user, [_DECLARE], incident.node_id, on=timezone.localdate(now)
                ),
            )
        except IncidentError as error:
            problems.append(str(error))
        else:
            text = _("Version %(number)d gardée ; les envois faits restent tels quels.")
            messages.success(request, text % {"number": version.number})
            return redirect("incident", key)
    return _page(request, incident, problems=problems, status=422)


def _kept(request: PersonRequest, incident: Incident) -> tuple[Incident, list[str]]:
    """Save the fields that hold; return the draft and what was not kept."""
    changes, problems = _changes(request, incident)
    try:
        return drafting.save_draft(incident, changes, now=timezone.now()), problems
    except IncidentError as error:
        return incident, [*problems, str(error)]


def _changes(request: PersonRequest, incident: Incident) -> tuple[dict[str, object], list[str]]:
    """Return the fields posted that can be read, and a sentence for each that cannot."""
    with timezone.override(ZoneInfo(incident.node.time_zone)):
        form = DeclarationForm(request.POST)
        form.is_valid()
    changes: dict[str, object] = {
        name: value for name, value in form.cleaned_data.items() if name in request.POST
    }
    changes["answers"] = answers_from(request.POST, facts_as_of(day_of(incident)))
    problems = [
        f"{form.fields[name].label} : {error}"
        for name, errors in form.errors.items()
        if name in request.POST
        for error in errors
    ]
    return changes, problems


def _page(
    request: PersonRequest,
    incident: Incident,
    *,
    problems: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    with timezone.override(ZoneInfo(incident.node.time_zone)):
        initial = {name: getattr(incident, name) for name in DeclarationForm.base_fields}
        for name in ("occurred_at", "aware_at"):
            initial[name] = initial[name] and timezone.localtime(initial[name])
        wanted = initial["support_wanted"]
        initial["support_wanted"] = "" if wanted is None else str(wanted).lower()
        context = _side(incident) | {
            "form": DeclarationForm(initial=initial),
            "groups": groups_for(incident),
            "problems": problems or [],
        }
        return render(request, "hygie/incidents/form.html", context, status=status)


def _side(incident: Incident) -> dict[str, object]:
    """Return what the form tells back: kept at, missing, persons named, duties to come."""
    now = timezone.now()
    return {
        "incident": incident,
        "node": incident.node,
        "now": now,
        "missing": missing(incident),
        "named": signs_of_persons(incident.summary, incident.perimeter, incident.measures),
        **sorted_duties(standings(incident, now=now)),
    }
