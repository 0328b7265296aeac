"""The first page of each role, and the choice between several roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from hygie.web.asking import grants_of
from hygie.web.home.roles import page_of_role

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hygie.domain.people.models import Grant
    from hygie.web.asking import PersonRequest

_CHOSEN = "grant"


@require_safe
@login_required
def home(request: PersonRequest) -> HttpResponse:
    """Show the page of the person's role; with several roles, of the one chosen."""
    grants = grants_of(request)
    if not grants:
        return render(request, "hygie/home/no_role.html")
    grant = _chosen(request, grants)
    if grant is None:
        return render(request, "hygie/home/choose.html", {"grants": grants})
    template, page = page_of_role(request, grant)
    return render(request, template, {**page, "grant": grant, "grants": grants})


@require_POST
@login_required
def choose_role(request: PersonRequest) -> HttpResponse:
    """Keep the role chosen for this session; only a role the person holds exists."""
    asked = request.POST.get("grant", "")
    if asked not in {str(grant.pk) for grant in grants_of(request)}:
        raise Http404
    request.session[_CHOSEN] = asked
    return redirect("home")


def _chosen(request: PersonRequest, grants: list[Grant]) -> Grant | None:
    """Return the only role, or the one chosen in this session."""
    if len(grants) == 1:
        return grants[0]
    kept = request.session.get(_CHOSEN)
    return next((grant for grant in grants if str(grant.pk) == kept), None)
