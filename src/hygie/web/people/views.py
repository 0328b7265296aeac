"""Who holds which role below one's own, and what a manager may do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hygie.domain.people import access, actions, queries
from hygie.domain.people.inviting import may_end
from hygie.domain.people.roles import Permission
from hygie.web.accounts import second_factor
from hygie.web.asking import permissions_of
from hygie.web.forms import TextFilter
from hygie.web.paging import page_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hygie.domain.people.models import User
    from hygie.web.asking import PersonRequest


@require_safe
@login_required
def people_list(request: PersonRequest) -> HttpResponse:
    """List the roles held where the person reads people, and the invitations that wait."""
    held = permissions_of(request)
    if Permission.PEOPLE_READ not in held:
        raise Http404
    form = TextFilter(request.GET)
    rows = queries.grants_below(request.user, text=form.text())
    context = {
        "form": form,
        "page": page_of(rows, request.GET.get("page")),
        "invitations": queries.invitations_of(request.user)[:50],
        "places": queries.places_of(request.user, Permission.PEOPLE_INVITE),
    }
    return render(request, "hygie/people/list.html", context)


@require_safe
@login_required
def person(request: PersonRequest, person_id: int) -> HttpResponse:
    """Show somebody's roles in one's scope, with what may be done about them."""
    found = access.person_for(request.user, person_id)
    today = timezone.localdate()
    grants = queries.grants_below(request.user).filter(user=found)
    context = {
        "person": found,
        "rows": [(grant, may_end(request.user, grant, on=today)) for grant in grants],
        "administers": access.administers(request.user, found),
        "has_factor": second_factor.has_one(found),
    }
    return render(request, "hygie/people/person.html", context)


@require_POST
@login_required
def end_role(request: PersonRequest, grant_id: int) -> HttpResponse:
    """End a role today."""
    given = access.grant_for(request.user, grant_id)
    if not may_end(request.user, given, on=timezone.localdate()):
        raise Http404
    actions.end_grant(given, actor=request.user.actor, now=timezone.now())
    messages.success(request, _("C’est fait : cette fonction n’ouvre plus rien."))
    return redirect("people-list")


@require_POST
@login_required
def close(request: PersonRequest, person_id: int) -> HttpResponse:
    """Close an account: it is signed out everywhere."""
    found = _administered(request, person_id)
    actions.close_account(found, actor=request.user.actor, now=timezone.now())
    messages.success(request, _("Le compte est fermé, ses sessions aussi."))
    return redirect("person", found.pk)


@require_POST
@login_required
def reopen(request: PersonRequest, person_id: int) -> HttpResponse:
    """Open a closed account again."""
    found = _administered(request, person_id)
    actions.reopen_account(found, actor=request.user.actor, now=timezone.now())
    messages.success(request, _("Le compte est rouvert."))
    return redirect("person", found.pk)


@require_POST
@login_required
def reset_factor(request: PersonRequest, person_id: int) -> HttpResponse:
    """Forget the second factor of who lost it; they make another at the next sign-in."""
    found = _administered(request, person_id)
    second_factor.forget(found, actor=request.user.actor, now=timezone.now())
    messages.success(
        request, _("Le second facteur est oublié, les sessions fermées. Prévenez la personne.")
    )
    return redirect("person", found.pk)


def _administered(request: PersonRequest, person_id: int) -> User:
    found = access.person_for(request.user, person_id)
    if not access.administers(request.user, found):
        raise Http404
    return found
