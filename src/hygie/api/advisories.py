"""The stream: what the world publishes about vulnerabilities, and whom it concerns here."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema
from pydantic import Field

from hygie.api.asking import asker
from hygie.api.fields import Day, Flag, Id, Search
from hygie.api.paging import Column, Page, PageQuery, page_of
from hygie.domain.people.access import node_for
from hygie.domain.people.roles import Permission
from hygie.domain.people.scope import node_ids_for
from hygie.domain.veille import stream
from hygie.domain.veille.concerning import Answer, Concern, Why, concerns
from hygie.domain.veille.models import Advisory, AdvisoryKind
from hygie.domain.veille.stream import StreamFilters

router = Router(tags=["veille"])

_ORDER = (Column("pk", descending=True),)


class AdvisoryQuery(PageQuery):
    """What the stream is narrowed to."""

    kind: AdvisoryKind | None = Field(None, description="Where it comes from.")
    q: Search | None = Field(None, description="Part of title, reference or publisher, or a CVE.")
    since: Day | None = Field(None, description="Updated that day or later.")
    concerned: Flag = Field(False, description="Only what names a weakness still in your places.")  # noqa: FBT003 - pydantic's default
    node: Id | None = Field(None, description="A place, for `concerned`: it and what lies below.")


class ConcernOut(Schema):
    """Whether it concerns the places where you read findings, and why."""

    answer: Answer
    why: Why
    assets: int
    exposed: int
    places: int
    detail: str


class AdvisoryLine(Schema):
    """One publication."""

    id: int
    kind: AdvisoryKind
    reference: str
    title: str
    publisher: str
    cve_ids: list[str]
    published_on: dt.date | None
    updated_on: dt.date | None
    closed_on: dt.date | None
    came_at: dt.datetime
    changed_at: dt.datetime


class AdvisoryPage(Page[AdvisoryLine]):
    """Publications."""


class ChangeOut(Schema):
    """What one field lost and gained."""

    field: str
    removed: list[str]
    added: list[str]


class RevisionOut(Schema):
    """One revision as it came."""

    at: dt.datetime
    withdrawn: bool
    changes: list[ChangeOut]


class AdvisoryDetail(AdvisoryLine):
    """One publication, whom it concerns, what its revisions changed."""

    content: dict[str, Any]
    concern: ConcernOut | None = Field(description="Null for who reads no finding.")
    revisions: list[RevisionOut]


@router.get("/advisories", response=AdvisoryPage)
def list_advisories(request: HttpRequest, filters: Query[AdvisoryQuery]) -> object:
    """List what was published, the last that came first."""
    user = asker(request)
    if filters.node is not None:
        node_for(user, filters.node, Permission.FINDING_READ)
    narrowed = StreamFilters(
        kind=filters.kind or "",
        text=filters.q or "",
        concerned=filters.concerned,
        since=filters.since,
        node_id=filters.node,
    )
    rows = stream.listed(user, narrowed).order_by("-pk")
    return page_of(request, rows, _ORDER, filters, _line)


@router.get("/advisories/{advisory_id}", response=AdvisoryDetail)
def read_advisory(request: HttpRequest, advisory_id: Path[Id]) -> AdvisoryDetail:
    """Read a publication and whether it concerns you."""
    user, found = asker(request), stream.advisory_for(advisory_id)
    reads = node_ids_for(user, Permission.FINDING_READ).exists()
    return AdvisoryDetail(
        **_line(found).model_dump(),
        content=found.content,
        concern=_concern(concerns(user, [found])[found.pk]) if reads else None,
        revisions=[
            RevisionOut(
                at=step.at,
                withdrawn=step.withdrawn,
                changes=[ChangeOut(**one._asdict()) for one in step.changes],
            )
            for step in stream.steps(found)
        ],
    )


def _line(advisory: Advisory) -> AdvisoryLine:
    names = [name for name in AdvisoryLine.model_fields if name != "id"]
    return AdvisoryLine(id=advisory.pk, **{name: getattr(advisory, name) for name in names})


def _concern(concern: Concern) -> ConcernOut:
    return ConcernOut(**concern._asdict())
