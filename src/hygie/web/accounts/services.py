"""Programs that call the API of one's places: open an account, give it a token, close it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hygie.domain.people import queries, services
from hygie.domain.people.roles import Permission
from hygie.domain.people.services import ServiceError
from hygie.domain.people.tokens import TokenError
from hygie.vocabulary.enums import Role
from hygie.web.asking import grants_of, permissions_of
from hygie.web.paging import page_of
from hygie.web.people.forms import ServiceForm, TokenForm

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hygie.domain.people.models import Grant, User
    from hygie.web.asking import PersonRequest


@require_safe
@login_required
def service_list(request: PersonRequest) -> HttpResponse:
    """List the programs of one's places."""
    _check(request)
    page = page_of(services.services_of(request.user), request.GET.get("page"))
    return render(request, "hygie/accounts/services.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def open_one(request: PersonRequest) -> HttpResponse:
    """Open the account of a program, with a role of one's own."""
    _check(request)
    form = ServiceForm(request.POST or None, grants=_own(request))
    if request.method == "POST" and form.is_valid():
        chosen = form.grant()
        try:
            made = services.open_service(
                form.cleaned_data["name"], Role(chosen.role), chosen.node,
                by=request.user, now=timezone.now(),
            )  # fmt: skip
        except ServiceError as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, _("Le service est prêt : émettez son premier jeton."))
            return redirect("service-token", made.pk)
    status = 422 if form.is_bound else 200
    return render(request, "hygie/accounts/service_new.html", {"form": form}, status=status)


@require_safe
@login_required
def service(request: PersonRequest, service_id: int) -> HttpResponse:
    """Show what a program may do, where, and its tokens."""
    found = services.service_for(request.user, service_id)
    today = timezone.localdate()
    places = services.places_of(found, by=request.user, on=today)
    rows = queries.tokens_of(request.user).filter(user=found)
    context = {
        "service": found,
        "places": places,
        "may_issue": bool(_rights(request, found, places)),
        "may_close": services.may_close(request.user, found, on=today),
        "page": page_of(rows, request.GET.get("page")),
        "now": timezone.now(),
    }
    return render(request, "hygie/accounts/service.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def issue(request: PersonRequest, service_id: int) -> HttpResponse:
    """Make a token of a program; its secret is shown on the answer and never again."""
    found = services.service_for(request.user, service_id)
    places = services.places_of(found, by=request.user, on=timezone.localdate())
    rights = _rights(request, found, places)
    form = TokenForm(request.POST or None, grants=places, permissions=rights)
    if request.method == "POST" and form.is_valid():
        try:
            secret, token = services.issue_for(
                found, form.cleaned_data["name"], form.chosen(), form.place(),
                expires_at=form.ends_at(), by=request.user, now=timezone.now(),
            )  # fmt: skip
        except TokenError as error:
            form.add_error(None, str(error))
        else:
            back = reverse("service", args=[found.pk])
            context = {"secret": secret, "token": token, "service": found, "back": back}
            return render(request, "hygie/accounts/token_made.html", context, status=201)
    context = {"form": form, "service": found, "rights": rights}
    status = 422 if form.is_bound else 200
    return render(request, "hygie/accounts/token_new.html", context, status=status)


@require_POST
@login_required
def close(request: PersonRequest, service_id: int) -> HttpResponse:
    """Close a program's account for good, with its tokens."""
    found = services.service_for(request.user, service_id)
    try:
        services.close_service(found, by=request.user, now=timezone.now())
    except ServiceError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Le service est fermé, ses jetons n’ouvrent plus rien."))
    return redirect("service", found.pk)


def _check(request: PersonRequest) -> None:
    if Permission.TOKEN_ISSUE not in permissions_of(request):
        raise Http404


def _own(request: PersonRequest) -> list[Grant]:
    """Return the roles of the manager that a program may hold too."""
    today = timezone.localdate()
    return [
        grant
        for grant in grants_of(request)
        if Role(grant.role) in services.offered_roles(request.user, grant.node, on=today)
    ]


def _rights(request: PersonRequest, found: User, places: list[Grant]) -> frozenset[Permission]:
    today = timezone.localdate()
    return frozenset[Permission]().union(
        *(services.permissions_for(found, one.node, by=request.user, on=today) for one in places)
    )
