"""Who lies under whom, day by day: the closure of the dated edges.

``close_paths`` is pure; ``rebuild_closure`` writes only the rows that changed.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from django.db import connection, transaction

from hygie.domain.territory.models import ALWAYS, EVER, Closure, Edge, Node
from hygie.vocabulary.errors import HygieError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_BATCH_ROWS: Final = 5000
_COLUMNS: Final = ("ancestor_id", "descendant_id", "depth", "valid_from", "valid_to")

_Spans = dict[int, list[tuple[int, int]]]
"""Days during which a path of each length holds: length -> half-open spans."""


class CycleError(HygieError):
    """A node would lie under itself."""


class DatedEdge(NamedTuple):
    """``child`` is under ``parent`` on each day (proleptic ordinals) of [start, end)."""

    parent: int
    child: int
    start: int
    end: int


class DatedPath(NamedTuple):
    """``descendant`` is under ``ancestor`` on each day of [start, end).

    ``depth`` is the length of the shortest path that holds on one of these days.
    """

    ancestor: int
    descendant: int
    depth: int
    start: int
    end: int


def close_paths(edges: Iterable[DatedEdge]) -> list[DatedPath]:
    """Return every path of one edge or more, in any order.

    An edge only counts on the days when the edges above it hold too. For one couple,
    intervals that overlap or touch are one row. Cycles are refused whatever their days:
    two levels of the territory never swap.

    Raises:
        CycleError: if a node lies under itself; the message names one.
    """
    parents: dict[int, list[DatedEdge]] = defaultdict(list)
    for edge in edges:
        parents[edge.child].append(edge)
    above: dict[int, dict[int, _Spans]] = {}
    paths: list[DatedPath] = []
    for node in _parents_first(parents):
        above[node] = reached = _ancestors(parents.get(node, ()), above)
        for ancestor, spans in reached.items():
            paths.extend(
                DatedPath(ancestor, node, depth, start, end)
                for depth, start, end in _flatten(spans)
            )
    return paths


def rebuild_closure() -> int:
    """Compute the closure of all edges and write what differs; return the rows written.

    Each node lies under itself, depth 0, on every day, so that a right on a node that
    closed still opens its past.

    Raises:
        CycleError: if the edges have one; nothing is written.
    """
    with transaction.atomic():
        wanted = set(_wanted_rows())
        stale = []
        for pk, *row in Closure.objects.values_list("pk", *_COLUMNS).iterator(_BATCH_ROWS):
            if tuple(row) in wanted:
                wanted.discard(tuple(row))
            else:
                stale.append(pk)
        for start in range(0, len(stale), _BATCH_ROWS):
            Closure.objects.filter(pk__in=stale[start : start + _BATCH_ROWS]).delete()
        _insert(sorted(wanted))
    return len(wanted) + len(stale)


def _wanted_rows() -> Iterable[tuple[int, int, int, dt.date, dt.date]]:
    for node_id in Node.objects.values_list("pk", flat=True).order_by():
        yield node_id, node_id, 0, ALWAYS, EVER
    edges = Edge.objects.values_list("parent_id", "child_id", "valid_from", "valid_to")
    dates: dict[int, dt.date] = {}
    paths = close_paths(
        DatedEdge(parent, child, start.toordinal(), end.toordinal())
        for parent, child, start, end in edges.iterator(_BATCH_ROWS)
    )
    for path in paths:
        for day in (path.start, path.end):
            if day not in dates:
                dates[day] = dt.date.fromordinal(day)
        yield path.ancestor, path.descendant, path.depth, dates[path.start], dates[path.end]


def _insert(rows: Sequence[tuple[int, int, int, dt.date, dt.date]]) -> None:
    """Insert without model instances: three times faster on a whole territory."""
    table = connection.ops.quote_name(Closure._meta.db_table)  # noqa: SLF001 - Django documents it
    columns = ", ".join(connection.ops.quote_name(column) for column in _COLUMNS)
    statement = f"INSERT INTO {table} ({columns}) VALUES (%s, %s, %s, %s, %s)"  # noqa: S608 - names of our own model
    adapt = connection.ops.adapt_datefield_value
    texts = {day: adapt(day) for day in {day for row in rows for day in row[3:]}}
    with connection.cursor() as cursor:
        for start in range(0, len(rows), _BATCH_ROWS):
            cursor.executemany(
                statement,
                [(*row[:3], texts[row[3]], texts[row[4]]) for row in rows[start:][:_BATCH_ROWS]],
            )


def _parents_first(parents: Mapping[int, Sequence[DatedEdge]]) -> list[int]:
    children: dict[int, list[int]] = defaultdict(list)
    waiting = {node: len(edges) for node, edges in parents.items()}
    for node, edges in parents.items():
        for edge in edges:
            children[edge.parent].append(node)
    ready = [node for node in children if node not in waiting]
    order = []
    while ready:
        node = ready.pop()
        order.append(node)
        for child in children.get(node, ()):
            waiting[child] -= 1
            if not waiting[child]:
                ready.append(child)
    caught = [node for node, count in waiting.items() if count]
    if caught:
        raise CycleError(
            f"rattachements en boucle autour du nœud {min(caught)} : corrigez l’un d’eux"
        )
    return order


def _ancestors(
    edges: Iterable[DatedEdge], above: Mapping[int, Mapping[int, _Spans]]
) -> dict[int, _Spans]:
    reached: dict[int, _Spans] = defaultdict(lambda: defaultdict(list))
    for edge in edges:
        reached[edge.parent][1].append((edge.start, edge.end))
        for ancestor, spans in above[edge.parent].items():
            for depth, days in spans.items():
                common = [
                    (max(start, edge.start), min(end, edge.end))
                    for start, end in days
                    if start < edge.end and edge.start < end
                ]
                if common:
                    reached[ancestor][depth + 1].extend(common)
    for spans in reached.values():
        for depth, days in spans.items():
            if len(days) > 1:
                spans[depth] = _merge(days)
    return reached


def _merge(days: list[tuple[int, int]]) -> list[tuple[int, int]]:
    days.sort()
    merged = [days[0]]
    for start, end in days[1:]:
        last_start, last_end = merged[-1]
        if start <= last_end:
            merged[-1] = (last_start, max(last_end, end))
        else:
            merged.append((start, end))
    return merged


def _flatten(spans: _Spans) -> list[tuple[int, int, int]]:
    """Return (shortest depth, start, end) of each run of days, whatever the depth."""
    if len(spans) == 1:
        [(depth, days)] = spans.items()
        return [(depth, start, end) for start, end in days]
    runs = _merge([span for days in spans.values() for span in days])
    return [
        (
            min(
                depth for depth, days in spans.items() if any(start <= day < end for day, _ in days)
            ),
            start,
            end,
        )
        for start, end in runs
    ]
