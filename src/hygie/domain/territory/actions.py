"""Change the territory: lay it, propose what a file changes, apply or drop the proposal.

Each action is one transaction and leaves one line in the journal. The past is never touched:
an old edge ends and a new one begins on the day the file speaks of.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import F

from hygie.domain.journal.actions import Act, record
from hygie.domain.territory.closure import rebuild_closure
from hygie.domain.territory.comparing import ReviewError, compare_with_territory
from hygie.domain.territory.models import (
    ALWAYS,
    EVER,
    Change,
    Edge,
    EdgeRole,
    Kind,
    Node,
    Review,
    ReviewState,
    Revision,
)
from hygie.domain.territory.queries import counts_of
from hygie.domain.territory.writing import write_edges, write_nodes

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from hygie.domain.territory.comparing import Source
    from hygie.domain.territory.difference import Difference

MAX_PROBLEMS_STORED: Final = 500
_BATCH_ROWS: Final = 2000
_LISTED: Final = (Kind.GHT, Kind.EJ, Kind.ET)
_NATION: Final = ("FR", "France")


@dataclass(frozen=True, slots=True)
class NewNode:
    """A node to lay; ``details`` are columns of Node."""

    kind: Kind
    code: str
    name: str
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewEdge:
    """An edge to lay between (kind, code) couples, on each day of [valid_from, valid_to)."""

    parent: tuple[Kind, str]
    child: tuple[Kind, str]
    role: EdgeRole = EdgeRole.STRUCTURE
    valid_from: dt.date = ALWAYS
    valid_to: dt.date = EVER


def lay_territory(
    nodes: Iterable[NewNode], edges: Iterable[NewEdge], *, actor: str, now: dt.datetime
) -> dict[tuple[Kind, str], Node]:
    """Write a territory given whole, such as the demonstration's; return its nodes.

    Raises:
        KeyError: if an edge names a node that is neither new nor known.
        CycleError: if the edges have a cycle.
        IntegrityError: if a node exists already.
    """
    with transaction.atomic():
        _next_revision()
        new = [
            Node(kind=node.kind, code=node.code, name=node.name, **node.details) for node in nodes
        ]
        for node in new:
            node.index()
        Node.objects.bulk_create(new, batch_size=_BATCH_ROWS)
        known = {(Kind(node.kind), node.code): node for node in Node.objects.order_by()}
        laid = [
            Edge(
                parent=known[edge.parent],
                child=known[edge.child],
                role=edge.role,
                valid_from=edge.valid_from,
                valid_to=edge.valid_to,
            )
            for edge in edges
        ]
        Edge.objects.bulk_create(laid, batch_size=_BATCH_ROWS)
        rebuild_closure()
        detail = {"nodes": len(new), "edges": len(laid)}
        record(Act("territory.laid", "territory", "", detail=detail), actor=actor, now=now)
    return known


def ensure_nation(*, actor: str, now: dt.datetime) -> Node:
    """Return the nation; France is created where there is none."""
    with transaction.atomic():
        Revision.objects.select_for_update().get(pk=1)
        nation = Node.objects.filter(kind=Kind.NATION).first()
        if nation is None:
            code, name = _NATION
            laid = lay_territory([NewNode(Kind.NATION, code, name)], [], actor=actor, now=now)
            nation = laid[Kind.NATION, code]
    return nation


def propose(source: Source, *, as_of: dt.date | None, actor: str, now: dt.datetime) -> Review:
    """Keep what a file changes as a review, to be applied or dropped.

    Raises:
        ReviewError: as ``compare_with_territory``.
    """
    with transaction.atomic():
        revision = Revision.objects.select_for_update().get(pk=1)
        found = compare_with_territory(source, as_of=as_of, now=now)
        review = Review.objects.create(
            kind=source.file.kind,
            file_name=source.name[:200],
            sha256=source.file.sha256,
            as_of=source.day(as_of, now=now),
            created_at=now,
            created_by=actor,
            lines_read=found.lines_read,
            problem_count=found.problem_count,
            problems=[list(problem) for problem in found.problems[:MAX_PROBLEMS_STORED]],
            revision=revision.number,
            hold_reason=found.hold_reason or "",
        )
        Change.objects.bulk_create(_stored(review, found), batch_size=_BATCH_ROWS)
        detail = _detail(review, found.counts())
        if source.groups:
            detail["groups_sha256"] = source.groups.sha256
        _journal(review, "proposed", detail, actor=actor, now=now)
    return review


def may_apply_unasked(review: Review) -> bool:
    """Tell whether there is nothing to read over: no change, or a clean first load."""
    if review.problem_count or review.hold_reason:
        return False
    first_load = not Node.objects.filter(kind__in=_LISTED).exists()
    return first_load or not review.changes.exists()


def apply(review: Review, *, actor: str, now: dt.datetime) -> Review:
    """Write what a review proposes, whole or not at all.

    Raises:
        ReviewError: if it is settled already, or the territory changed since it was made.
    """
    with transaction.atomic():
        review = _unsettled(review)
        number = Revision.objects.get(pk=1).number
        if review.revision != number:
            raise ReviewError(
                f"le territoire a changé depuis la relecture {review.pk} ; importez "
                f"« {review.file_name} » de nouveau"
            )
        ensure_nation(actor=actor, now=now)
        first_load = not Node.objects.filter(kind__in=_LISTED).exists()
        changes = list(review.changes.order_by("pk"))
        write_nodes(changes)
        write_edges(changes, as_of=review.as_of, first_load=first_load)
        rebuild_closure()
        _next_revision()
        _settle(review, ReviewState.APPLIED, actor=actor, now=now)
    return review


def drop(review: Review, *, actor: str, now: dt.datetime) -> Review:
    """Give up what a review proposes.

    Raises:
        ReviewError: if it is settled already.
    """
    with transaction.atomic():
        review = _unsettled(review)
        _settle(review, ReviewState.DROPPED, actor=actor, now=now)
    return review


def _stored(review: Review, found: Difference) -> list[Change]:
    return [
        Change(
            review=review,
            kind=change.kind,
            node_kind=change.key.kind,
            code=change.key.code,
            name=change.name,
            before=change.before,
            after=change.after,
            line=change.line,
        )
        for change in found.changes
    ]


def _unsettled(review: Review) -> Review:
    """Return the review as the database has it, once every other writer is done."""
    Revision.objects.select_for_update().get(pk=1)
    review = Review.objects.get(pk=review.pk)
    if review.state != ReviewState.PROPOSED:
        raise ReviewError(f"la relecture {review.pk} est close : {review.get_state_display()}")
    return review


def _settle(review: Review, state: ReviewState, *, actor: str, now: dt.datetime) -> None:
    review.state, review.settled_at, review.settled_by = state, now, actor
    review.save(update_fields=["state", "settled_at", "settled_by"])
    _journal(review, state.value, _detail(review, counts_of(review)), actor=actor, now=now)


def _detail(review: Review, counts: Mapping[str, Mapping[str, int]]) -> dict[str, object]:
    return {
        "file": review.file_name,
        "sha256": review.sha256,
        "as_of": review.as_of.isoformat(),
        "lines_read": review.lines_read,
        "problems": review.problem_count,
        "changes": counts,
    }


def _journal(
    review: Review, verb: str, detail: Mapping[str, object], *, actor: str, now: dt.datetime
) -> None:
    act = Act(f"territory.{verb}", "review", str(review.pk), detail=detail)
    record(act, actor=actor, now=now)


def _next_revision() -> None:
    """Say that the territory changed; whoever changes it after us waits here."""
    Revision.objects.filter(pk=1).update(number=F("number") + 1)
