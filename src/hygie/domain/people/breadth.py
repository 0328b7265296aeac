"""Where who asks holds their roles, known for the length of one request.

A national or regional reader sees many rows. A database that is given their right as a subquery
cannot know that, and sorts a million rows to show fifty; given the places themselves, it reads
an index in order. The grants of a request are read once anyway: nothing more is asked.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from hygie.domain.people.principal import Principal
from hygie.domain.people.roles import GRANTED, Permission
from hygie.vocabulary.enums import NodeKind, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from hygie.domain.people.models import Grant

    Grants = Callable[[], Iterable[Grant]]

_ASKING: ContextVar[tuple[int, Grants] | None] = ContextVar("hygie_asking", default=None)


@contextmanager
def asking(user_id: int, grants: Grants) -> Iterator[None]:
    """Let ``held_places`` use the grants in force of one account, within the block.

    Args:
        user_id: whose grants they are; nobody else is answered from them.
        grants: gives the grants in force today, with their node; asked only when needed.
    """
    token = _ASKING.set((user_id, grants))
    try:
        yield
    finally:
        _ASKING.reset(token)


def held_places(user: Any, permission: Permission) -> tuple[int, ...] | None:  # noqa: ANN401 - whoever asks, see people.scope
    """Return the nodes where ``user`` has ``permission`` by a role, None when the database decides.

    It decides outside a request, for a token, which narrows its account, and for an RSSI, the
    only role that a delegation opens more for. The nation alone is returned where it is held.
    """
    known = _ASKING.get()
    if known is None or isinstance(user, Principal) or known[0] != user.pk:
        return None
    grants = list(known[1]())
    if any(Permission.DELEGATION_PROPOSE in GRANTED[Role(grant.role)] for grant in grants):
        return None
    held = [grant for grant in grants if permission in GRANTED[Role(grant.role)]]
    nation = [grant for grant in held if grant.node.kind == NodeKind.NATION]
    return tuple(sorted({grant.node_id for grant in nation or held})) or None
