"""The pages of what went wrong; each says what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django.http import HttpRequest


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer the same for what does not exist and for what the person may not see."""
    return render(request, "hygie/pages/not_found.html", status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Say that the form is too old or was sent from elsewhere."""
    return render(request, "hygie/pages/forbidden.html", status=403)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Say that a form was refused, and to send it again."""
    return render(request, "hygie/pages/forbidden.html", status=403)


def broken(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer without database nor session: both may be what broke."""
    page = loader.get_template("hygie/pages/broken.html")
    return HttpResponse(page.render({"title": _("Erreur du service")}), status=500)
