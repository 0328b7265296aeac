"""What surrounds every page: its language, and whose rows the database may give it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import StreamingHttpResponse
from django.utils import translation

from hygie.domain.people.rowsecurity.scope import scope_of, speak_from_now_on, speaking

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.http import HttpRequest, HttpResponse

    from hygie.domain.people.models import User
    from hygie.domain.people.rowsecurity.scope import Scope


class ChosenLanguageMiddleware:
    """Activate the language kept by the language choice, never the browser's header."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the chosen language, French by default."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self._get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class RowScopeMiddleware:
    """Ask the database for the rows of whoever sends the request, and for no others.

    A token is recognised later (``api.asking``), and narrows what was said here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the scope of the session, nobody's when there is none."""
        scope = scope_of(request.user)
        with speaking(scope):
            response = self._get_response(request)
        if isinstance(response, StreamingHttpResponse) and not response.is_async:
            # Its lines are read from the database after this middleware has returned.
            response.streaming_content = _in_scope(response.streaming_content, scope)
        return response


def follow_sign_in(request: HttpRequest, user: User, **_: object) -> None:  # noqa: ARG001 - a signal's signature
    """Ask for somebody who has just signed in, during the rest of that request."""
    speak_from_now_on(scope_of(user))


def _in_scope(lines: Iterator[bytes], scope: Scope) -> Iterator[bytes]:
    """Yield what a streamed answer says, each line asked in ``scope``."""
    end = object()
    while True:
        with speaking(scope):
            line = next(lines, end)
        if line is end:
            return
        yield line  # type: ignore[misc] # not the end
