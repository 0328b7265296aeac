"""The rounds and what each did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hygie.domain.people.roles import Permission
from hygie.domain.rounds import access, queries
from hygie.web.asking import permissions_of
from hygie.web.paging import page_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hygie.web.asking import PersonRequest


@require_safe
@login_required
def round_list(request: PersonRequest) -> HttpResponse:
    """List the rounds that touched the reader's places, newest first."""
    if Permission.ROUND_READ not in permissions_of(request):
        raise Http404
    page = page_of(queries.rounds(request.user), request.GET.get("page"), size=20)
    return render(request, "hygie/rounds/list.html", {"page": page})


@require_safe
@login_required
def round_detail(request: PersonRequest, round_id: int) -> HttpResponse:
    """Show one round: each step, and what failed with its reason."""
    found = access.round_for(request.user, round_id)
    failed = page_of(queries.failures(request.user, round_id), request.GET.get("page"))
    context = {
        "round": found,
        "steps": queries.steps(request.user, round_id),
        "page": failed,
    }
    return render(request, "hygie/rounds/detail.html", context)
