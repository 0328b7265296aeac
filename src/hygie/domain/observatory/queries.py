"""Read prepared measures: a page never counts findings of a whole territory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import F, IntegerField, Value
from django.db.models.functions import Coalesce

from hygie.domain.observatory.models import Measure
from hygie.domain.people.roles import Permission
from hygie.domain.people.scope import visible_nodes_under
from hygie.vocabulary.enums import NodeKind

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from django.db.models import QuerySet

    from hygie.domain.people.scope import Asker
    from hygie.domain.territory.models import Node

ACT: Final = "findings.act"
ATTEND: Final = "findings.attend"
TRACK: Final = "findings.track"
OVERDUE: Final = "findings.overdue"


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of a measure, as of a time."""

    at: dt.datetime
    value: float


def current(user: Asker, node_ids: Iterable[int]) -> Mapping[int, Mapping[str, float]]:
    """Return, for each place, its measures as of the last round; one query."""
    found: dict[int, dict[str, float]] = {}
    rows = Measure.objects.visible_to(user).filter(node_id__in=list(node_ids), current=True)
    for node_id, name, value in rows.order_by().values_list("node_id", "name", "value"):
        found.setdefault(node_id, {})[name] = value
    return found


def series(user: Asker, node_id: int, name: str, *, limit: int = 24) -> list[Reading]:
    """Return the last values of one measure of one place, oldest first."""
    rows = Measure.objects.visible_at(user, node_id).filter(name=name)
    newest = rows.order_by("-at", "-pk").values_list("at", "value")[:limit]
    return [Reading(at, value) for at, value in reversed(newest)]


def measured_at(user: Asker, node_id: int) -> dt.datetime | None:
    """Return when the measures of a place were last taken, None before the first round."""
    rows = Measure.objects.visible_at(user, node_id).filter(current=True)
    return rows.order_by("-at").values_list("at", flat=True).first()


def by_need_for_help(user: Asker, node_id: int) -> QuerySet[Node]:
    """Return the establishments under a place: late first, then those with most to do now.

    Each carries ``overdue``, ``act`` and ``attend`` as of the last round, zero before the first.
    """
    nodes = visible_nodes_under(user, Permission.MEASURE_READ, node_id)
    return (
        nodes.filter(kind=NodeKind.ET, closed_on__isnull=True)
        .annotate(overdue=_standing("overdue"), act=_standing("act"), attend=_standing("attend"))
        .order_by("-overdue", "-act", "-attend", "name", "pk")
    )


def _standing(name: str) -> Coalesce:
    return Coalesce(F(f"standing__{name}"), Value(0), output_field=IntegerField())
