"""The one seam between what is to be done and who does it.

The rows say what is to be done: items of a round, e-mails of the outbox, slots of a schedule. A
backend only gets somebody to look at them. On PostgreSQL these are Procrastinate workers, on as
many machines as wanted; on SQLite it is one process beside the site. What they run is the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from django.db import connection

from hygie.jobs.embedded import Embedded

if TYPE_CHECKING:
    from collections.abc import Collection

    from hygie.domain.outbox.models import Mail
    from hygie.domain.rounds.models import Round


class Backend(Protocol):
    """Gets work looked at; losing what it does loses time, never work."""

    def begin(self, turn: Round) -> None:
        """Have a round worked on, from where it stands. Asked twice, it is done once."""

    def post(self, mails: Collection[Mail]) -> None:
        """Have these e-mails sent."""

    def has_workers(self) -> bool:
        """Tell whether somebody is there to do it."""


def backend() -> Backend:
    """Return the backend of this installation's database."""
    if connection.vendor == "postgresql":
        from hygie.jobs.queued import Queued  # noqa: PLC0415 - its tables exist on PostgreSQL only

        return Queued()
    return Embedded()
