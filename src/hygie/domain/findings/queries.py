"""Read findings: lists, counts and what changed; always within the reader's scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Count, F, Q

from hygie.domain.findings.lifecycle import LIVE_STATES, OPEN_STATES
from hygie.domain.findings.models import Event, EventKind, Finding, State
from hygie.domain.people.breadth import held_places
from hygie.domain.people.roles import Permission
from hygie.domain.territory.queries import below
from hygie.vocabulary.enums import Decision

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet
    from django.db.models.expressions import OrderBy

    from hygie.domain.people.models import User

STATE_GROUPS: Final[Mapping[str, tuple[State, ...]]] = {
    "open": OPEN_STATES,
    "live": LIVE_STATES,
    "all": tuple(State),
    **{str(state): (state,) for state in State if state != State.OPEN},
    "untouched": (State.OPEN,),
}
"""What a list may be narrowed to; ``open`` is everything left to do, ``untouched`` one state."""

ORDERS: Final[Mapping[str, tuple[str, ...]]] = {
    "urgency": ("rank", "pk"),
    "due": ("due_at", "rank", "pk"),
    "newest": ("-first_seen_at", "-pk"),
    "oldest": ("first_seen_at", "pk"),
    "place": ("node__name", "rank", "pk"),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of findings is narrowed to; an empty value does not narrow.

    Attributes:
        state: a key of STATE_GROUPS.
        decision, severity, origin: values of the model's choices.
        node_id: a place; all below it is kept.
        text: part of the title, the target, the place inside it or the CVE.
        overdue: only what is left to do past its deadline.
        event, since: only findings to which ``event`` happened at ``since`` or later.
        order: a key of ORDERS.
    """

    state: str = "open"
    decision: str = ""
    severity: str = ""
    origin: str = ""
    node_id: int | None = None
    text: str = ""
    overdue: bool = False
    event: str = ""
    since: dt.datetime | None = None
    order: str = "urgency"


@dataclass(frozen=True, slots=True)
class Summary:
    """How many findings of a place stand where; ``act``, ``attend`` and ``track`` are open."""

    act: int
    attend: int
    track: int
    overdue: int
    accepted: int
    verified: int

    @property
    def open(self) -> int:
        """Everything left to do."""
        return self.act + self.attend + self.track


@dataclass(frozen=True, slots=True)
class Changes:
    """What a span of time changed: findings repaired and verified, returned, new."""

    verified: int
    returned: int
    new: int


def listed(user: User | AnonymousUser, filters: Filters, *, now: dt.datetime) -> QuerySet[Finding]:
    """Return the findings that ``user`` may read and that pass the filters, in their order."""
    rows = Finding.objects.visible_to(user).filter(
        state__in=STATE_GROUPS.get(filters.state, OPEN_STATES)
    )
    for column in ("decision", "severity", "origin"):
        if value := getattr(filters, column):
            rows = rows.filter(**{column: value})
    if filters.node_id is not None:
        rows = rows.filter(node_id__in=below(filters.node_id))
    if filters.text:
        rows = rows.filter(_holds_text(filters.text))
    if filters.overdue:
        rows = rows.filter(state__in=OPEN_STATES, due_at__lt=now)
    if filters.event and filters.since:
        happened = Event.objects.filter(kind=filters.event, at__gte=filters.since)
        rows = rows.filter(pk__in=happened.values("finding_id"))
    return rows.select_related("node", "asset").order_by(*_order(filters.order))


def first_things(user: User | AnonymousUser, node_id: int, *, limit: int = 3) -> QuerySet[Finding]:
    """Return the most urgent findings left to do at a place and below."""
    return (
        _of_place(user, node_id)
        .filter(state__in=OPEN_STATES)
        .exclude(state=State.DECLARED_FIXED)
        .select_related("node", "asset")
        .order_by("rank", "pk")[:limit]
    )


def summary(user: User | AnonymousUser, node_id: int, *, now: dt.datetime) -> Summary:
    """Count the findings of a place and below, in one query."""
    is_open = Q(state__in=OPEN_STATES)
    counts = (
        Finding.objects.visible_to(user)
        .filter(node_id__in=below(node_id))
        .aggregate(
            act=Count("pk", filter=is_open & Q(decision=Decision.ACT)),
            attend=Count("pk", filter=is_open & Q(decision=Decision.ATTEND)),
            track=Count("pk", filter=is_open & Q(decision__in=(Decision.TRACK, ""))),
            overdue=Count("pk", filter=is_open & Q(due_at__lt=now)),
            accepted=Count("pk", filter=Q(state=State.ACCEPTED)),
            verified=Count("pk", filter=Q(state=State.VERIFIED)),
        )
    )
    return Summary(**counts)


def changes(user: User | AnonymousUser, node_id: int, *, since: dt.datetime) -> Changes:
    """Count what happened at a place and below at ``since`` or later, in one query."""
    readable = Finding.objects.visible_to(user).filter(node_id__in=below(node_id))
    counts = Event.objects.filter(finding__in=readable, at__gte=since).aggregate(
        verified=Count("finding", filter=Q(kind=EventKind.VERIFIED), distinct=True),
        returned=Count("finding", filter=Q(kind=EventKind.RETURNED), distinct=True),
        new=Count("finding", filter=Q(kind=EventKind.SEEN), distinct=True),
    )
    return Changes(**counts)


def history(finding: Finding) -> QuerySet[Event]:
    """Return what happened to one finding, newest first."""
    return finding.events.order_by("-at", "-pk")


def _of_place(user: User | AnonymousUser, node_id: int) -> QuerySet[Finding]:
    """Return the findings at a place and below that ``user`` may read."""
    rows = Finding.objects.visible_to(user)
    if held_places(user, Permission.FINDING_READ) == (node_id,):
        return rows
    return rows.filter(node_id__in=below(node_id))


def _order(name: str) -> tuple[str | OrderBy, ...]:
    columns = ORDERS.get(name, ORDERS["urgency"])
    return tuple(
        F(column).asc(nulls_last=True) if column == "due_at" else column for column in columns
    )


def _holds_text(text: str) -> Q:
    return (
        Q(title__icontains=text)
        | Q(subject__icontains=text)
        | Q(place__icontains=text)
        | Q(cve_id__icontains=text)
    )
