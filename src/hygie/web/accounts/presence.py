"""Keep where people are signed in, without a write at each request.

A browser seen again is written once in five minutes at most: the cache says when it was.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from django.contrib.auth import SESSION_KEY
from django.core.cache import cache
from django.utils import timezone

from hygie.domain.people import sessions

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from hygie.domain.people.models import User

_SEEN_EVERY_S: Final = 300
_AGENT_MAX: Final = 500


class PresenceMiddleware:
    """Note that a signed-in browser was seen."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then note."""
        response = self._get_response(request)
        key = request.session.session_key
        if (
            key
            and request.session.get(SESSION_KEY)
            and request.user.is_authenticated
            and cache.add(_cache_key(key), 1, _SEEN_EVERY_S)
            and not sessions.seen(key, now=timezone.now())
        ):
            # The key changes with the password: the browser is the same, its line is new.
            keep(request, request.user, key)
        return response


def keep(request: HttpRequest, user: User, session_key: str) -> None:
    """Keep that the browser of a request is signed in."""
    cache.set(_cache_key(session_key), 1, _SEEN_EVERY_S)
    sessions.opened(
        user,
        session_key,
        agent=request.META.get("HTTP_USER_AGENT", "")[:_AGENT_MAX],
        address=request.META.get("REMOTE_ADDR", ""),
        now=timezone.now(),
    )


def _cache_key(session_key: str) -> str:
    """Name the session in the cache without giving it away."""
    return f"seen:{hashlib.sha256(session_key.encode()).hexdigest()}"
