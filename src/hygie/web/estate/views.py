"""The assets and the mandates of an establishment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hygie.domain.estate import access, permits, queries
from hygie.domain.estate.permits import MandateError
from hygie.domain.people.access import node_for
from hygie.domain.people.roles import Permission
from hygie.vocabulary.enums import NodeKind
from hygie.web.estate.forms import AssetFilter
from hygie.web.estate.standing import state_of, with_standing
from hygie.web.paging import page_of
from hygie.web.territory.reading import path_to

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hygie.web.asking import PersonRequest


_WAITING: Final = 20


@require_safe
@login_required
def asset_list(request: PersonRequest, node_id: int) -> HttpResponse:
    """List what an establishment runs."""
    node = node_for(request.user, node_id, Permission.ESTATE_READ)
    form = AssetFilter(request.GET)
    rows = queries.assets(request.user, node.pk, **form.narrowing())
    context = {
        "node": node,
        "path": [*path_to(request.user, node), node],
        "form": form,
        "page": page_of(rows, request.GET.get("page")),
        "sources": queries.sources(request.user, node.pk)[:10],
    }
    return render(request, "hygie/estate/assets.html", context)


@require_safe
@login_required
def mandate_list(request: PersonRequest, node_id: int) -> HttpResponse:
    """List the mandates of an establishment with their state."""
    node = node_for(request.user, node_id, Permission.ESTATE_READ)
    page = page_of(queries.mandates(request.user, node.pk), request.GET.get("page"))
    context = {
        "node": node,
        "path": [*path_to(request.user, node), node],
        "page": page,
        "mandates": with_standing(page.rows, now=timezone.now()),
        "proposals": queries.proposals(request.user, node.pk)[:_WAITING],
        "may_propose": node.kind == NodeKind.ET and access.may_propose(request.user, node.pk),
    }
    return render(request, "hygie/estate/mandates.html", context)


@require_safe
@login_required
def mandate(request: PersonRequest, mandate_id: int) -> HttpResponse:
    """Show one mandate: perimeter, window, signatory, end."""
    found = access.mandate_for(request.user, mandate_id)
    state = state_of(found, now=timezone.now())
    context = {
        "state": state,
        "mandate": found,
        "node": found.node,
        "path": [*path_to(request.user, found.node), found.node],
        "may_revoke": state.state in ("valid", "future") and access.may_revoke(request.user, found),
    }
    return render(request, "hygie/estate/mandate.html", context)


@require_POST
@login_required
def revoke(request: PersonRequest, mandate_id: int) -> HttpResponse:
    """End a mandate at once."""
    found = access.mandate_for(request.user, mandate_id, to_write=True)
    try:
        permits.revoke_mandate(found, actor=request.user.email, now=timezone.now())
    except MandateError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Le mandat est révoqué : plus aucune sonde ne part."))
    return redirect("mandate", found.pk)
