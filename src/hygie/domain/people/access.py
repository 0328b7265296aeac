"""The door to nodes and people: absent and forbidden give the same answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from hygie.domain.people.roles import Permission
from hygie.domain.people.scope import node_ids_for, visible_nodes

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from hygie.domain.people.models import User
    from hygie.domain.territory.models import Node


def node_for(
    user: User | AnonymousUser, node_id: int, permission: Permission = Permission.TERRITORY_READ
) -> Node:
    """Return the node.

    Raises:
        Http404: if it does not exist or ``user`` may not use ``permission`` there.
    """
    node = visible_nodes(user, permission).filter(pk=node_id).first()
    if node is None:
        raise Http404
    return node


def may(user: User | AnonymousUser, permission: Permission, node_id: int) -> bool:
    """Tell whether ``user`` may use ``permission`` on the node today."""
    return bool(node_ids_for(user, permission).filter(descendant_id=node_id).exists())
