"""Write the changes of a review: nodes in bulk, edges that end and edges that begin."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from hygie.domain.territory.difference import roles_of
from hygie.domain.territory.models import ALWAYS, Change, ChangeKind, Edge, Kind, Node
from hygie.domain.territory.placing import NATION, Key
from hygie.vocabulary.enums import NodeKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_BATCH_ROWS: Final = 2000
_DATES: Final = ("opened_on", "closed_on")
_COLUMNS: Final = frozenset(
    field.name
    for field in Node._meta.concrete_fields  # noqa: SLF001 - Django documents it
    if field.name not in ("id", "kind", "code")
)


def write_nodes(changes: Iterable[Change]) -> None:
    """Create, reopen, rename, update and close the nodes of the changes."""
    changes = list(changes)
    nodes = _nodes_of({key_of(change) for change in changes})
    created: dict[Key, Node] = {}
    touched: dict[Key, Node] = {}
    for change in changes:
        key = key_of(change)
        if key in nodes:
            node = touched[key] = nodes[key]
        else:
            node = nodes[key] = created[key] = Node(kind=change.node_kind, code=change.code)
        _write_into(node, change)
    for node in (*created.values(), *touched.values()):
        node.index()
    Node.objects.bulk_create(created.values(), batch_size=_BATCH_ROWS)
    Node.objects.bulk_update(
        [node for key, node in touched.items() if key not in created],
        sorted(_COLUMNS),
        batch_size=200,
    )


def write_edges(changes: Iterable[Change], *, as_of: dt.date, first_load: bool) -> None:
    """End the edges that no longer hold on ``as_of`` and begin those that now do.

    On a first load nothing is known of the past: what the file shows is taken to have always
    been, or to have been since the node opened.
    """
    ids = node_ids()
    wanted = {
        ids[key_of(change)]: roles_of(change.after["parents"])
        for change in changes
        if "parents" in change.after
    }
    openings = _openings() if first_load else {}
    running = _end_edges(wanted, ids, as_of)
    Edge.objects.bulk_create(
        [
            Edge(
                parent_id=ids[parent],
                child_id=child,
                role=role,
                valid_from=min(openings.get(child, as_of), as_of),
            )
            for child, roles in wanted.items()
            for parent, role in roles.items()
            if (child, ids[parent], role) not in running
        ],
        batch_size=_BATCH_ROWS,
    )


def node_ids() -> dict[Key, int]:
    """Return the primary key of each node; the nation is found under NATION."""
    rows = Node.objects.order_by().values_list("kind", "code", "pk")
    return {
        NATION if kind == Kind.NATION else Key(NodeKind(kind), code): pk
        for kind, code, pk in rows.iterator(_BATCH_ROWS)
    }


def key_of(change: Change) -> Key:
    """Return the key of the node that a change concerns."""
    return Key(NodeKind(change.node_kind), change.code)


def _nodes_of(keys: set[Key]) -> dict[Key, Node]:
    ids = [pk for key, pk in node_ids().items() if key in keys]
    found = {}
    for start in range(0, len(ids), _BATCH_ROWS):
        for node in Node.objects.filter(pk__in=ids[start:][:_BATCH_ROWS]).order_by():
            found[Key(NodeKind(node.kind), node.code)] = node
    return found


def _openings() -> dict[int, dt.date]:
    """Return since when each node was where it is, as far as a first file tells."""
    rows = Node.objects.order_by().values_list("pk", "opened_on")
    return {pk: opened_on or ALWAYS for pk, opened_on in rows.iterator(_BATCH_ROWS)}


def _write_into(node: Node, change: Change) -> None:
    if change.kind == ChangeKind.OPENED:
        node.closed_on = None
    for column, value in change.after.items():
        if column not in _COLUMNS:
            continue
        if column in _DATES and isinstance(value, str):
            setattr(node, column, dt.date.fromisoformat(value))
        else:
            setattr(node, column, value)
    if node.closed_on and node.opened_on and node.closed_on < node.opened_on:
        node.closed_on = node.opened_on


def _end_edges(
    wanted: Mapping[int, Mapping[Key, str]], ids: Mapping[Key, int], as_of: dt.date
) -> set[tuple[int, int, str]]:
    """End what is not wanted any more; return (child, parent, role) of what goes on."""
    allowed = {
        (child, ids[parent], role)
        for child, roles in wanted.items()
        for parent, role in roles.items()
    }
    running: set[tuple[int, int, str]] = set()
    by_start: dict[bool, list[int]] = defaultdict(list)
    rows = Edge.objects.filter(valid_to__gt=as_of).values_list(
        "pk", "child_id", "parent_id", "role", "valid_from"
    )
    for pk, child, parent, role, valid_from in rows.iterator(_BATCH_ROWS):
        if child not in wanted:
            continue
        if (child, parent, role) in allowed:
            running.add((child, parent, role))
        else:
            by_start[valid_from >= as_of].append(pk)
    for start in range(0, len(by_start[True]), _BATCH_ROWS):  # never held for a day
        Edge.objects.filter(pk__in=by_start[True][start:][:_BATCH_ROWS]).delete()
    for start in range(0, len(by_start[False]), _BATCH_ROWS):
        Edge.objects.filter(pk__in=by_start[False][start:][:_BATCH_ROWS]).update(valid_to=as_of)
    return running
