"""The door to nodes and people: absent and forbidden give the same answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.db.models import Model
from django.http import Http404

from hygie.domain.people import queries
from hygie.domain.people.breadth import reaches
from hygie.domain.people.models import Grant, SignIn
from hygie.domain.people.principal import Principal
from hygie.domain.people.roles import Permission
from hygie.domain.people.scope import (
    delegations_to,
    held_permissions,
    node_ids_for,
    visible_nodes,
)
from hygie.domain.territory.models import Closure, Node

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from django.db.models import QuerySet

    from hygie.domain.people.models import ApiToken, Delegation, Invitation, User
    from hygie.domain.people.scope import Asker

M = TypeVar("M", bound=Model)


def node_for(user: Asker, node_id: int, permission: Permission = Permission.TERRITORY_READ) -> Node:
    """Return the node.

    Raises:
        Http404: if it does not exist or ``user`` may not use ``permission`` there.
    """
    match reaches(user, permission, node_id):
        case True:
            nodes = Node.objects.all()
        case False:
            raise Http404
        case _:
            nodes = visible_nodes(user, permission)
    return _only(nodes.filter(pk=node_id))


def may(user: Asker, permission: Permission, node_id: int) -> bool:
    """Tell whether ``user`` may use ``permission`` on the node today."""
    known = reaches(user, permission, node_id)
    if known is not None:
        return known
    return bool(node_ids_for(user, permission).filter(descendant_id=node_id).exists())


def on_behalf_of(
    user: Asker, permissions: Collection[Permission], node_id: int, *, on: dt.date
) -> str:
    """Return for whom ``user`` acts on a node, empty when their own role allows it.

    Args:
        user: who acts.
        permissions: of which one was needed.
        node_id: where.
        on: the day.
    """
    if isinstance(user, Principal):
        return ""
    above = Closure.objects.filter(descendant_id=node_id, valid_from__lte=on, valid_to__gt=on)
    used = (
        delegations_to(user, on=on)
        .filter(permissions__permission__in=permissions, node_id__in=above.values("ancestor_id"))
        .select_related("node")
        .first()
    )
    if used is None or held_permissions(user, node_id, on=on) & frozenset(permissions):
        return ""
    return f"{used.node.name} (délégation n° {used.pk})"


def person_for(user: User, person_id: int) -> User:
    """Return an account that holds, or held, a role where ``user`` reads people.

    Raises:
        Http404: if there is none.
    """
    return _only(queries.people_of(user).filter(pk=person_id))


def administers(user: User, person: User) -> bool:
    """Tell whether ``user`` may close an account: they administer every place of its roles."""
    if user.pk == person.pk:
        return False
    nodes = node_ids_for(user, Permission.PEOPLE_GRANT)
    held = Grant.objects.filter(user=person)
    return held.exists() and not held.exclude(node_id__in=nodes).exists()


def grant_for(user: User, grant_id: int) -> Grant:
    """Return a role held where ``user`` reads people.

    Raises:
        Http404: if there is none.
    """
    return _only(queries.grants_below(user).filter(pk=grant_id))


def invitation_for(user: User, invitation_id: int) -> Invitation:
    """Return an invitation to a place where ``user`` invites.

    Raises:
        Http404: if there is none.
    """
    return _only(queries.invitations_of(user).filter(pk=invitation_id))


def delegation_for(user: User, delegation_id: int, *, on: dt.date) -> Delegation:
    """Return a delegation that ``user`` proposed, acts under, or may answer for a member.

    Raises:
        Http404: if there is none.
    """
    return _only(queries.delegations_about(user, on=on).filter(pk=delegation_id))


def token_for(user: User, token_id: int) -> ApiToken:
    """Return a token of ``user`` or of a service account of their scope.

    Raises:
        Http404: if there is none.
    """
    return _only(queries.tokens_of(user).filter(pk=token_id))


def sign_in_for(user: User, sign_in_id: int) -> SignIn:
    """Return a browser where ``user`` is signed in.

    Raises:
        Http404: if there is none.
    """
    return _only(SignIn.objects.filter(user=user, pk=sign_in_id))


def _only(rows: QuerySet[M]) -> M:
    found = rows.first()
    if found is None:
        raise Http404
    return found
