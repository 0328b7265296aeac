"""How many calls a caller may make each minute, counted in a fixed window.

One process on SQLite counts in memory: a read must not wait for a round that writes. Several
processes on PostgreSQL count in one row a caller, in one statement.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import connection
from ninja.throttling import BaseThrottle

from hygie.domain.people.principal import Principal

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

WINDOW_S: Final = 60

_COUNT: Final = """
INSERT INTO api_callcount (caller, minute, calls) VALUES (%s, %s, 1)
ON CONFLICT (caller) DO UPDATE SET
    calls = CASE WHEN api_callcount.minute = excluded.minute
                 THEN api_callcount.calls + 1 ELSE 1 END,
    minute = excluded.minute
RETURNING calls
"""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a caller has left this minute; ``reset_s`` until the next one."""

    limit: int
    calls: int
    reset_s: int

    @property
    def remaining(self) -> int:
        """Return how many calls are left."""
        return max(0, self.limit - self.calls)

    @property
    def is_spent(self) -> bool:
        """Tell whether this call is one too many."""
        return self.calls > self.limit


class PerCaller(BaseThrottle):
    """Counts the calls of an account, of a token apart; the site's settings give the limit."""

    def allow_request(self, request: HttpRequest) -> bool:
        """Count the call and tell whether it may go on."""
        now = int(time.time())
        calls = count(_caller(request), now // WINDOW_S)
        allowance = Allowance(settings.API_CALLS_PER_MINUTE, calls, WINDOW_S - now % WINDOW_S)
        request._allowance = allowance  # type: ignore[attr-defined]  # noqa: SLF001 - for the headers
        return not allowance.is_spent

    def wait(self) -> float | None:
        """Return nothing: the headers say when to come back."""
        return None


def count(caller: str, minute: int) -> int:
    """Add a call of ``caller`` and return how many they made in this minute."""
    if connection.vendor != "postgresql":
        return _MEMORY.count(caller, minute)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [caller, minute])
        return int(cursor.fetchone()[0])


def announce(request: HttpRequest, response: HttpResponse) -> None:
    """Write on an answer what the caller has left."""
    allowance: Allowance | None = getattr(request, "_allowance", None)
    if allowance is None:
        return
    response["RateLimit-Limit"] = str(allowance.limit)
    response["RateLimit-Remaining"] = str(allowance.remaining)
    response["RateLimit-Reset"] = str(allowance.reset_s)
    if allowance.is_spent:
        response["Retry-After"] = str(allowance.reset_s)


class _Memory:
    """Counts of the current minute; those of the minute before are forgotten at once."""

    def __init__(self) -> None:
        self._lock, self._minute = Lock(), 0
        self._calls: dict[str, int] = {}

    def count(self, caller: str, minute: int) -> int:
        with self._lock:
            if minute != self._minute:
                self._minute, self._calls = minute, {}
            self._calls[caller] = self._calls.get(caller, 0) + 1
            return self._calls[caller]


_MEMORY: Final = _Memory()


def _caller(request: HttpRequest) -> str:
    asker = request.auth  # type: ignore[attr-defined]  # set by ninja before it counts
    return f"token:{asker.prefix}" if isinstance(asker, Principal) else f"user:{asker.pk}"
