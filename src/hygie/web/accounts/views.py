"""The account page, and the one-click accounts of a demonstration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from hygie.domain.people.queries import demo_accounts
from hygie.domain.people.roles import Permission
from hygie.web.accounts.second_factor import has_one
from hygie.web.asking import grants_of, permissions_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hygie.web.asking import PersonRequest

_BACKEND = "django.contrib.auth.backends.ModelBackend"


@require_safe
@login_required
def account(request: PersonRequest) -> HttpResponse:
    """Show the person's roles, and where to change the password and the second factor."""
    held = permissions_of(request)
    context = {
        "grants": grants_of(request),
        "has_factor": has_one(request.user),
        "has_providers": bool(settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]),
        "delegates": Permission.DELEGATION_ACCEPT in held,
        "issues_tokens": Permission.TOKEN_ISSUE in held,
    }
    return render(request, "hygie/accounts/account.html", context)


@require_POST
def enter_demo(request: HttpRequest, user_id: int) -> HttpResponse:
    """Sign in as a demonstration account; there is no such address outside a demonstration."""
    if not settings.HYGIE_DEMO:
        raise Http404
    user = demo_accounts().filter(pk=user_id).first()
    if user is None:
        raise Http404
    login(request, user, backend=_BACKEND)
    return redirect("home")
