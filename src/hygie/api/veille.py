"""Declarations "not affected because": read them, make one about a finding, approve, revoke."""

import datetime as dt
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Query, Router, Schema
from pydantic import ConfigDict, Field

from hygie.api.asking import asker, require
from hygie.api.bodies import small_body
from hygie.api.fields import PLAIN, Day, Flag, Id, Search
from hygie.api.idempotency import Answer, once
from hygie.api.paging import Column, Page, PageQuery, page_of
from hygie.api.rendering import content_of
from hygie.domain.findings.access import finding_for
from hygie.domain.people.access import node_for
from hygie.domain.people.roles import Permission
from hygie.domain.veille import access, declaring, statements
from hygie.domain.veille.declaring import Claim
from hygie.domain.veille.models import Justification, VexStatement, VexStatus
from hygie.domain.veille.statements import StatementFilters

router = Router(tags=["veille"])

_LOCAL = (Column("expires_on"), Column("pk"))
_NATIONAL = (Column("pk", descending=True),)

Standing = Literal["force", "waiting", "over", "all"]


class StatementQuery(PageQuery):
    """What a list of declarations is narrowed to."""

    standing: Standing = Field("force", description="`over` is ended or revoked.")
    q: Search | None = Field(None, description="Part of the CVE, the product or the author.")
    node: Id | None = Field(None, description="A place: it and what lies below.")


class NationalQuery(PageQuery):
    """What a list of manufacturers' declarations is narrowed to."""

    standing: Standing = Field("force", description="`over` is ended or revoked.")
    q: Search | None = Field(None, description="Part of the CVE, the product or the author.")


class StatementOut(Schema):
    """A declaration; without ``node_id`` it is a manufacturer's, for the whole nation."""

    id: int
    node_id: int | None
    cve_id: str
    status: VexStatus
    justification: str
    impact: str
    product: str
    version: str
    subject: str
    author: str
    document: str
    said_on: dt.date | None
    declared_by: str
    declared_at: dt.datetime
    expires_on: dt.date | None
    needs_approval: bool
    approved_by: str
    approved_at: dt.datetime | None
    revoked_at: dt.datetime | None


class StatementPage(Page[StatementOut]):
    """Declarations."""


class NotAffectedIn(Schema):
    """Why a known vulnerability does not concern the establishment, and until when."""

    model_config = ConfigDict(extra="forbid")

    justification: Justification
    impact: Annotated[str, Field(min_length=15, max_length=600, pattern=PLAIN)] = Field(
        description="What an auditor will read: what proves it."
    )
    until: Day = Field(description="Last day it holds; the policy bounds it.")
    everywhere: Flag = Field(False, description="For the product on every asset of the place.")  # noqa: FBT003 - pydantic's default


@router.get("/vex-statements", response=StatementPage)
def list_statements(request: HttpRequest, filters: Query[StatementQuery]) -> object:
    """List what the establishments of your territory declare, the soonest end first."""
    user = require(request, Permission.FINDING_READ)
    if filters.node is not None:
        node_for(user, filters.node, Permission.FINDING_READ)
    narrowed = StatementFilters(filters.standing, filters.q or "", filters.node)
    rows = statements.local_statements(user, narrowed, on=timezone.localdate())
    return page_of(request, rows, _LOCAL, filters, _told)


@router.get("/vex-statements/national", response=StatementPage)
def list_national_statements(request: HttpRequest, filters: Query[NationalQuery]) -> object:
    """List what manufacturers declare, the last kept first."""
    narrowed = StatementFilters(filters.standing, filters.q or "")
    rows = statements.national_statements(narrowed, on=timezone.localdate()).order_by("-pk")
    return page_of(request, rows, _NATIONAL, filters, _told)


@router.post("/findings/{finding_id}/not-affected", response=StatementOut)
def declare_not_affected(
    request: HttpRequest, finding_id: Path[Id], body: NotAffectedIn
) -> HttpResponse:
    """Declare that a known vulnerability does not concern the establishment."""
    user = asker(request)
    finding = finding_for(user, finding_id, Permission.FINDING_ACCEPT)
    claim = Claim(body.justification, body.impact, body.until, body.everywhere)

    def write() -> Answer:
        made = declaring.declare(finding, claim, user=user, now=timezone.now())
        return Answer(200, content_of(_told(made)))

    return once(request, small_body(request), write, now=timezone.now())


@router.post("/vex-statements/{statement_id}/approve", response=StatementOut)
def approve_statement(request: HttpRequest, statement_id: Path[Id]) -> HttpResponse:
    """Agree with what somebody else declared: from now it counts."""
    user = asker(request)
    statement = access.statement_for(user, statement_id, to_write=True)

    def write() -> Answer:
        done = declaring.approve(statement, user=user, now=timezone.now())
        return Answer(200, content_of(_told(done)))

    return once(request, small_body(request), write, now=timezone.now())


@router.post("/vex-statements/{statement_id}/revoke", response=StatementOut)
def revoke_statement(request: HttpRequest, statement_id: Path[Id]) -> HttpResponse:
    """Take back a declaration; the weaknesses it set aside are open again."""
    user = asker(request)
    statement = access.statement_for(user, statement_id, to_write=True)

    def write() -> Answer:
        done = declaring.revoke(statement, user=user, now=timezone.now())
        return Answer(200, content_of(_told(done)))

    return once(request, small_body(request), write, now=timezone.now())


def _told(statement: VexStatement) -> StatementOut:
    plain = {name: getattr(statement, name) for name in StatementOut.model_fields if name != "id"}
    return StatementOut(id=statement.pk, **plain)
