"""Where who asks holds their rights, known for the length of one request.

A database that is given a right as a subquery cannot know how many rows it opens: it sorts a
million to show fifty. Given the places themselves, it reads an index. The grants of a request
are read once anyway; the delegations of an RSSI are read once beside them.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from hygie.domain.people.models import DelegatedPermission
from hygie.domain.people.principal import Principal
from hygie.domain.people.roles import GRANTED, Permission
from hygie.domain.territory.models import Closure
from hygie.vocabulary.enums import NodeKind, Role

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator

    from hygie.domain.people.models import Grant

    Grants = Callable[[], Iterable[Grant]]


class _Asking:
    """What was read so far about one account, during one request."""

    def __init__(self, user_id: int, grants: Grants) -> None:
        self.user_id = user_id
        self.day = timezone.localdate()
        self._read = grants
        self._above: dict[int, frozenset[int]] = {}

    @cached_property
    def grants(self) -> list[Grant]:
        """The roles in force."""
        return list(self._read())

    @cached_property
    def national(self) -> frozenset[Permission]:
        """What the roles on the nation let do."""
        held: frozenset[Permission] = frozenset()
        nation = (grant for grant in self.grants if grant.node.kind == NodeKind.NATION)
        return held.union(*(GRANTED[Role(grant.role)] for grant in nation))

    @cached_property
    def _places(self) -> dict[str, frozenset[int]]:
        return _places_by_permission(self.user_id, self.grants, self.day)

    def held(self, permission: Permission) -> frozenset[int]:
        """Return the places where the account has a right, by a role or by a delegation."""
        return self._places.get(permission, frozenset())

    def above(self, node_id: int) -> frozenset[int]:
        """Return the places at or above a place today."""
        if node_id not in self._above:
            paths = Closure.objects.filter(
                descendant_id=node_id, valid_from__lte=self.day, valid_to__gt=self.day
            )
            self._above[node_id] = frozenset(paths.values_list("ancestor_id", flat=True))
        return self._above[node_id]


_ASKING: ContextVar[_Asking | None] = ContextVar("hygie_asking", default=None)


@contextmanager
def asking(user_id: int, grants: Grants) -> Iterator[None]:
    """Let ``held_places`` use the grants in force of one account, within the block.

    Args:
        user_id: whose grants they are; nobody else is answered from them.
        grants: gives the grants in force today; asked only when needed.
    """
    token = _ASKING.set(_Asking(user_id, grants))
    try:
        yield
    finally:
        _ASKING.reset(token)


def held_places(user: Any, permission: Permission) -> tuple[int, ...] | None:  # noqa: ANN401 - whoever asks, see people.scope
    """Return the nodes where ``user`` has ``permission``, None when the database decides.

    It decides outside a request, and for a token, which narrows its account.
    """
    known = _known(user)
    return None if known is None else tuple(sorted(known.held(permission)))


def is_wide(user: Any, permission: Permission) -> bool:  # noqa: ANN401 - whoever asks, see people.scope
    """Tell whether ``user`` is known to have ``permission`` on the nation: on most rows."""
    known = _known(user)
    return known is not None and permission in known.national


def reaches(user: Any, permission: Permission, node_id: int) -> bool | None:  # noqa: ANN401 - whoever asks, see people.scope
    """Tell whether ``user`` has ``permission`` on a node, None when the database decides."""
    known = _known(user)
    if known is None:
        return None
    held = known.held(permission)
    return bool(held) and not held.isdisjoint(known.above(node_id))


def _known(user: Any) -> _Asking | None:  # noqa: ANN401 - whoever asks, see people.scope
    known = _ASKING.get()
    if known is None or isinstance(user, Principal) or known.user_id != user.pk:
        return None
    return known


def _places_by_permission(
    user_id: int, grants: list[Grant], day: dt.date
) -> dict[str, frozenset[int]]:
    places: dict[str, set[int]] = defaultdict(set)
    for grant in grants:
        for permission in GRANTED[Role(grant.role)]:
            places[permission].add(grant.node_id)
    # An RSSI is the only role that a delegation opens more for.
    if Permission.DELEGATION_PROPOSE in places:
        for node_id, delegated in _delegated(user_id, grants, day):
            places[delegated].add(node_id)
    return {permission: frozenset(nodes) for permission, nodes in places.items()}


def _delegated(user_id: int, grants: list[Grant], day: dt.date) -> Iterable[tuple[int, str]]:
    """Return (node, permission) of the delegations in force that these grants let use."""
    hands = Q(delegation__to_user_id=user_id)
    for grant in grants:
        hands |= Q(delegation__to_role=grant.role, delegation__to_node_id=grant.node_id)
    return DelegatedPermission.objects.filter(
        hands,
        delegation__accepted_at__isnull=False,
        delegation__revoked_at__isnull=True,
        delegation__valid_from__lte=day,
        delegation__valid_to__gt=day,
    ).values_list("delegation__node_id", "permission")
