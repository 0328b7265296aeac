"""Compare what a file says with the territory: what opened, closed, was renamed or moved. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hygie.domain.territory.incoming import time_zone_of
from hygie.domain.territory.models import ChangeKind, HoldReason
from hygie.domain.territory.placing import NATION, Facts, Key, Link, Membership, place
from hygie.vocabulary.enums import NodeKind
from hygie.vocabulary.regions import REGIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hygie.domain.territory.incoming import Described, Incoming
    from hygie.domain.territory.known import Known, KnownNode

MAX_CLOSING_SHARE: Final = 0.10
"""A file that closes a larger share of what it described may be cut: somebody must look."""

_PLACED: Final = (NodeKind.GHT, NodeKind.EJ, NodeKind.ET)


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """One difference, as ``Change`` stores it.

    ``after`` (and ``before``) hold, by kind: opened: name, columns of Node, ``parents``;
    closed: ``closed_on``, ``parents``; renamed: ``name``; moved: ``parents``; updated: columns
    of Node. ``parents`` is a sorted list of [kind, code, role].
    """

    kind: ChangeKind
    key: Key
    name: str
    before: dict[str, object]
    after: dict[str, object]
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """What an import would change.

    Attributes:
        changes: opened first, widest level first.
        hold_reason: why it must not be applied unread, empty if nothing says so.
        problems: (line, message) of what was left out.
        problem_count: how many there are in all.
        lines_read: records read and left out.
    """

    changes: tuple[PlannedChange, ...]
    hold_reason: HoldReason | None
    problems: tuple[tuple[int, str], ...]
    problem_count: int
    lines_read: int

    def counts(self) -> dict[str, dict[str, int]]:
        """Return the number of changes by kind of change and level, without zeros."""
        counted = Counter((change.kind, change.key.kind) for change in self.changes)
        return {
            kind.value: levels
            for kind in ChangeKind
            if (
                levels := {
                    level.value: counted[kind, level] for level in NodeKind if counted[kind, level]
                }
            )
        }


def compare(known: Known, incoming: Incoming) -> Difference:
    """Return what differs between the territory and what a file says.

    A node is closed when the file says so, or when this kind of file described it and no
    longer does; an EJ never closes while a site that stays open names it, and a GHT whose
    members are all in another one, as when its code changed, is closed.
    """
    problems = [*incoming.problems, *_unknown_members(known, incoming)]
    closings = _closings(known, incoming)
    closings |= _emptied(known, incoming, _facts_after(known, incoming, closings))
    placed = place(_facts_after(known, incoming, closings))
    changes = sorted(
        (
            *_closed(known, incoming, closings),
            *(
                change
                for key, links in placed.items()
                for change in _changes_of(key, links, known.nodes.get(key), incoming.nodes.get(key))
            ),
        ),
        key=_rank,
    )
    problem_count = incoming.problem_count + len(problems) - len(incoming.problems)
    return Difference(
        changes=tuple(changes),
        hold_reason=_hold_reason(known, incoming, closings, problem_count),
        problems=tuple(problems),
        problem_count=problem_count,
        lines_read=incoming.lines_read,
    )


def _closings(known: Known, incoming: Incoming) -> set[Key]:
    gone = {
        key
        for key, node in known.nodes.items()
        if node.is_open
        and key not in incoming.nodes
        and (key in incoming.closed or incoming.sources.get(key.kind) == node.details["source"])
    }
    kept = {
        Key(NodeKind.EJ, incoming.entity_of.get(key.code, "") or _parent(node, NodeKind.EJ))
        for key, node in known.nodes.items()
        if key.kind is NodeKind.ET and node.is_open and key not in gone
    }
    return gone - (kept - incoming.closed.keys())


def _emptied(known: Known, incoming: Incoming, after: Facts) -> set[Key]:
    """Return the GHT that had members, of which the file says nothing, and that lose them all."""
    had = {
        Key(NodeKind.GHT, membership.ght)
        for key, node in known.nodes.items()
        if key.kind is NodeKind.EJ and node.is_open and (membership := _membership(node))
    }
    left = {Key(NodeKind.GHT, membership.ght) for membership in after.membership_of.values()}
    return {key for key in had - left - incoming.nodes.keys() if key in after.regions}


def _facts_after(known: Known, incoming: Incoming, closings: set[Key]) -> Facts:
    regions: dict[Key, str] = {}
    entity_of: dict[str, str] = {}
    membership_of: dict[str, Membership] = {}
    for key, node in known.nodes.items():
        if not node.is_open or key in closings or key.kind not in _PLACED:
            continue
        regions[key] = str(node.details["region_code"])
        if key.kind is NodeKind.ET:
            entity_of[key.code] = _parent(node, NodeKind.EJ)
        elif key.kind is NodeKind.EJ:
            membership = _membership(node)
            if membership and Key(NodeKind.GHT, membership.ght) not in incoming.nodes:
                membership_of[key.code] = membership
    for key, described in incoming.nodes.items():
        regions[key] = str(described.details.get("region_code") or regions.get(key, ""))
    return Facts(regions, entity_of | incoming.entity_of, membership_of | incoming.membership_of)


def _parent(node: KnownNode, kind: NodeKind) -> str:
    return next((link.parent.code for link in node.links if link.parent.kind is kind), "")


def _membership(node: KnownNode) -> Membership | None:
    for link in node.links:
        if link.parent.kind is NodeKind.GHT:
            return Membership(link.parent.code, link.role)
    return None


def _unknown_members(known: Known, incoming: Incoming) -> Iterator[tuple[int, str]]:
    """Say which members of a GHT nobody described: they cannot be placed."""
    for entity, membership in incoming.membership_of.items():
        key = Key(NodeKind.EJ, entity)
        node = known.nodes.get(key)
        if key not in incoming.nodes and not (node and node.is_open):
            where = f"{entity}, membre du GHT {membership.ght}, est inconnu"
            yield 0, f"{where} : importez d’abord le fichier FINESS"


def _changes_of(
    key: Key, links: frozenset[Link], node: KnownNode | None, described: Described | None
) -> Iterator[PlannedChange]:
    if node is None or not node.is_open:
        yield _opened(key, links, node, described)
        return
    line = described.line if described else None
    if described and described.name and described.name != node.name:
        yield PlannedChange(
            ChangeKind.RENAMED,
            key,
            described.name,
            {"name": node.name},
            {"name": described.name},
            line,
        )
    if links != node.links:
        yield PlannedChange(
            ChangeKind.MOVED,
            key,
            node.name,
            {"parents": as_lists(node.links)},
            {"parents": as_lists(links)},
            line,
        )
    if described and (details := _differing(node, described)):
        before = {column: node.details[column] for column in details}
        yield PlannedChange(ChangeKind.UPDATED, key, node.name, before, details, line)


def _opened(
    key: Key, links: frozenset[Link], node: KnownNode | None, described: Described | None
) -> PlannedChange:
    if described is None:  # an agency that the first of its sites calls for
        region = REGIONS.get(key.code)
        name = region.ars_name if region else f"ARS {key.code}"
        after: dict[str, object] = {
            "source": "cog",
            "region_code": key.code,
            "time_zone": time_zone_of(key.code),
        }
    else:
        name = described.name or (node.name if node else "") or described.fallback_name
        after = dict(described.details)
    return PlannedChange(
        ChangeKind.OPENED,
        key,
        name,
        {},
        {"name": name, **after, "parents": as_lists(links)},
        described.line if described else None,
    )


def _differing(node: KnownNode, described: Described) -> dict[str, object]:
    details = described.details
    if not described.name:  # an entity known by number: a site tells nothing of its own
        details = {column: details[column] for column in ("source",)}
    return {column: value for column, value in details.items() if value != node.details[column]}


def _closed(known: Known, incoming: Incoming, closings: set[Key]) -> Iterator[PlannedChange]:
    for key in closings:
        node = known.nodes[key]
        closed_on = incoming.closed.get(key, incoming.as_of)
        yield PlannedChange(
            ChangeKind.CLOSED,
            key,
            node.name,
            {"parents": as_lists(node.links)},
            {"closed_on": closed_on.isoformat(), "parents": []},
        )


def _hold_reason(
    known: Known, incoming: Incoming, closings: set[Key], problem_count: int
) -> HoldReason | None:
    described = Counter(
        key.kind
        for key, node in known.nodes.items()
        if node.is_open and incoming.sources.get(key.kind) == node.details["source"]
    )
    implied = closings - incoming.closed.keys()
    closed = Counter(key.kind for key in implied)
    if any(count > MAX_CLOSING_SHARE * described[kind] for kind, count in closed.items()):
        return HoldReason.CLOSINGS
    if implied and problem_count:
        return HoldReason.PROBLEMS
    return None


def _rank(change: PlannedChange) -> tuple[int, int, str]:
    return (
        list(ChangeKind).index(change.kind),
        list(NodeKind).index(change.key.kind),
        change.key.code,
    )


def as_lists(links: frozenset[Link]) -> list[list[str]]:
    """Return parents as changes store them: sorted [kind, code, role]; "" is the nation."""
    return sorted([link.parent.kind.value, link.parent.code, link.role.value] for link in links)


def roles_of(parents: object) -> Mapping[Key, str]:
    """Return the role under each parent of a stored list (``as_lists``)."""
    rows = parents if isinstance(parents, list) else []
    return {
        NATION if kind == NodeKind.NATION else Key(NodeKind(kind), code): role
        for kind, code, role in rows
    }
