"""The administrator's page: what the platform holds, and whether it works."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count

from hygie.domain.people.models import User
from hygie.domain.people.roles import Permission
from hygie.domain.people.scope import visible_nodes
from hygie.domain.rounds import queries as rounds
from hygie.domain.territory.models import Kind
from hygie.domain.territory.queries import waiting_reviews

if TYPE_CHECKING:
    from hygie.domain.territory.models import Node


def platform_page(user: User, node: Node) -> dict[str, object]:
    """Return counts of places and accounts, the last rounds and the imports to review."""
    counts = dict(
        visible_nodes(user, Permission.TERRITORY_READ)
        .filter(closed_on__isnull=True)
        .order_by()
        .values_list("kind")
        .annotate(Count("pk"))
    )
    accounts = User.objects.filter(is_active=True, is_service=False)
    return {
        "node": node,
        "counts": [(kind.label, counts[kind]) for kind in Kind if kind in counts],
        "accounts": accounts.count(),
        "without_role": accounts.filter(grants__isnull=True).count(),
        "turns": rounds.rounds(user)[:5],
        "reviews": waiting_reviews()[:10],
    }
