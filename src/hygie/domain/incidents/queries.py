"""Read incidents: lists, the crisis board, the national picture."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Count, Q
from django.db.models.functions import TruncWeek

from hygie.domain.incidents.kinds import Running, State
from hygie.domain.incidents.models import Incident, Service
from hygie.domain.people.roles import Permission
from hygie.domain.people.scope import node_ids_for
from hygie.domain.territory.models import Node
from hygie.referentials.playbooks import care_services

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hygie.domain.people.scope import Asker
    from hygie.referentials.playbooks import CareService

OPEN: Final = (
    State.DECLARED,
    State.ACKNOWLEDGED,
    State.QUALIFIED,
    State.HANDLING,
    State.RESOLVED,
)


@dataclass(frozen=True, slots=True)
class ServiceState:
    """One line of the crisis board; ``row`` is None while the service runs as usual."""

    service: CareService
    row: Service | None

    @property
    def running(self) -> Running:
        """How it runs."""
        return Running(self.row.running) if self.row else Running.NORMAL


def incidents(
    user: Asker, *, state: str = "", kind: str = "", text: str = ""
) -> QuerySet[Incident]:
    """Return the declared incidents that ``user`` reads, latest first; "open" is a state too."""
    rows = Incident.objects.visible_to(user).exclude(state=State.DRAFT).select_related("node")
    if state == "open":
        rows = rows.filter(state__in=OPEN)
    elif state:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(kind=kind)
    if text:
        rows = rows.filter(Q(number__icontains=text) | Q(node__search_key__contains=text.upper()))
    return rows


def drafts(user: Asker, email: str) -> QuerySet[Incident]:
    """Return the declarations that a person has begun and not sent."""
    return (
        Incident.objects.visible_to(user)
        .filter(state=State.DRAFT, started_by=email)
        .select_related("node")
        .order_by("-saved_at")
    )


def places_to_declare(user: Asker) -> QuerySet[Node]:
    """Return the establishments for which ``user`` may declare."""
    return Node.objects.filter(
        pk__in=node_ids_for(user, Permission.INCIDENT_DECLARE),
        kind__in=("ej", "et"),
        closed_on__isnull=True,
    ).order_by("name", "pk")


def board(incident: Incident, *, on: dt.date) -> list[ServiceState]:
    """Return every service with its latest state, those hit first, then by rank of return."""
    latest: dict[str, Service] = {}
    for row in incident.services.order_by("entered_at", "pk"):
        latest[row.service] = row
    states = [ServiceState(one, latest.get(one.id)) for one in care_services(on)]
    worst = {Running.STOPPED: 0, Running.DEGRADED: 1, Running.NORMAL: 2}
    return sorted(states, key=lambda one: (worst[one.running], one.service.rank))


@dataclass(frozen=True, slots=True)
class Picture:
    """What the national board shows of incidents that are no exercise.

    Attributes:
        week: declared in the last seven days.
        open: not yet closed.
        in_crisis: establishments with an interruption or a degraded mode in an open incident.
        by_kind: (kind, count) of the last year, most frequent first.
        by_week: (Monday, count) of the last 26 weeks, oldest first, weeks without any included.
    """

    week: int
    open: int
    in_crisis: int
    by_kind: tuple[tuple[str, int], ...]
    by_week: tuple[tuple[dt.date, int], ...]


def picture(user: Asker, *, now: dt.datetime) -> Picture:
    """Return the board of what ``user`` reads."""
    rows = (
        Incident.objects.visible_to(user)
        .filter(is_exercise=False)
        .exclude(state__in=(State.DRAFT, State.REJECTED))
    )
    year = rows.filter(declared_at__gte=now - dt.timedelta(days=365))
    kinds = year.order_by().values("kind").annotate(count=Count("pk")).order_by("-count", "kind")
    return Picture(
        week=rows.filter(declared_at__gte=now - dt.timedelta(days=7)).count(),
        open=rows.filter(state__in=OPEN).count(),
        in_crisis=rows.filter(state__in=OPEN, operation__in=("degraded", "stopped"))
        .order_by()
        .values("node_id")
        .distinct()
        .count(),
        by_kind=tuple((one["kind"], one["count"]) for one in kinds),
        by_week=_by_week(rows, now),
    )


def _by_week(rows: QuerySet[Incident], now: dt.datetime) -> tuple[tuple[dt.date, int], ...]:
    monday = now.date() - dt.timedelta(days=now.weekday())
    weeks = [monday - dt.timedelta(weeks=back) for back in range(25, -1, -1)]
    counted = (
        rows.filter(declared_at__gte=now - dt.timedelta(weeks=27))
        .order_by()
        .annotate(week=TruncWeek("declared_at", tzinfo=dt.UTC))
        .values("week")
        .annotate(count=Count("pk"))
    )
    found = {one["week"].date(): one["count"] for one in counted}
    return tuple((week, found.get(week, 0)) for week in weeks)
