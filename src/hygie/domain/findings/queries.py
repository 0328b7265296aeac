"""Read findings: lists, counts and what changed; always within the reader's scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Count, F, Q

from hygie.domain.findings.lifecycle import LIVE_STATES, OPEN_STATES
from hygie.domain.findings.models import Event, EventKind, Finding, State
from hygie.domain.territory.queries import below
from hygie.vocabulary.enums import Decision

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from django.db.models import QuerySet
    from django.db.models.expressions import OrderBy

    from hygie.domain.people.scope import Asker, ScopedQuerySet

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


def listed(user: Asker, filters: Filters, *, now: dt.datetime) -> QuerySet[Finding]:
    """Return the findings that ``user`` may read and that pass the filters, in their order."""
    states = STATE_GROUPS.get(filters.state, OPEN_STATES)
    if filters.overdue:
        states = tuple(state for state in states if state in OPEN_STATES)
    rows = _in_scope(user, filters.node_id).filter(state__in=states)
    for column in ("decision", "severity", "origin"):
        if value := getattr(filters, column):
            rows = rows.filter(**{column: value})
    if filters.text:
        rows = rows.filter(_holds_text(filters.text))
    if filters.overdue:
        rows = rows.filter(due_at__lt=now)
    if filters.event and filters.since:
        happened = Event.objects.filter(kind=filters.event, at__gte=filters.since)
        if filters.node_id is not None:
            happened = happened.filter(node_id__in=below(filters.node_id))
        rows = rows.filter(pk__in=happened.values("finding_id"))
    return rows.select_related("node", "asset").order_by(*_order(filters.order))


def rows_of_a_list() -> QuerySet[Finding]:
    """Return findings with what a line of a list shows; whose they are is the caller's to say."""
    unread = ("facts", "branch", "reasons", "would_change", "accepted_reason")
    return Finding.objects.select_related("node").defer(*unread)


def first_things(user: Asker, node_id: int, *, limit: int = 3) -> QuerySet[Finding]:
    """Return the most urgent findings left to do at a place and below."""
    waiting = [state for state in OPEN_STATES if state != State.DECLARED_FIXED]
    urgent = Finding.objects.visible_under(user, node_id).filter(state__in=waiting)
    # Their keys first, within an index: sorting whole rows would read every row of the place.
    keys = urgent.order_by("rank", "pk").values("pk")[:limit]
    return (
        Finding.objects.filter(pk__in=keys).select_related("node", "asset").order_by("rank", "pk")
    )


def summary(user: Asker, node_id: int, *, now: dt.datetime) -> Summary:
    """Count the findings of a place and below, in one query."""
    is_open = Q(state__in=OPEN_STATES)
    counts = Finding.objects.visible_under(user, node_id).aggregate(
        act=Count("pk", filter=is_open & Q(decision=Decision.ACT)),
        attend=Count("pk", filter=is_open & Q(decision=Decision.ATTEND)),
        track=Count("pk", filter=is_open & Q(decision__in=(Decision.TRACK, ""))),
        overdue=Count("pk", filter=is_open & Q(due_at__lt=now)),
        accepted=Count("pk", filter=Q(state=State.ACCEPTED)),
        verified=Count("pk", filter=Q(state=State.VERIFIED)),
    )
    return Summary(**counts)


def changes(user: Asker, node_id: int, *, since: dt.datetime) -> Changes:
    """Count what happened at a place and below at ``since`` or later, in one query."""
    events = Event.objects.visible_under(user, node_id).filter(at__gte=since)
    counts = events.aggregate(
        verified=Count("finding", filter=Q(kind=EventKind.VERIFIED), distinct=True),
        returned=Count("finding", filter=Q(kind=EventKind.RETURNED), distinct=True),
        new=Count("finding", filter=Q(kind=EventKind.SEEN), distinct=True),
    )
    return Changes(**counts)


def history(finding: Finding) -> QuerySet[Event]:
    """Return what happened to one finding, newest first."""
    return finding.events.order_by("-at", "-pk")


def _in_scope(user: Asker, node_id: int | None) -> ScopedQuerySet[Finding]:
    if node_id is None:
        return Finding.objects.visible_to(user)
    return Finding.objects.visible_under(user, node_id)


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
