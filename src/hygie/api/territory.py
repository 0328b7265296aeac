"""Places of the territory, as they stood on a day."""

import datetime as dt

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Query, Router, Schema
from pydantic import Field

from hygie.api.asking import asker
from hygie.api.fields import Day, Id, Search
from hygie.api.paging import Column, Page, PageQuery, page_of
from hygie.api.places import NodeOut, NodeRef, bounded, node_out, ref_of
from hygie.domain.people.access import node_for
from hygie.domain.people.models import User
from hygie.domain.people.roles import Permission
from hygie.domain.people.scope import visible_nodes
from hygie.domain.territory import queries
from hygie.domain.territory.models import EdgeRole, Node
from hygie.vocabulary.enums import NodeKind

router = Router(tags=["territory"])

_BY_NAME = (Column("name"), Column("pk"))


class AsOf(Schema):
    """A day of the past or of the future."""

    as_of: Day | None = Field(None, description="The territory of that day; today by default.")


class NodeQuery(PageQuery, AsOf):
    """What a list of places is narrowed to."""

    q: Search | None = Field(None, description="Words of the name, the town or the code.")
    kind: NodeKind | None = Field(None, description="Level of the territory.")
    under: Id | None = Field(None, description="A place: what lies below it.")


class ChildrenQuery(PageQuery, AsOf):
    """Which children."""


class ParentOut(Schema):
    """A place above, why, and since when; null dates have no known end."""

    node: NodeRef
    role: EdgeRole
    valid_from: dt.date | None
    valid_to: dt.date | None


class NodeDetail(NodeOut):
    """A place with what holds it and how many places it holds."""

    as_of: dt.date
    parents: list[ParentOut]
    below: dict[NodeKind, int] = Field(description="Number of places below, by level.")


class NodePage(Page[NodeOut]):
    """Places."""


@router.get("/nodes", response=NodePage)
def list_nodes(request: HttpRequest, filters: Query[NodeQuery]) -> object:
    """List the open places of your territory by name; your scope is that of today."""
    user, day = asker(request), _day(filters.as_of)
    rows = _seen(user).filter(queries.open_on(day))
    if filters.under is not None:
        above = node_for(user, filters.under)
        rows = rows.filter(pk__in=queries.descendants(above, on=day).order_by().values("pk"))
    if filters.kind is not None:
        rows = rows.filter(kind=filters.kind)
    if filters.q is not None:
        rows = queries.search(filters.q, nodes=rows)
    return page_of(request, rows, _BY_NAME, filters, node_out)


@router.get("/nodes/{node_id}", response=NodeDetail)
def read_node(request: HttpRequest, node_id: Path[Id], filters: Query[AsOf]) -> NodeDetail:
    """Read a place, what holds it and what it holds on a day."""
    user, day = asker(request), _day(filters.as_of)
    node = node_for(user, node_id)
    seen = _seen(user).order_by().values("pk")
    edges = queries.parents(node, on=day).filter(parent_id__in=seen)
    counts = queries.counts_by_kind(node, on=day)
    return NodeDetail(
        **node_out(node).model_dump(),
        as_of=day,
        parents=[
            ParentOut(
                node=ref_of(edge.parent),
                role=EdgeRole(edge.role),
                valid_from=bounded(edge.valid_from),
                valid_to=bounded(edge.valid_to),
            )
            for edge in edges
        ],
        below={NodeKind(kind): count for kind, count in counts.items()},
    )


@router.get("/nodes/{node_id}/children", response=NodePage)
def list_children(request: HttpRequest, node_id: Path[Id], filters: Query[ChildrenQuery]) -> object:
    """List the open places directly under a place on a day."""
    user, day = asker(request), _day(filters.as_of)
    node = node_for(user, node_id)
    under = queries.children(node, on=day).order_by().values("pk")
    rows = _seen(user).filter(queries.open_on(day), pk__in=under)
    return page_of(request, rows, _BY_NAME, filters, node_out)


def _seen(user: User) -> QuerySet[Node]:
    return visible_nodes(user, Permission.TERRITORY_READ)


def _day(asked: dt.date | None) -> dt.date:
    return asked or timezone.localdate()
