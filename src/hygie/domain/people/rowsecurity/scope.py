"""Whose rows the database is asked for now: nobody's, a person's, a token's, or the platform's.

A context variable holds it: each request, task and thread has its own, and a new thread begins
with what its process speaks as, which is nobody unless a command said otherwise. The site never
does. ``rowsecurity.speaking`` tells the database, transaction by transaction.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hygie.domain.people.principal import Principal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygie.domain.people.scope import Asker

_SUBJECT: Final = re.compile(r"[A-Za-z0-9_-]{0,40}")


@dataclass(frozen=True, slots=True)
class Scope:
    """Who asks the database.

    Attributes:
        kind: ``nobody``, ``person``, ``token`` or ``system``.
        subject: number of the account, or prefix of the token; empty for the two others.
    """

    kind: str
    subject: str = ""

    def __post_init__(self) -> None:
        if not _SUBJECT.fullmatch(self.subject):
            raise ValueError("a scope names an account or a token")


NOBODY: Final = Scope("nobody")
SYSTEM: Final = Scope("system")
"""What no person asked for: commands of the operator, background work, migrations."""

_SPOKEN: ContextVar[Scope | None] = ContextVar("hygie_row_scope", default=None)
_process: list[Scope] = [NOBODY]


def scope_of(asker: Asker | None) -> Scope:
    """Return the scope of an account or of a token; nobody's for who is not signed in."""
    if isinstance(asker, Principal):
        return Scope("token", asker.prefix)
    return NOBODY if asker is None or asker.pk is None else Scope("person", str(asker.pk))


def current() -> Scope:
    """Return the scope in which the database is asked now."""
    return _SPOKEN.get() or _process[0]


@contextmanager
def speaking(scope: Scope) -> Iterator[None]:
    """Ask the database in ``scope`` until the end of the block, whatever happens in it.

    Also a decorator: ``@speaking(SYSTEM)`` on what writes to others than who asks.
    """
    token = _SPOKEN.set(scope)
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def speak_from_now_on(scope: Scope) -> None:
    """Change the scope for the rest of a ``speaking`` block: somebody was recognised in it."""
    if _SPOKEN.get() is not None:
        _SPOKEN.set(scope)


def process_speaks(scope: Scope) -> None:
    """Say for whom this whole process asks, its threads included: a command, never the site."""
    _process[0] = scope
