"""How a place is told."""

import datetime as dt

from ninja import Schema
from pydantic import Field

from hygie.domain.territory.models import ALWAYS, EVER, Node
from hygie.vocabulary.enums import NodeKind


class NodeRef(Schema):
    """A place in a few words."""

    id: int
    kind: NodeKind
    code: str = Field(description="FINESS of an EJ or ET, code of a region or a GHT.")
    name: str


class NodeOut(NodeRef):
    """A place of the territory."""

    opened_on: dt.date | None
    closed_on: dt.date | None
    category: str = Field(description="FINESS category, in words; empty when unknown.")
    commune: str
    department: str
    region_code: str
    beds: int | None
    time_zone: str


def ref_of(node: Node) -> NodeRef:
    """Tell a place in a few words."""
    return NodeRef(id=node.pk, kind=NodeKind(node.kind), code=node.code, name=node.name)


def node_out(node: Node) -> NodeOut:
    """Tell a place."""
    return NodeOut(
        **ref_of(node).model_dump(),
        opened_on=node.opened_on,
        closed_on=node.closed_on,
        category=node.category_label,
        commune=node.commune,
        department=node.department,
        region_code=node.region_code,
        beds=node.beds,
        time_zone=node.time_zone,
    )


def bounded(day: dt.date) -> dt.date | None:
    """Return a day, None for the beginning and the end of time."""
    return None if day in (ALWAYS, EVER) else day
