"""Names found for an establishment: accept, refuse, say they are not ours, undo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hygie.domain.estate.mandates import allowing
from hygie.domain.people.access import may, node_for
from hygie.domain.people.roles import Permission
from hygie.domain.surveillance import discovery
from hygie.domain.surveillance.discovery import ProposalError
from hygie.domain.surveillance.models import Proposal, ProposalState
from hygie.domain.surveillance.targets import perimeter_of
from hygie.web.paging import page_of
from hygie.web.territory.reading import path_to

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from hygie.web.asking import PersonRequest

AT_ONCE: Final = 500
DIGITS: Final = 18
"""Of a key; more is no number of ours."""


@require_safe
@login_required
def name_list(request: PersonRequest, node_id: int) -> HttpResponse:
    """List the names of one state, those under the establishment's own domains first."""
    node = node_for(request.user, node_id, Permission.SURVEILLANCE_READ)
    asked = request.GET.get("etat", "")
    state = asked if asked in ProposalState.values else ProposalState.PROPOSED.value
    rows = Proposal.objects.visible_to(request.user).filter(node=node, state=state)
    now = timezone.now()
    permissions = perimeter_of(node, now=now).permissions
    page = page_of(rows.order_by("-under_own_domain", "name"), request.GET.get("page"))
    context = {
        "node": node,
        "path": [*path_to(request.user, node), node],
        "states": ProposalState,
        "state": state,
        "page": page,
        "covered": {row.pk for row in page.rows if allowing(permissions, row.name, now, row.name)},
        "may_decide": may(request.user, Permission.ESTATE_WRITE, node.pk),
    }
    return render(request, "hygie/surveillance/names.html", context)


@require_POST
@login_required
def decide(request: PersonRequest, node_id: int) -> HttpResponse:
    """Decide of the names ticked, together."""
    node = node_for(request.user, node_id, Permission.ESTATE_WRITE)
    ticked = request.POST.getlist("name")[:AT_ONCE]
    keys = [
        int(text) for text in ticked if text.isascii() and text.isdecimal() and len(text) <= DIGITS
    ]
    rows = list(Proposal.objects.filter(node=node, pk__in=keys))
    back = f"{reverse('name-list', args=[node.pk])}?etat={request.POST.get('from', '')[:8]}"
    act = _action(request)
    if not rows or act is None:
        messages.error(request, _("Cochez des noms, puis choisissez ce qu’il faut en faire."))
        return redirect(back)
    try:
        count = act(rows)
    except ProposalError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request,
            _("%(n)d nom(s) décidé(s). Une erreur ? La décision s’annule dans l’onglet voisin.")
            % {"n": count},
        )
    return redirect(back)


def _action(request: PersonRequest) -> Callable[[list[Proposal]], int] | None:
    who = {"actor": request.user.email, "now": timezone.now()}
    reason = request.POST.get("reason", "")
    actions: dict[str, Callable[[list[Proposal]], int]] = {
        "accept": lambda rows: discovery.accept(rows, **who),  # type: ignore[arg-type]
        "refuse": lambda rows: discovery.refuse(rows, reason=reason, **who),  # type: ignore[arg-type]
        "disown": lambda rows: discovery.disown(rows, **who),  # type: ignore[arg-type]
        "undo": lambda rows: discovery.undo(rows, **who),  # type: ignore[arg-type]
    }
    return actions.get(request.POST.get("act", ""))
