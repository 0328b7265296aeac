"""The person's API tokens: issue one, see it once, revoke it."""

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

from hygie.domain.people import access, queries, tokens
from hygie.domain.people.roles import GRANTED, Permission
from hygie.domain.people.tokens import TokenError
from hygie.vocabulary.enums import Role
from hygie.web.asking import grants_of, permissions_of
from hygie.web.paging import page_of
from hygie.web.people.forms import TokenForm

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hygie.web.asking import PersonRequest


@require_safe
@login_required
def token_list(request: PersonRequest) -> HttpResponse:
    """List the person's tokens and those of the services of their places."""
    _check(request)
    page = page_of(queries.tokens_of(request.user), request.GET.get("page"))
    context = {"page": page, "now": timezone.now()}
    return render(request, "hygie/accounts/tokens.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def issue(request: PersonRequest) -> HttpResponse:
    """Make a token; its secret is shown on the answer and never again."""
    _check(request)
    grants = [
        grant for grant in grants_of(request) if Permission.TOKEN_ISSUE in GRANTED[Role(grant.role)]
    ]
    held = permissions_of(request)
    form = TokenForm(request.POST or None, grants=grants, permissions=held)
    if request.method == "POST" and form.is_valid():
        try:
            secret, token = _issue(request, form)
        except TokenError as error:
            form.add_error(None, str(error))
        else:
            context = {"secret": secret, "token": token, "back": reverse("token-list")}
            return render(request, "hygie/accounts/token_made.html", context, status=201)
    status = 422 if form.is_bound else 200
    return render(request, "hygie/accounts/token_new.html", {"form": form}, status=status)


@require_POST
@login_required
def revoke(request: PersonRequest, token_id: int) -> HttpResponse:
    """Close a token at once."""
    token = access.token_for(request.user, token_id)
    tokens.revoke_token(token, actor=request.user.actor, now=timezone.now())
    messages.success(request, _("Le jeton est révoqué : il n’ouvre plus rien."))
    return redirect("token-list")


def _check(request: PersonRequest) -> None:
    if Permission.TOKEN_ISSUE not in permissions_of(request):
        raise Http404


def _issue(request: PersonRequest, form: TokenForm) -> tuple[str, object]:
    return tokens.issue(
        request.user,
        form.cleaned_data["name"],
        form.chosen(),
        form.place(),
        expires_at=form.ends_at(),
        actor=request.user.actor,
        now=timezone.now(),
    )
