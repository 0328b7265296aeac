"""Read people: their roles in force and what they were told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from hygie.domain.people.models import (
    ApiToken,
    Delegation,
    Grant,
    Invitation,
    Notice,
    SignIn,
    User,
)
from hygie.domain.people.roles import Permission, roles_with
from hygie.domain.people.scope import grants_held, node_ids_for
from hygie.domain.territory.models import Closure, Node

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from django.db.models import QuerySet


def grants_in_force(user: User, *, on: dt.date | None = None) -> QuerySet[Grant]:
    """Return the grants of ``user`` on the day ``on``, widest node first."""
    day = on or timezone.localdate()
    return (
        Grant.objects.filter(user=user, valid_from__lte=day, valid_to__gt=day)
        .select_related("node")
        .order_by("node__kind", "node__name")
    )


def people_with(permission: Permission, nodes: Collection[int], *, on: dt.date) -> QuerySet[User]:
    """Return the active people who may use ``permission`` on at least one of ``nodes``."""
    above = Closure.objects.filter(
        descendant_id__in=nodes, valid_from__lte=on, valid_to__gt=on
    ).values("ancestor_id")
    in_force = Grant.objects.filter(valid_from__lte=on, valid_to__gt=on)
    delegated = Delegation.objects.filter(
        permissions__permission=permission,
        node_id__in=above,
        accepted_at__isnull=False,
        revoked_at__isnull=True,
        valid_from__lte=on,
        valid_to__gt=on,
    )
    hands = in_force.filter(
        Exists(delegated.filter(to_role=OuterRef("role"), to_node=OuterRef("node")))
    )
    proposers = in_force.filter(role__in=roles_with(Permission.DELEGATION_PROPOSE))
    own = in_force.filter(role__in=roles_with(permission), node_id__in=above)
    return User.objects.filter(
        Q(pk__in=own.values("user_id"))
        | Q(
            pk__in=proposers.filter(
                user_id__in=delegated.exclude(to_user=None).values("to_user_id")
            ).values("user_id")
        )
        | Q(pk__in=hands.values("user_id")),
        is_active=True,
        is_service=False,
    ).order_by("pk")


def account_by_verified_address(addresses: Collection[str]) -> User | None:
    """Return the open account of a person who holds one of these verified addresses."""
    wanted = [address.lower() for address in addresses]
    return User.objects.filter(
        email__in=wanted, is_active=True, is_service=False, is_demo=False
    ).first()


def people_of(user: User) -> QuerySet[User]:
    """Return the accounts that hold or held a role where ``user`` reads people, by address."""
    nodes = node_ids_for(user, Permission.PEOPLE_READ)
    return User.objects.filter(pk__in=Grant.objects.filter(node_id__in=nodes).values("user_id"))


def grants_below(user: User, *, text: str = "") -> QuerySet[Grant]:
    """Return the roles in force where ``user`` reads people, place by place."""
    today = timezone.localdate()
    rows = Grant.objects.filter(
        node_id__in=node_ids_for(user, Permission.PEOPLE_READ), valid_to__gt=today
    )
    if text:
        rows = rows.filter(
            Q(user__name__icontains=text)
            | Q(user__email__icontains=text)
            | Q(node__name__icontains=text)
        )
    return rows.select_related("user", "node").order_by("node__name", "user__email", "pk")


def grants_at(node: Node, *, on: dt.date) -> QuerySet[Grant]:
    """Return the roles in force at a place and below, for the operator of the platform."""
    below = Closure.objects.filter(ancestor=node, valid_from__lte=on, valid_to__gt=on)
    rows = Grant.objects.filter(
        node_id__in=below.values("descendant_id"), valid_from__lte=on, valid_to__gt=on
    )
    return rows.select_related("user", "node").order_by("node__name", "user__email", "pk")


def invitations_of(user: User) -> QuerySet[Invitation]:
    """Return the invitations that wait, to places where ``user`` invites, newest first."""
    return Invitation.objects.filter(
        node_id__in=node_ids_for(user, Permission.PEOPLE_INVITE),
        accepted_at__isnull=True,
        withdrawn_at__isnull=True,
    ).select_related("node")


def delegations_about(user: User, *, on: dt.date) -> QuerySet[Delegation]:
    """Return the delegations that ``user`` proposed, acts under, or may answer; newest first."""
    own = grants_held(user, on=on)
    acts = own.filter(role=OuterRef("to_role"), node=OuterRef("to_node"))
    answers = node_ids_for(user, Permission.DELEGATION_ACCEPT, on=on)
    return (
        Delegation.objects.filter(
            Q(proposed_by_id=user.pk)
            | Q(to_user_id=user.pk)
            | Exists(acts)
            | Q(node_id__in=answers)
        )
        .select_related("node", "to_user", "to_node", "proposed_by", "accepted_by", "revoked_by")
        .prefetch_related("permissions")
    )


def tokens_of(user: User) -> QuerySet[ApiToken]:
    """Return the tokens of ``user``, and of the services of places where they issue tokens."""
    nodes = node_ids_for(user, Permission.TOKEN_ISSUE)
    return ApiToken.objects.filter(
        Q(user_id=user.pk) | Q(user__is_service=True, node_id__in=nodes)
    ).select_related("user", "node")


def places_of(user: User, permission: Permission) -> QuerySet[Node]:
    """Return the places where a role of ``user`` gives a permission, widest first."""
    today = timezone.localdate()
    held = grants_held(user, on=today).filter(role__in=roles_with(permission))
    return Node.objects.filter(pk__in=held.values("node_id")).order_by("kind", "name")


def sign_ins_of(user: User) -> QuerySet[SignIn]:
    """Return the browsers where ``user`` is signed in, last seen first."""
    return SignIn.objects.filter(user=user)


def demo_accounts() -> QuerySet[User]:
    """Return the accounts that a demonstration opens in one click."""
    return User.objects.filter(is_demo=True, is_active=True).prefetch_related("grants__node")


def notices_of(user: User) -> QuerySet[Notice]:
    """Return what ``user`` was told, newest first."""
    return Notice.objects.filter(user=user)


def was_told(user: User, prefix: str) -> bool:
    """Tell whether ``user`` has a notice whose key begins with ``prefix``."""
    return notices_of(user).filter(key__startswith=prefix).exists()


def unread_count(user: User) -> int:
    """Return how many notices ``user`` has not read."""
    return notices_of(user).filter(read_at__isnull=True).count()
