"""Tell the domain, for the length of a request, which roles its reader holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygie.domain.people.breadth import asking
from hygie.web.asking import grants_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


class BreadthMiddleware:
    """Answer within ``people.breadth.asking``; changes speed, never what is seen.

    Only pages read: what writes asks the database anew at each step.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a reading page of somebody who signed in."""
        if request.method not in ("GET", "HEAD") or not request.user.is_authenticated:
            return self._get_response(request)
        with asking(request.user.pk, lambda: grants_of(request)):
            return self._get_response(request)
