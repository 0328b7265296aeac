"""Read the tree around a place, within the reader's scope."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import Case, IntegerField, Value, When
from django.utils import timezone

from hygie.domain.people.roles import Permission
from hygie.domain.people.scope import visible_nodes
from hygie.domain.territory import queries as territory
from hygie.vocabulary.enums import NodeKind

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hygie.domain.people.models import Grant
    from hygie.domain.people.scope import Asker
    from hygie.domain.territory.models import Node

_LEVELS: Final = tuple(NodeKind)


def path_to(user: Asker, node: Node) -> list[Node]:
    """Return the places above ``node`` that the reader may see, widest first."""
    above = territory.ancestors(node, on=timezone.localdate())
    rows = visible_nodes(user, Permission.TERRITORY_READ).filter(pk__in=above.values("pk"))
    return sorted(rows, key=lambda found: _LEVELS.index(NodeKind(found.kind)))


def children_of(user: Asker, node: Node) -> QuerySet[Node]:
    """Return the places directly under ``node`` today, groups before establishments."""
    today = timezone.localdate()
    seen = visible_nodes(user, Permission.TERRITORY_READ).filter(territory.open_on(today))
    return _in_order(seen.filter(pk__in=territory.children(node, on=today).values("pk")))


def matching(user: Asker, text: str) -> QuerySet[Node]:
    """Return the open places whose name, town or code holds every word of ``text``."""
    seen = visible_nodes(user, Permission.TERRITORY_READ)
    seen = seen.filter(territory.open_on(timezone.localdate()))
    return _in_order(territory.search(text, nodes=seen))


def roots_of(grants: list[Grant]) -> list[Node]:
    """Return the places where the reader's roles lie, each once, widest first."""
    nodes = {grant.node.pk: grant.node for grant in grants}
    return sorted(nodes.values(), key=lambda node: (_LEVELS.index(NodeKind(node.kind)), node.name))


def _in_order(rows: QuerySet[Node]) -> QuerySet[Node]:
    level = Case(
        *(When(kind=kind, then=Value(rank)) for rank, kind in enumerate(_LEVELS)),
        output_field=IntegerField(),
    )
    return rows.annotate(level=level).order_by("level", "name", "pk")
