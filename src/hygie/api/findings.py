"""Weaknesses: the list, one of them with its reasons, what happened to it."""

import datetime as dt
from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Query, Router, Schema
from pydantic import Field

from hygie.api.asking import asker, require
from hygie.api.fields import Flag, Id, Search
from hygie.api.paging import Column, Page, PageQuery, columns_of, page_of
from hygie.api.places import NodeRef, ref_of
from hygie.domain.findings import access, queries
from hygie.domain.findings.lifecycle import allowed
from hygie.domain.findings.models import Event, EventKind, Finding, Origin, State
from hygie.domain.findings.telling import language, rule_of, sentences, title_of
from hygie.domain.people.access import node_for
from hygie.domain.people.roles import Permission
from hygie.engines.deciding.exposure import Rule
from hygie.vocabulary.enums import Criticality, Decision, Severity

router = Router(tags=["findings"])

_EVENTS = (Column("at", descending=True), Column("pk", descending=True))
_MOVES = {
    EventKind.TAKEN: "take",
    EventKind.PLANNED: "plan",
    EventKind.ACCEPTED: "accept",
    EventKind.DECLARED: "declare",
    EventKind.REOPENED: "reopen",
}

StateGroup = Literal[
    "open",
    "live",
    "all",
    "untouched",
    "taken",
    "planned",
    "accepted",
    "declared",
    "verified",
    "set_aside",
]
Order = Literal["urgency", "due", "newest", "oldest", "place"]


class FindingQuery(PageQuery):
    """What a list of findings is narrowed to."""

    state: StateGroup = Field(
        "open", description="`open` is all that is left to do, `untouched` what nobody took."
    )
    decision: Decision | None = Field(None, description="What the policy says to do.")
    severity: Severity | None = Field(None, description="How bad it is by itself.")
    origin: Origin | None = Field(None, description="What found it.")
    node: Id | None = Field(None, description="A place: it and what lies below.")
    q: Search | None = Field(None, description="Part of the title, target, place or CVE.")
    overdue: Flag = Field(False, description="Only what is left to do past its deadline.")  # noqa: FBT003 - pydantic's default
    order: Order = Field("urgency", description="Order of the list.")


class AssetRef(Schema):
    """The asset concerned."""

    id: int
    name: str
    criticality: Criticality


class FindingLine(Schema):
    """A weakness of an establishment, the same from round to round."""

    id: int
    node: NodeRef
    title: str
    origin: Origin
    rule_id: str
    cve_id: str
    subject: str = Field(description="What was asked: a domain, or host:port.")
    place: str = Field(description="Where inside the subject.")
    asset: AssetRef | None
    severity: Severity
    decision: Decision | None
    state: State
    due_at: dt.datetime | None
    first_seen_at: dt.datetime
    last_seen_at: dt.datetime
    last_reached_at: dt.datetime
    times_returned: int
    taken_by: str
    planned_on: dt.date | None
    accepted_until: dt.date | None


class FindingPage(Page[FindingLine]):
    """Findings."""


class ReferenceOut(Schema):
    """The text behind a rule."""

    label: str
    url: str | None


class FindingDetail(FindingLine):
    """A weakness with what was observed, why it matters, and why it was decided so."""

    facts: dict[str, Any] = Field(description="What was observed; null was not learnt.")
    confidence: float
    probe: str
    closed_at: dt.datetime | None
    declared_at: dt.datetime | None
    accepted_reason: str
    accepted_by: str
    why: str = Field(description="What it means for care.")
    steps: list[str] = Field(description="What to do, in order.")
    reference: ReferenceOut | None
    branch: list[list[str]] = Field(description="[criterion, value], as the policy asked.")
    reasons: list[str]
    would_change: list[str] = Field(description="What would change the decision.")
    policy: str = Field(description="Name and version of the policy that decided.")
    moves: list[str] = Field(description="Moves that its state allows.")


class EventOut(Schema):
    """Something that happened to a finding."""

    at: dt.datetime
    kind: EventKind
    actor: str
    detail: dict[str, Any]


class EventPage(Page[EventOut]):
    """What happened."""


@router.get("/findings", response=FindingPage)
def list_findings(request: HttpRequest, filters: Query[FindingQuery]) -> object:
    """List the weaknesses of your territory, the most urgent first."""
    user = require(request, Permission.FINDING_READ)
    if filters.node is not None:
        node_for(user, filters.node, Permission.FINDING_READ)
    narrowed = queries.Filters(
        state=filters.state,
        decision=filters.decision or "",
        severity=filters.severity or "",
        origin=filters.origin or "",
        node_id=filters.node,
        text=filters.q or "",
        overdue=filters.overdue,
        order=filters.order,
    )
    order = columns_of(queries.ORDERS[filters.order], nulls_last=("due_at",))
    rows = queries.listed(user, narrowed, now=timezone.now())
    return page_of(request, rows, order, filters, line_of)


@router.get("/findings/{finding_id}", response=FindingDetail)
def read_finding(request: HttpRequest, finding_id: Path[Id]) -> FindingDetail:
    """Read a weakness; its ETag is what a move gives back in If-Match."""
    return detail_of(access.finding_for(asker(request), finding_id))


@router.get("/findings/{finding_id}/events", response=EventPage)
def list_events(request: HttpRequest, finding_id: Path[Id], filters: Query[PageQuery]) -> object:
    """List what happened to a weakness, newest first."""
    finding = access.finding_for(asker(request), finding_id)
    return page_of(request, queries.history(finding), _EVENTS, filters, _event)


def line_of(finding: Finding) -> FindingLine:
    """Tell a finding in a line."""
    asset = finding.asset
    plain = ("rule_id", "cve_id", "subject", "place", "due_at", "first_seen_at", "last_seen_at",
             "last_reached_at", "times_returned", "taken_by", "planned_on",
             "accepted_until")  # fmt: skip
    return FindingLine(
        id=finding.pk,
        node=ref_of(finding.node),
        title=title_of(finding),
        origin=Origin(finding.origin),
        asset=AssetRef(id=asset.pk, name=asset.name, criticality=Criticality(asset.criticality))
        if asset
        else None,
        severity=Severity(finding.severity),
        decision=Decision(finding.decision) if finding.decision else None,
        state=State(finding.state),
        **{name: getattr(finding, name) for name in plain},
    )


def detail_of(finding: Finding) -> FindingDetail:
    """Tell a finding with its reasons."""
    rule, spoken = rule_of(finding.rule_id), language()
    plain = ("facts", "confidence", "probe", "closed_at", "declared_at", "accepted_reason",
             "accepted_by", "branch")  # fmt: skip
    moves = allowed(State(finding.state))
    return FindingDetail(
        **line_of(finding).model_dump(),
        **{name: getattr(finding, name) for name in plain},
        why=rule.why.in_language(spoken) if rule else "",
        steps=[step.in_language(spoken) for step in rule.steps] if rule else [],
        reference=ReferenceOut(label=rule.reference.label, url=rule.reference.url or None)
        if rule
        else None,
        reasons=sentences(finding, finding.reasons),
        would_change=sentences(finding, finding.would_change),
        policy=finding.policy_version,
        moves=[name for kind, name in _MOVES.items() if kind in moves],
    )


def _reference(rule: Rule) -> ReferenceOut:
    return ReferenceOut(label=rule.reference.label, url=rule.reference.url or None)


def _event(event: Event) -> EventOut:
    return EventOut(at=event.at, kind=EventKind(event.kind), actor=event.actor, detail=event.detail)
