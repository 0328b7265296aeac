"""Which rows a person may see: the one place where rights become a database filter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django.db import models
from django.utils import timezone

from hygie.domain.people.models import Grant
from hygie.domain.people.roles import roles_with
from hygie.domain.territory.models import Closure, Node

if TYPE_CHECKING:
    import datetime as dt

    from django.contrib.auth.models import AnonymousUser

    from hygie.domain.people.models import User
    from hygie.domain.people.roles import Permission

M = TypeVar("M", bound=models.Model)


def grants_of(user: User | AnonymousUser, permission: Permission, *, on: dt.date) -> Any:  # noqa: ANN401 - a queryset used as subquery
    """Return the grants in force of ``user`` whose role has ``permission``."""
    return Grant.objects.filter(
        user_id=user.pk or 0,
        user__is_active=True,
        role__in=roles_with(permission),
        valid_from__lte=on,
        valid_to__gt=on,
    )


def node_ids_for(
    user: User | AnonymousUser, permission: Permission, *, on: dt.date | None = None
) -> Any:  # noqa: ANN401 - a queryset used as subquery
    """Return a subquery of the nodes where ``user`` may use ``permission`` on the day ``on``."""
    day = on or timezone.localdate()
    return Closure.objects.filter(
        ancestor_id__in=grants_of(user, permission, on=day).values("node_id"),
        valid_from__lte=day,
        valid_to__gt=day,
    ).values("descendant_id")


def visible_nodes(user: User | AnonymousUser, permission: Permission) -> models.QuerySet[Node]:
    """Return the nodes where ``user`` may use ``permission``."""
    return Node.objects.filter(pk__in=node_ids_for(user, permission))


class ScopedQuerySet(models.QuerySet[M]):
    """A queryset whose rows belong to a node; ``visible_to`` is its only door for people.

    A model names the column that leads to its node in ``scope_field`` and the permission
    that reading needs in ``scope_permission``.
    """

    scope_field: ClassVar[str] = "node_id"
    scope_permission: ClassVar[Permission]

    def visible_to(self, user: User | AnonymousUser) -> ScopedQuerySet[M]:
        """Keep the rows of the nodes where ``user`` may read this kind of object."""
        nodes = node_ids_for(user, self.scope_permission)
        return self.filter(**{f"{self.scope_field}__in": nodes})
