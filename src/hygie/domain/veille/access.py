"""The door to declarations: absent and forbidden give the same answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from hygie.domain.people.access import may
from hygie.domain.people.roles import Permission
from hygie.domain.people.scope import node_ids_for
from hygie.domain.veille.models import VexStatement

if TYPE_CHECKING:
    from hygie.domain.people.models import User


def statement_for(user: User, statement_id: int, *, to_write: bool = False) -> VexStatement:
    """Return the declaration.

    Raises:
        Http404: if it does not exist, or ``user`` may not read it, or, to write, may not accept
            risks at its place, or publish for the nation.
    """
    found = VexStatement.objects.visible_to(user).filter(pk=statement_id)
    statement = found.select_related("node").first()
    if statement is None or (to_write and not may_write(user, statement)):
        raise Http404
    return statement


def may_write(user: User, statement: VexStatement) -> bool:
    """Tell whether ``user`` may approve or revoke a declaration."""
    if statement.node_id is None:
        return publishes(user)
    return may(user, Permission.FINDING_ACCEPT, statement.node_id)


def publishes(user: User) -> bool:
    """Tell whether ``user`` publishes for the nation."""
    return bool(node_ids_for(user, Permission.VEILLE_PUBLISH).exists())
