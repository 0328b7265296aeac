"""Whether who asks holds the whole nation, known for the length of one request.

A national reader sees nearly every row. A database that is given their right as a subquery
cannot know that, and sorts a million rows to show fifty; given the nation itself, it reads an
index in order. The grants of a request are read once anyway: nothing more is asked.
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
    """Let ``held_nation`` use the grants in force of one account, within the block.

    Args:
        user_id: whose grants they are; nobody else is answered from them.
        grants: gives the grants in force today, with their node; asked only when needed.
    """
    token = _ASKING.set((user_id, grants))
    try:
        yield
    finally:
        _ASKING.reset(token)


def held_nation(user: Any, permission: Permission) -> int | None:  # noqa: ANN401 - whoever asks, see people.scope
    """Return the nation's node if ``user`` has ``permission`` there by a role, None if unknown.

    A token narrows its account and is never answered from the account's grants.
    """
    known = _ASKING.get()
    if known is None or isinstance(user, Principal) or known[0] != user.pk:
        return None
    for grant in known[1]():
        if grant.node.kind == NodeKind.NATION and permission in GRANTED[Role(grant.role)]:
            return grant.node_id
    return None
