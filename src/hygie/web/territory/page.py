"""What the pages of places show, each part only to those who may read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from hygie.domain.estate import queries as estate
from hygie.domain.findings import queries as findings
from hygie.domain.observatory import queries as observatory
from hygie.domain.people.access import may
from hygie.domain.people.roles import Permission
from hygie.domain.rounds import queries as rounds
from hygie.domain.surveillance import queries as surveillance
from hygie.web.charts import decision_bars, grade_trend
from hygie.web.estate.standing import with_standing
from hygie.web.paging import page_of
from hygie.web.territory import reading
from hygie.web.territory.grading import explain_grade

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hygie.domain.people.models import User
    from hygie.domain.territory.models import Node
    from hygie.web.asking import PersonRequest

LAST_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place in a table, with its grade and measures; ``measures`` is empty before a round."""

    node: Node
    letter: str
    measures: Mapping[str, float]

    def count(self, name: str) -> int | None:
        """Return a measure as a whole number, None when it was never taken."""
        value = self.measures.get(name)
        return None if value is None else int(value)

    @property
    def letters(self) -> list[tuple[str, int]]:
        """How many establishments have each grade, best first, those without any left out."""
        counts = [(letter, self.count(f"grade.{letter}") or 0) for letter in "ABCDEF"]
        return [(letter, count) for letter, count in counts if count]

    @property
    def worst(self) -> str:
        """The worst grade among the establishments, empty when there is none."""
        return self.letters[-1][0] if self.letters else ""

    @property
    def act(self) -> int | None:
        """Findings to act on."""
        return self.count(observatory.ACT)

    @property
    def attend(self) -> int | None:
        """Findings to attend to."""
        return self.count(observatory.ATTEND)

    @property
    def overdue(self) -> int | None:
        """Findings past their deadline."""
        return self.count(observatory.OVERDUE)


def children_table(request: PersonRequest, nodes: Sequence[Node]) -> list[PlaceRow]:
    """Return a page of places with grade and measures, in two queries."""
    ids = [node.pk for node in nodes]
    letters = surveillance.letters(request.user, ids)
    measures = observatory.current(request.user, ids)
    return [PlaceRow(node, letters.get(node.pk, ""), measures.get(node.pk, {})) for node in nodes]


def place_page(request: PersonRequest, node: Node) -> dict[str, object]:
    """Return the page of the nation, a region, a group or a legal entity."""
    page = page_of(reading.children_of(request.user, node), request.GET.get("page"))
    own = observatory.current(request.user, [node.pk]).get(node.pk, {})
    return {
        "node": node,
        "path": reading.path_to(request.user, node),
        "page": page,
        "table": children_table(request, page.rows),
        "own": PlaceRow(node, "", own),
        "bars": decision_bars(own),
        "measured_at": observatory.measured_at(request.user, node.pk),
        "may": _rights(request.user, node),
    }


def establishment_page(request: PersonRequest, node: Node) -> dict[str, object]:
    """Return the page of one establishment."""
    user, now = request.user, timezone.now()
    rights = _rights(user, node)
    page: dict[str, object] = {
        "node": node,
        "path": reading.path_to(user, node),
        "may": rights,
        "now": now,
    }
    if rights["surveillance"]:
        given = surveillance.grades(user, node.pk)
        page["grade"] = explain_grade(given[0]) if given else None
        page["trend"] = grade_trend(given, node.time_zone)
        page["reach"] = surveillance.reach(user, node.pk)
        page["not_reached"] = surveillance.not_reached(user, node.pk)
    if rights["findings"]:
        page["summary"] = findings.summary(user, node.pk, now=now)
        page["things"] = findings.first_things(user, node.pk)
    if rights["estate"]:
        page["kinds"] = estate.kinds(user, node.pk)
        page["mandates"] = with_standing(estate.mandates(user, node.pk)[:5], now=now)
        page["sources"] = estate.sources(user, node.pk)[:5]
    if rights["rounds"]:
        page["rounds"] = rounds.rounds_of(user, node.pk)[:LAST_ROUNDS]
    return page


def _rights(user: User, node: Node) -> dict[str, bool]:
    wanted = {
        "findings": Permission.FINDING_READ,
        "surveillance": Permission.SURVEILLANCE_READ,
        "estate": Permission.ESTATE_READ,
        "rounds": Permission.ROUND_READ,
        "measures": Permission.MEASURE_READ,
    }
    return {name: may(user, permission, node.pk) for name, permission in wanted.items()}
