"""What the first page of each role shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils import timezone

from hygie.domain.findings import queries as findings
from hygie.domain.observatory import queries as observatory
from hygie.domain.people import queries as people
from hygie.domain.people.roles import GRANTED, Permission
from hygie.domain.rounds import queries as rounds
from hygie.domain.surveillance import queries as surveillance
from hygie.vocabulary.enums import NodeKind, Role
from hygie.web.charts import count_trend, decision_bars, grade_trend
from hygie.web.findings.page import moves_of_role
from hygie.web.findings.presenting import Explanation, explain
from hygie.web.home.lights import lights
from hygie.web.home.platform import platform_page
from hygie.web.paging import page_of
from hygie.web.territory import reading
from hygie.web.territory.page import PlaceRow, children_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from hygie.domain.findings.models import Finding
    from hygie.domain.people.models import Grant
    from hygie.domain.surveillance.models import GradeGiven
    from hygie.web.asking import PersonRequest

Page = dict[str, object]


@dataclass(frozen=True, slots=True)
class Thing:
    """One of the things to do first, with all it takes to say why."""

    finding: Finding
    explanation: Explanation
    may_take: bool


def page_of_role(request: PersonRequest, grant: Grant) -> tuple[str, Page]:
    """Return the template and the variables of a role's first page."""
    template, page = _PAGES[Role(grant.role)]
    return f"hygie/home/{template}.html", page(request, grant)


def _rssi(request: PersonRequest, grant: Grant) -> Page:
    user, node = request.user, grant.node
    turn = rounds.last_round(user, node.pk)
    page = _state(request, grant)
    page["turn"] = turn
    page["things"] = things(request, grant)
    page["now"] = timezone.now()
    if turn is not None:
        page["changes"] = findings.changes(user, node.pk, since=turn.started_at)
        page["since"] = turn.started_at.isoformat()
    if node.kind != NodeKind.ET:
        children = page_of(reading.children_of(user, node), request.GET.get("page"))
        page["page"] = children
        page["table"] = children_table(request, children.rows)
    return page


def _director(request: PersonRequest, grant: Grant) -> Page:
    page = _state(request, grant)
    page["lights"] = lights(request.user, grant.node, page)
    return page


def _state(request: PersonRequest, grant: Grant) -> Page:
    """Return how a place stands: grade, targets reached, findings left to do.

    An establishment has a grade; a wider place has those of its establishments, and its
    ``letter`` is the worst of them.
    """
    user, node, now = request.user, grant.node, timezone.now()
    grades = surveillance.grades(user, node.pk)
    own = PlaceRow(node, "", observatory.current(user, [node.pk]).get(node.pk, {}))
    counts = observatory.series(user, node.pk, observatory.ACT)
    return {
        "node": node,
        "grade": grades[0] if grades else None,
        "letter": grades[0].letter if grades else own.worst,
        "own": own,
        "before": _grade_of_last_month(grades),
        "trend": grade_trend(grades, node.time_zone),
        "count_trend": count_trend(counts, node.time_zone),
        "reach": surveillance.reach(user, node.pk),
        "summary": findings.summary(user, node.pk, now=now),
    }


def things(request: PersonRequest, grant: Grant) -> list[Thing]:
    """Return the first things to do, explained, with what this role may do to each."""
    held = GRANTED[Role(grant.role)]
    return [
        Thing(finding, explain(finding), moves_of_role(held, finding).take)
        for finding in findings.first_things(request.user, grant.node.pk)
    ]


def _region(request: PersonRequest, grant: Grant) -> Page:
    user, node = request.user, grant.node
    page = page_of(observatory.by_need_for_help(user, node.pk), request.GET.get("page"))
    own = observatory.current(user, [node.pk]).get(node.pk, {})
    return {
        "node": node,
        "page": page,
        "table": children_table(request, page.rows),
        "own": PlaceRow(node, "", own),
        "bars": decision_bars(own),
        "measured_at": observatory.measured_at(user, node.pk),
        "changes": None,
        "first": findings.first_things(user, node.pk, limit=5)
        if Permission.FINDING_READ in GRANTED[Role(grant.role)]
        else [],
    }


def _ministry(request: PersonRequest, grant: Grant) -> Page:
    user, node = request.user, grant.node
    children = page_of(reading.children_of(user, node), request.GET.get("page"))
    own = observatory.current(user, [node.pk]).get(node.pk, {})
    return {
        "node": node,
        "page": children,
        "table": children_table(request, children.rows),
        "own": PlaceRow(node, "", own),
        "measured_at": observatory.measured_at(user, node.pk),
        "trend": count_trend(observatory.series(user, node.pk, observatory.ACT), node.time_zone),
    }


def _admin(request: PersonRequest, grant: Grant) -> Page:
    return platform_page(request.user, grant.node)


def _trainer(request: PersonRequest, grant: Grant) -> Page:
    return {"node": grant.node, "notices": people.notices_of(request.user)[:5]}


def _grade_of_last_month(grades: list[GradeGiven]) -> GradeGiven | None:
    """Return the newest grade at least 28 days older than the current one."""
    for grade in grades[1:]:
        if (grades[0].at - grade.at).days >= 28:  # noqa: PLR2004 - four weeks
            return grade
    return None


_PAGES: Final[dict[Role, tuple[str, Callable[[PersonRequest, Grant], Page]]]] = {
    Role.RSSI: ("rssi", _rssi),
    Role.DIRECTOR: ("director", _director),
    Role.ARS_OFFICER: ("region", _region),
    Role.CERT_ANALYST: ("region", _region),
    Role.ANSSI_AUDITOR: ("region", _region),
    Role.MINISTRY: ("ministry", _ministry),
    Role.TRAINER: ("trainer", _trainer),
    Role.ADMIN: ("platform", _admin),
}
