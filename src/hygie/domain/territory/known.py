"""The territory as the database knows it on one day, read at once for a comparison."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Max

from hygie.domain.territory.models import Edge, EdgeRole, Node
from hygie.domain.territory.placing import NATION, Key, Link
from hygie.vocabulary.enums import NodeKind

if TYPE_CHECKING:
    from collections.abc import Mapping

DETAILS: Final = (
    "source",
    "opened_on",
    "time_zone",
    "category_code",
    "category_label",
    "legal_status",
    "region_code",
    "department",
    "commune",
    "commune_insee",
    "address",
    "postal_code",
    "siret",
    "phone",
    "latitude",
    "longitude",
    "beds",
    "emergency",
)
"""Columns of Node that a file may describe, besides its name."""


@dataclass(frozen=True, slots=True)
class KnownNode:
    """A node of the database.

    Attributes:
        name: its name.
        is_open: False once closed.
        details: the columns DETAILS; dates as ISO text, as changes store them.
        links: its parents on the day.
    """

    name: str
    is_open: bool
    details: Mapping[str, object]
    links: frozenset[Link]


@dataclass(frozen=True, slots=True)
class Known:
    """All nodes, and the newest day on which an edge begins (None without edge)."""

    nodes: Mapping[Key, KnownNode]
    newest: dt.date | None

    @property
    def is_empty(self) -> bool:
        """Whether no group, entity or site was ever recorded."""
        return not any(key.kind in (NodeKind.GHT, NodeKind.EJ, NodeKind.ET) for key in self.nodes)


def read_known(*, on: dt.date) -> Known:
    """Read every node and the edges in force on a day."""
    keys: dict[int, Key] = {}
    rows: list[tuple[Any, ...]] = []
    columns = ("pk", "kind", "code", "name", "closed_on", *DETAILS)
    for row in Node.objects.order_by().values_list(*columns).iterator(5000):
        kind = NodeKind(row[1])
        keys[row[0]] = NATION if kind is NodeKind.NATION else Key(kind, row[2])
        rows.append(row)
    links = _links(keys, on)
    nodes = {
        keys[pk]: KnownNode(name, closed_on is None, _details(values), links.get(pk, frozenset()))
        for pk, _, _, name, closed_on, *values in rows
    }
    newest = Edge.objects.aggregate(day=Max("valid_from"))["day"]
    return Known(nodes, newest)


def _links(keys: Mapping[int, Key], on: dt.date) -> dict[int, frozenset[Link]]:
    edges = Edge.objects.filter(valid_from__lte=on, valid_to__gt=on).values_list(
        "parent_id", "child_id", "role"
    )
    links: dict[int, set[Link]] = defaultdict(set)
    for parent, child, role in edges.iterator(5000):
        links[child].add(Link(keys[parent], EdgeRole(role)))
    return {child: frozenset(found) for child, found in links.items()}


def _details(values: list[Any]) -> dict[str, object]:
    return {
        column: value.isoformat() if isinstance(value, dt.date) else value
        for column, value in zip(DETAILS, values, strict=True)
    }
