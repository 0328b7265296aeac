"""Read prepared measures: a page never counts findings of a whole territory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import F, FilteredRelation, FloatField, Q, Value
from django.db.models.functions import Coalesce

from hygie.domain.observatory.models import Measure
from hygie.domain.people.roles import Permission
from hygie.domain.people.scope import visible_nodes
from hygie.domain.territory.queries import below
from hygie.vocabulary.enums import NodeKind

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

    from hygie.domain.people.models import User
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


def current(
    user: User | AnonymousUser, node_ids: Iterable[int]
) -> Mapping[int, Mapping[str, float]]:
    """Return, for each place, its measures as of the last round; one query."""
    found: dict[int, dict[str, float]] = {}
    rows = Measure.objects.visible_to(user).filter(node_id__in=list(node_ids), current=True)
    for node_id, name, value in rows.order_by().values_list("node_id", "name", "value"):
        found.setdefault(node_id, {})[name] = value
    return found


def series(
    user: User | AnonymousUser, node_id: int, name: str, *, limit: int = 24
) -> list[Reading]:
    """Return the last values of one measure of one place, oldest first."""
    rows = Measure.objects.visible_to(user).filter(node_id=node_id, name=name)
    newest = rows.order_by("-at", "-pk").values_list("at", "value")[:limit]
    return [Reading(at, value) for at, value in reversed(newest)]


def measured_at(user: User | AnonymousUser, node_id: int) -> dt.datetime | None:
    """Return when the measures of a place were last taken, None before the first round."""
    rows = Measure.objects.visible_to(user).filter(node_id=node_id, current=True)
    return rows.order_by("-at").values_list("at", flat=True).first()


def by_need_for_help(user: User | AnonymousUser, node_id: int) -> QuerySet[Node]:
    """Return the establishments under a place: late first, then those with most to do now.

    Each carries ``overdue``, ``act`` and ``attend`` (numbers) as of the last round.
    """
    return (
        visible_nodes(user, Permission.MEASURE_READ)
        .filter(kind=NodeKind.ET, pk__in=below(node_id), closed_on__isnull=True)
        .annotate(late=_current(OVERDUE), now=_current(ACT), soon=_current(ATTEND))
        .annotate(overdue=_value("late"), act=_value("now"), attend=_value("soon"))
        .order_by("-overdue", "-act", "-attend", "name", "pk")
    )


def _current(name: str) -> FilteredRelation:
    """Join the one current row of a measure: a subquery for each place costs ten times more."""
    return FilteredRelation("measures", condition=Q(measures__name=name, measures__current=True))


def _value(relation: str) -> Coalesce:
    return Coalesce(F(f"{relation}__value"), Value(0.0), output_field=FloatField())
