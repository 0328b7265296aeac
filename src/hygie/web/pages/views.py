"""Accessibility, legal notice, choice of language: open to everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_LANGUAGE_KEPT_S = 365 * 24 * 3600


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Say how far the site can be used by everybody, and whom to ask."""
    return render(request, "hygie/pages/accessibility.html")


@require_safe
def legal(request: HttpRequest) -> HttpResponse:
    """Say who runs the site, which data it keeps and under which licence."""
    return render(request, "hygie/pages/legal.html")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the language chosen, and go back to the page where it was chosen."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = redirect(back)
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=_LANGUAGE_KEPT_S,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response
