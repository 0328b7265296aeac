"""Read what the Internet sees of a place: grades, what proves a finding, what was not reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from hygie.domain.people.roles import Permission
from hygie.domain.people.scope import node_ids_for
from hygie.domain.surveillance.models import TARGET, Attempt, GradeGiven, Sighting
from hygie.domain.territory.queries import below

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hygie.domain.people.scope import Asker


@dataclass(frozen=True, slots=True)
class Reach:
    """How many targets of a place were asked last time, and how many answered."""

    asked: int
    reached: int


def grades(user: Asker, node_id: int, *, limit: int = 24) -> list[GradeGiven]:
    """Return the last grades of one place, newest first."""
    rows = GradeGiven.objects.visible_to(user).filter(node_id=node_id)
    return list(rows.order_by("-at", "-pk")[:limit])


def letters(user: Asker, node_ids: Iterable[int]) -> Mapping[int, str]:
    """Return the last letter of each place of a page, absent where none was given."""
    rows = GradeGiven.objects.visible_to(user).filter(node_id__in=list(node_ids))
    # Oldest first, so that the newest letter is the one that stays.
    return dict(rows.order_by("at", "pk").values_list("node_id", "letter"))


def reach(user: Asker, node_id: int) -> Reach:
    """Count the targets at a place and below: asked last time, and those that answered."""
    counts = Attempt.objects.filter(
        probe=TARGET,
        node_id__in=node_ids_for(user, Permission.SURVEILLANCE_READ),
    )
    counts = counts.filter(node_id__in=below(node_id))
    return Reach(**counts.aggregate(asked=Count("pk"), reached=Count("pk", filter=Q(reached=True))))


def not_reached(user: Asker, node_id: int, *, limit: int = 50) -> list[Attempt]:
    """Return the questions of one place that got no answer last time."""
    rows = Attempt.objects.filter(
        node_id=node_id, reached=False, node_id__in=node_ids_for(user, Permission.SURVEILLANCE_READ)
    ).exclude(probe=TARGET)
    return list(rows.order_by("subject", "probe")[:limit])


def sighting(user: Asker, node_id: int, subject: str, probe: str) -> Sighting | None:
    """Return the last answer known to one question, with its evidence."""
    return (
        Sighting.objects.filter(
            node_id=node_id,
            subject=subject,
            probe=probe,
            current=True,
            node_id__in=node_ids_for(user, Permission.SURVEILLANCE_READ),
        )
        .order_by("-last_seen_at")
        .first()
    )
