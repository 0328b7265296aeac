"""What the Internet sees of a place: answers observed, grades given."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema
from pydantic import Field

from hygie.api.asking import asker
from hygie.api.fields import Flag, Id, Name
from hygie.api.paging import Column, Page, PageQuery, page_of
from hygie.domain.people.access import node_for
from hygie.domain.people.roles import Permission
from hygie.domain.surveillance.models import GradeGiven, Sighting
from hygie.domain.territory.queries import below

router = Router(tags=["surveillance"])

_SIGHTINGS = (Column("pk", descending=True),)
_GRADES = (Column("at", descending=True), Column("pk", descending=True))


class SightingQuery(PageQuery):
    """What a list of sightings is narrowed to."""

    probe: Name | None = Field(None, description="One protocol: dns, mail, tls, http, tcp…")
    past: Flag = Field(False, description="Also answers that another one replaced.")  # noqa: FBT003 - pydantic's default


class SightingOut(Schema):
    """The same answer to the same question, from ``first_seen_at`` to ``last_seen_at``."""

    id: int
    node_id: int
    subject: str
    probe: str
    value: dict[str, Any]
    product: str
    version: str
    confidence: float
    evidence_sha256: str
    first_seen_at: dt.datetime
    last_seen_at: dt.datetime
    current: bool


class SightingPage(Page[SightingOut]):
    """Sightings."""


class GradeOut(Schema):
    """A grade with what it takes to explain it."""

    at: dt.datetime
    round_id: int | None
    letter: str | None
    themes: dict[str, Any]
    points: list[dict[str, Any]]
    not_observed: list[Any]
    policy: str
    policy_version: str


class GradePage(Page[GradeOut]):
    """Grades."""


@router.get("/nodes/{node_id}/sightings", response=SightingPage)
def list_sightings(
    request: HttpRequest, node_id: Path[Id], filters: Query[SightingQuery]
) -> object:
    """List what was observed at a place and below, the newest answer first."""
    user = asker(request)
    node = node_for(user, node_id, Permission.SURVEILLANCE_READ)
    rows = Sighting.objects.visible_to(user).filter(node_id__in=below(node.pk)).defer("evidence")
    if filters.probe is not None:
        rows = rows.filter(probe=filters.probe)
    if not filters.past:
        rows = rows.filter(current=True)
    return page_of(request, rows, _SIGHTINGS, filters, _sighting)


@router.get("/nodes/{node_id}/grades", response=GradePage)
def list_grades(request: HttpRequest, node_id: Path[Id], filters: Query[PageQuery]) -> object:
    """List the grades of one place, newest first."""
    user = asker(request)
    node = node_for(user, node_id, Permission.SURVEILLANCE_READ)
    rows = GradeGiven.objects.visible_to(user).filter(node_id=node.pk)
    return page_of(request, rows, _GRADES, filters, _grade)


def _sighting(found: Sighting) -> SightingOut:
    names = [name for name in SightingOut.model_fields if name != "id"]
    return SightingOut(id=found.pk, **{name: getattr(found, name) for name in names})


def _grade(given: GradeGiven) -> GradeOut:
    values = {name: getattr(given, name) for name in GradeOut.model_fields}
    return GradeOut(**(values | {"letter": given.letter or None}))
