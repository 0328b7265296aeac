"""The emergency stop: one big button, and a banner on every page while it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hygie.domain.people.access import node_for
from hygie.domain.people.roles import GRANTED, Permission
from hygie.domain.people.scope import node_ids_for
from hygie.domain.surveillance import stopping
from hygie.domain.surveillance.models import Stop
from hygie.domain.surveillance.stopping import StopError
from hygie.domain.territory.models import Closure
from hygie.vocabulary.enums import Role
from hygie.web.asking import grants_of, permissions_of
from hygie.web.territory.reading import roots_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hygie.domain.territory.models import Node
    from hygie.web.asking import PersonRequest


@require_safe
@login_required
def stop_page(request: PersonRequest) -> HttpResponse:
    """Show what is stopped, and the button of each place where the reader may stop."""
    _only_who_stops(request)
    mine = node_ids_for(request.user, Permission.SURVEILLANCE_STOP)
    held = list(stopping.in_force().filter(node_id__in=mine))
    stopped = {one.node_id for one in held}
    context = {
        "held": held,
        "above": [one for one in stops_about(request) if one.pk not in {each.pk for each in held}],
        "places": [node for node in _places(request) if node.pk not in stopped],
        "past": Stop.objects.filter(node_id__in=mine, ended_at__isnull=False).select_related(
            "node"
        )[:10],
    }
    return render(request, "hygie/surveillance/stop.html", context)


@require_POST
@login_required
def stop(request: PersonRequest) -> HttpResponse:
    """Stop at once."""
    _only_who_stops(request)
    if not _number(request, "node"):
        return redirect("stop-page")
    node = node_for(request.user, _number(request, "node"), Permission.SURVEILLANCE_STOP)
    reason = request.POST.get("reason", "")
    try:
        stopping.stop(node, reason=reason, actor=request.user.email, now=timezone.now())
    except StopError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Arrêté : dans la seconde, plus aucune sonde ne part."))
    return redirect("stop-page")


@require_POST
@login_required
def start(request: PersonRequest) -> HttpResponse:
    """End a stop."""
    _only_who_stops(request)
    if not _number(request, "stop"):
        return redirect("stop-page")
    mine = node_ids_for(request.user, Permission.SURVEILLANCE_STOP)
    found = get_object_or_404(Stop, pk=_number(request, "stop"), node_id__in=mine)
    try:
        stopping.start(found, actor=request.user.email, now=timezone.now())
    except StopError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("La surveillance reprend, dans les limites des mandats."))
    return redirect("stop-page")


def stops_about(request: HttpRequest) -> list[Stop]:
    """Return the stops that hold for a place of the reader, above or below it."""
    held = list(stopping.in_force())
    mine = {grant.node_id for grant in grants_of(request)}
    if not held or not mine:
        return []
    at = {one.node_id for one in held}
    pairs = set(
        Closure.objects.filter(ancestor_id__in=at, descendant_id__in=mine).values_list(
            "ancestor_id", flat=True
        )
    ) | set(
        Closure.objects.filter(ancestor_id__in=mine, descendant_id__in=at).values_list(
            "descendant_id", flat=True
        )
    )
    return [one for one in held if one.node_id in pairs]


def _places(request: PersonRequest) -> list[Node]:
    granted = [
        grant
        for grant in grants_of(request)
        if Permission.SURVEILLANCE_STOP in GRANTED[Role(grant.role)]
    ]
    return roots_of(granted)


def _only_who_stops(request: PersonRequest) -> None:
    if Permission.SURVEILLANCE_STOP not in permissions_of(request):
        raise Http404


def _number(request: PersonRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0  # noqa: PLR2004 - a key has 18 digits
