"""What the page of background work shows, within the reader's scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils import timezone

from hygie.domain.outbox.access import runs_platform
from hygie.domain.outbox.queries import unsettled
from hygie.domain.people.roles import GRANTED, Permission
from hygie.domain.rounds import queries
from hygie.domain.rounds.models import Runner
from hygie.domain.territory.models import Node
from hygie.jobs.schedules import schedules
from hygie.jobs.works import counted
from hygie.vocabulary.enums import Role
from hygie.web.asking import grants_of
from hygie.web.paging import page_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from hygie.domain.rounds.models import Round
    from hygie.jobs.schedules import Schedule
    from hygie.web.asking import PersonRequest

_ROUNDS_SHOWN = 10
_MAILS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Moving:
    """A round under way, counted in the reader's part of the territory."""

    turn: Round
    steps: list[queries.StepCount]
    settled: int
    total: int
    mine: bool


@dataclass(frozen=True, slots=True)
class Planned:
    """A round that starts by itself."""

    schedule: Schedule
    node: Node
    at: dt.datetime


def works_page(request: PersonRequest) -> dict[str, object]:
    """Return the variables of the page."""
    page: dict[str, object] = {
        "places": places(request),
        "moving": moving(request),
        "page": page_of(queries.broken(request.user), request.GET.get("page"), size=20),
        "runnable": queries.runnable(request.user),
        "platform": runs_platform(request.user),
    }
    if page["platform"]:
        page["counts"] = counted()
        page["runners"] = Runner.objects.all()[:50]
        page["mails"] = unsettled()[:_MAILS_SHOWN]
        page["planned"] = sorted(_planned(), key=lambda one: one.at)[:5]
    return page


def places(request: PersonRequest) -> list[Node]:
    """Return the places over which the person may run a round: those of their own roles."""
    return list(
        {
            grant.node_id: grant.node
            for grant in grants_of(request)
            if Permission.ROUND_RUN in GRANTED[Role(grant.role)]
        }.values()
    )


def moving(request: PersonRequest) -> list[Moving]:
    """Return the rounds under way, with how far they are."""
    mine = queries.runnable(request.user)
    found = []
    for turn in queries.running(request.user)[:_ROUNDS_SHOWN]:
        steps = queries.steps(request.user, turn.pk)
        total = sum(step.total for step in steps)
        left = sum(step.todo for step in steps)
        found.append(Moving(turn, steps, total - left, total, turn.pk in mine))
    return found


def _planned() -> Iterator[Planned]:
    now = timezone.now()
    for schedule in schedules(timezone.localdate(now)):
        for node in Node.objects.filter(kind=schedule.kind).order_by("pk")[:20]:
            yield Planned(schedule, node, schedule.next_due(now, ZoneInfo(node.time_zone)))
