"""Read people: their roles in force and what they were told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from hygie.domain.people.models import Grant, Notice, User
from hygie.domain.people.roles import roles_with
from hygie.domain.territory.models import Closure

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from django.db.models import QuerySet

    from hygie.domain.people.roles import Permission


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
    return User.objects.filter(
        is_active=True,
        pk__in=Grant.objects.filter(
            role__in=roles_with(permission), node_id__in=above, valid_from__lte=on, valid_to__gt=on
        ).values("user_id"),
    ).order_by("pk")


def demo_accounts() -> QuerySet[User]:
    """Return the accounts that a demonstration opens in one click."""
    return User.objects.filter(is_demo=True, is_active=True).prefetch_related("grants__node")


def notices_of(user: User) -> QuerySet[Notice]:
    """Return what ``user`` was told, newest first."""
    return Notice.objects.filter(user=user)


def unread_count(user: User) -> int:
    """Return how many notices ``user`` has not read."""
    return notices_of(user).filter(read_at__isnull=True).count()
