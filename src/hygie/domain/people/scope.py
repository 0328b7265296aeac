"""Which rows a person may see: the one place where rights become a database filter.

A right comes from a role held (``Grant``) or from an accepted delegation; an API token only
narrows the roles of its account. All of it is one subquery, whoever asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias, TypeVar

from django.db import models
from django.utils import timezone

from hygie.domain.people.breadth import held_places, is_wide, reaches
from hygie.domain.people.models import Delegation, Grant
from hygie.domain.people.principal import Principal
from hygie.domain.people.roles import GRANTED, Permission, roles_with
from hygie.domain.territory.models import Closure, Node
from hygie.domain.territory.queries import below
from hygie.vocabulary.enums import Role

if TYPE_CHECKING:
    import datetime as dt

    from django.contrib.auth.models import AnonymousUser

    from hygie.domain.people.models import User

    Asker: TypeAlias = User | AnonymousUser | Principal

M = TypeVar("M", bound=models.Model)


def grants_of(user: Asker, permission: Permission, *, on: dt.date) -> Any:  # noqa: ANN401 - a queryset used as subquery
    """Return the grants in force of ``user`` whose role has ``permission``."""
    return grants_held(user, on=on).filter(role__in=roles_with(permission))


def grants_held(user: Asker, *, on: dt.date) -> models.QuerySet[Grant]:
    """Return the grants in force of an account that is open, whatever their role."""
    return Grant.objects.filter(
        user_id=user.pk or 0, user__is_active=True, valid_from__lte=on, valid_to__gt=on
    )


def delegations_to(user: Asker, *, on: dt.date) -> models.QuerySet[Delegation]:
    """Return the delegations that let ``user`` act for a member on the day ``on``.

    Who acts by name does so while they hold the role that proposes: an RSSI who left acts no more.
    """
    own = grants_held(user, on=on)
    still = own.filter(role__in=roles_with(Permission.DELEGATION_PROPOSE))
    holds = own.filter(role=models.OuterRef("to_role"), node=models.OuterRef("to_node"))
    return Delegation.objects.filter(
        models.Q(models.Exists(still), to_user_id=user.pk or 0) | models.Exists(holds),
        accepted_at__isnull=False,
        revoked_at__isnull=True,
        valid_from__lte=on,
        valid_to__gt=on,
    )


def node_ids_for(user: Asker, permission: Permission, *, on: dt.date | None = None) -> Any:  # noqa: ANN401 - a queryset used as subquery
    """Return a subquery of the nodes where ``user`` may use ``permission`` on the day ``on``."""
    day = on or timezone.localdate()
    held = held_places(user, permission) if on is None else None
    if held is not None:
        return _under(Closure.objects.filter(ancestor_id__in=held), day)
    own = grants_of(user, permission, on=day).values("node_id")
    if isinstance(user, Principal):
        if permission not in user.permissions:
            return Closure.objects.none().values("descendant_id")
        inside = below(user.node_id, on=day)
        return _under(Closure.objects.filter(ancestor_id__in=own, descendant_id__in=inside), day)
    for_others = delegations_to(user, on=day).filter(permissions__permission=permission).order_by()
    return _under(
        Closure.objects.filter(ancestor_id__in=own.union(for_others.values("node_id"))), day
    )


def held_permissions(user: Asker, node_id: int, *, on: dt.date) -> frozenset[Permission]:
    """Return what ``user`` may do on a node by roles of their own, delegations apart."""
    above = Closure.objects.filter(descendant_id=node_id, valid_from__lte=on, valid_to__gt=on)
    roles = grants_held(user, on=on).filter(node_id__in=above.values("ancestor_id"))
    held: frozenset[Permission] = frozenset()
    return held.union(*(GRANTED[Role(role)] for role in roles.values_list("role", flat=True)))


def visible_nodes(user: Asker, permission: Permission) -> models.QuerySet[Node]:
    """Return the nodes where ``user`` may use ``permission``."""
    return Node.objects.filter(pk__in=node_ids_for(user, permission))


def visible_nodes_under(user: Asker, permission: Permission, node_id: int) -> models.QuerySet[Node]:
    """Return a node and those under it, as far as ``user`` may use ``permission`` there."""
    if reaches(user, permission, node_id):
        return Node.objects.filter(pk__in=below(node_id))
    return visible_nodes(user, permission).filter(pk__in=below(node_id))


class ScopedQuerySet(models.QuerySet[M]):
    """A queryset whose rows belong to a node; ``visible_to`` is its only door for people.

    A model names the column that leads to its node in ``scope_field`` and the permission
    that reading needs in ``scope_permission``.
    """

    scope_field: ClassVar[str] = "node_id"
    scope_permission: ClassVar[Permission]

    def visible_to(self, user: Asker) -> ScopedQuerySet[M]:
        """Keep the rows of the nodes where ``user`` may read this kind of object."""
        if is_wide(user, self.scope_permission):
            # Asked row by row: the first page of an ordered list is read in order, and stops.
            column = models.OuterRef(self.scope_field)
            places = node_ids_for(user, self.scope_permission).filter(descendant_id=column)
            return self.filter(models.Exists(places))
        nodes = node_ids_for(user, self.scope_permission)
        return self.filter(**{f"{self.scope_field}__in": nodes})

    def visible_at(self, user: Asker, node_id: int) -> ScopedQuerySet[M]:
        """Keep the rows of one node, none if ``user`` may not read them there."""
        rows = self.filter(**{self.scope_field: node_id})
        match reaches(user, self.scope_permission, node_id):
            case True:
                return rows
            case False:
                return rows.none()
            case _:
                return rows.visible_to(user)

    def visible_under(self, user: Asker, node_id: int) -> ScopedQuerySet[M]:
        """Keep the rows of one node and of those under it, as far as ``user`` may read them."""
        rows = self.filter(**{f"{self.scope_field}__in": below(node_id)})
        # A right on a node opens all that lies under it: the day's paths of paths are paths.
        return rows if reaches(user, self.scope_permission, node_id) else rows.visible_to(user)


def _under(paths: models.QuerySet[Closure], on: dt.date) -> Any:  # noqa: ANN401 - a queryset used as subquery
    return paths.filter(valid_from__lte=on, valid_to__gt=on).values("descendant_id")
