"""Read incidents: the list and the board, one incident, what was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from hygie.domain.incidents import queries
from hygie.domain.incidents.access import incident_for
from hygie.domain.incidents.duties import standings
from hygie.domain.incidents.filing import changes_between
from hygie.domain.incidents.kinds import FOLLOWS, State
from hygie.domain.people.access import may
from hygie.domain.people.roles import Permission
from hygie.web.asking import permissions_of
from hygie.web.charts.weeks import weekly
from hygie.web.incidents.forms import (
    ConclusionForm,
    FilingForm,
    IncidentFilter,
    LineForm,
    TaskForm,
)
from hygie.web.incidents.presenting import sorted_duties
from hygie.web.paging import page_of

if TYPE_CHECKING:
    import uuid

    from hygie.domain.incidents.models import Incident
    from hygie.web.asking import PersonRequest


@require_safe
@login_required
def incident_list(request: PersonRequest) -> HttpResponse:
    """List incidents, under the picture of the last weeks."""
    if Permission.INCIDENT_READ not in permissions_of(request):
        raise Http404
    now = timezone.now()
    form = IncidentFilter(request.GET)
    rows = queries.incidents(request.user, **form.narrowing())
    seen = queries.picture(request.user, now=now)
    context = {
        "form": form,
        "page": page_of(rows, request.GET.get("page")),
        "drafts": queries.drafts(request.user, request.user.email)[:5],
        "picture": seen,
        "weeks": weekly(seen.by_week),
        "may_declare": queries.places_to_declare(request.user).exists(),
        "now": now,
    }
    return render(request, "hygie/incidents/list.html", context)


@require_safe
@login_required
def incident(request: PersonRequest, key: uuid.UUID) -> HttpResponse:
    """Show one incident: whom to tell, the journal, the tasks, the versions."""
    found = incident_for(request.user, key)
    if found.state == State.DRAFT:
        return redirect("incident-draft", key)
    return detail_page(request, found)


def detail_page(
    request: PersonRequest, found: Incident, *, problem: str = "", status: int = 200
) -> HttpResponse:
    """Return the page of an incident, with what was refused on top."""
    now = timezone.now()
    handles = may(request.user, Permission.INCIDENT_HANDLE, found.node_id)
    qualifies = may(request.user, Permission.INCIDENT_QUALIFY, found.node_id)
    with timezone.override(ZoneInfo(found.node.time_zone)):
        here = {"at": timezone.localtime(now)}
        context = {
            "incident": found,
            "node": found.node,
            "now": now,
            "problem": problem,
            **sorted_duties(standings(found, now=now)),
            "changes": _supplements(found),
            "tasks": list(found.tasks.all()),
            "lines": list(found.lines.order_by("-at", "-pk")[:200]),
            "versions": list(found.versions.all()),
            "handles": handles,
            "completes": may(request.user, Permission.INCIDENT_DECLARE, found.node_id)
            and found.state not in (State.CLOSED, State.REJECTED),
            "moves": _moves(found) if handles or qualifies else [],
            "filing_form": FilingForm(initial={"filed_at": here["at"]}),
            "line_form": LineForm(initial=here),
            "task_form": TaskForm(),
            "conclusion_form": ConclusionForm(
                initial={
                    "cause": found.cause,
                    "lessons": found.lessons,
                    "cost": None if found.cost_cents is None else found.cost_cents / 100,
                }
            ),
        }
        return render(request, "hygie/incidents/detail.html", context, status=status)


@require_safe
@login_required
def filing(request: PersonRequest, key: uuid.UUID, filing_id: int) -> HttpResponse:
    """Give back what was sent, byte for byte as its fingerprint says."""
    found = incident_for(request.user, key)
    sent = found.filings.filter(pk=filing_id).first()
    if sent is None:
        raise Http404
    answer = JsonResponse(
        sent.document,
        json_dumps_params={
            "sort_keys": True,
            "ensure_ascii": False,
            "separators": (",", ":"),
        },
    )
    name = f"{found.number}-{sent.duty.recipient}-{sent.number}.json"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _moves(found: Incident) -> list[tuple[str, str]]:
    follows = FOLLOWS.get(State(found.state), frozenset())
    return [(state.value, str(state.label)) for state in State if state in follows]


def _supplements(found: Incident) -> dict[int, list[tuple[str, object, object]]]:
    """Return, by filing, what it says otherwise than the one before it."""
    changes: dict[int, list[tuple[str, object, object]]] = {}
    previous: dict[int, object] = {}
    for sent in found.filings.order_by("duty_id", "number"):
        before = previous.get(sent.duty_id)
        if before is not None:
            changes[sent.pk] = list(changes_between(before, sent))  # type: ignore[arg-type]
        previous[sent.duty_id] = sent
    return changes
