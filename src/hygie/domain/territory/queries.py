"""Read the territory as it stood on a day. Rights are the callers': see ``people.scope``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from hygie.domain.territory.models import (
    Closure,
    Edge,
    EdgeRole,
    Kind,
    Node,
    Review,
    ReviewState,
    search_key,
)

if TYPE_CHECKING:
    import datetime as dt

_MAX_WORDS: Final = 8


def nation() -> Node:
    """Return the nation.

    Raises:
        Node.DoesNotExist: before the first import; ``actions.ensure_nation`` creates it.
    """
    return Node.objects.get(kind=Kind.NATION)


def open_on(day: dt.date) -> Q:
    """Return the condition that a node is open on a day."""
    return Q(Q(closed_on__isnull=True) | Q(closed_on__gt=day)) & Q(
        Q(opened_on__isnull=True) | Q(opened_on__lte=day)
    )


def children(node: Node, *, on: dt.date) -> QuerySet[Node]:
    """Return the nodes directly under ``node`` on a day, by name."""
    edges = Edge.objects.filter(parent=node, valid_from__lte=on, valid_to__gt=on)
    return Node.objects.filter(pk__in=edges.values("child_id"))


def parents(node: Node, *, on: dt.date) -> QuerySet[Edge]:
    """Return the edges, with their parent, that hold ``node`` on a day."""
    edges = Edge.objects.filter(child=node, valid_from__lte=on, valid_to__gt=on)
    return edges.select_related("parent").order_by("parent__name", "pk")


def ancestors(node: Node, *, on: dt.date) -> QuerySet[Node]:
    """Return the nodes above ``node`` on a day, without itself, nearest last."""
    paths = Q(
        below__descendant=node,
        below__depth__gt=0,
        below__valid_from__lte=on,
        below__valid_to__gt=on,
    )
    return Node.objects.filter(paths).order_by("-below__depth", "name", "pk")


def descendants(node: Node, *, on: dt.date, kind: Kind | None = None) -> QuerySet[Node]:
    """Return the nodes below ``node`` on a day, without itself, of one level or of all."""
    paths = Closure.objects.filter(ancestor=node, depth__gt=0, valid_from__lte=on, valid_to__gt=on)
    nodes = Node.objects.filter(pk__in=paths.values("descendant_id"))
    return nodes.filter(kind=kind) if kind else nodes


def below(node_id: int, *, on: dt.date | None = None) -> QuerySet[Closure, dict[str, int]]:
    """Return a subquery of the nodes at or under ``node_id`` on a day, today by default."""
    day = on or timezone.localdate()
    return Closure.objects.filter(
        ancestor_id=node_id, valid_from__lte=day, valid_to__gt=day
    ).values("descendant_id")  # type: ignore[return-value]  # one column, used as subquery


def counts_by_kind(node: Node, *, on: dt.date) -> dict[Kind, int]:
    """Return how many nodes of each level lie below ``node`` on a day, without zeros."""
    rows = descendants(node, on=on).order_by().values_list("kind").annotate(n=Count("pk"))
    found = dict(rows)
    return {kind: found[kind] for kind in Kind if kind in found}


def search(text: str, *, nodes: QuerySet[Node] | None = None) -> QuerySet[Node]:
    """Return the nodes whose name, town or code holds every word, accents and case apart.

    Args:
        text: words or a FINESS number, with or without spaces.
        nodes: where to look, such as what a person may see; everywhere when None.
    """
    found = Node.objects.all() if nodes is None else nodes
    number = "".join(text.split())
    if number.isdigit() and " " in text.strip():
        text = number
    words = search_key(text).split()[:_MAX_WORDS]
    if not words:
        return found.none()
    for word in words:
        found = found.filter(search_key__contains=word)
    return found


def support_of(ght: Node, *, on: dt.date) -> Node | None:
    """Return the support establishment (an EJ) of a GHT on a day, None when not known."""
    edges = Edge.objects.filter(
        parent=ght, role=EdgeRole.SUPPORT, valid_from__lte=on, valid_to__gt=on
    )
    return Node.objects.filter(pk__in=edges.values("child_id")).first()


def waiting_reviews() -> QuerySet[Review]:
    """Return the reviews that wait for a decision, newest first."""
    return Review.objects.filter(state=ReviewState.PROPOSED)


def counts_of(review: Review) -> dict[str, dict[str, int]]:
    """Return the number of changes of a review by kind of change and level, without zeros."""
    rows = (
        review.changes.order_by()
        .values_list("kind", "node_kind")
        .annotate(n=Count("pk"))
        .order_by("kind", "node_kind")
    )
    counts: dict[str, dict[str, int]] = {}
    for kind, level, count in rows:
        counts.setdefault(kind, {})[level] = count
    return counts
