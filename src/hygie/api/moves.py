"""What people do about a weakness: each move once, and only on what they read."""

from collections.abc import Callable
from typing import Annotated, Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Router, Schema
from pydantic import ConfigDict, Field

from hygie.api.asking import asker
from hygie.api.bodies import small_body
from hygie.api.conditional import check_unchanged
from hygie.api.fields import PLAIN, Day, Id
from hygie.api.findings import FindingDetail, detail_of
from hygie.api.idempotency import Answer, once
from hygie.api.rendering import content_of
from hygie.domain.findings import access, actions
from hygie.domain.findings.models import Finding
from hygie.domain.people.roles import Permission

router = Router(tags=["findings"])

_CONDITIONAL: Final = {"x-conditional": True}


class PlanIn(Schema):
    """When the repair is planned."""

    model_config = ConfigDict(extra="forbid")

    on: Day = Field(description="Today or later.")


class AcceptIn(Schema):
    """Until when the risk is accepted, and why."""

    model_config = ConfigDict(extra="forbid")

    until: Day = Field(description="Within a year.")
    reason: Annotated[str, Field(min_length=15, max_length=500, pattern=PLAIN)] = Field(
        description="What an auditor will read: why, and what makes up for it."
    )


@router.post("/findings/{finding_id}/take", response=FindingDetail, openapi_extra=_CONDITIONAL)
def take_finding(request: HttpRequest, finding_id: Path[Id]) -> HttpResponse:
    """Say that you look after the weakness."""
    finding = access.finding_for(asker(request), finding_id, Permission.FINDING_PLAN)
    return _move(
        request,
        finding,
        lambda: actions.take(finding, user=asker(request), now=timezone.now()),
    )


@router.post("/findings/{finding_id}/plan", response=FindingDetail, openapi_extra=_CONDITIONAL)
def plan_finding(request: HttpRequest, finding_id: Path[Id], body: PlanIn) -> HttpResponse:
    """Schedule the repair for a day."""
    finding = access.finding_for(asker(request), finding_id, Permission.FINDING_PLAN)
    return _move(
        request,
        finding,
        lambda: actions.plan(finding, on=body.on, user=asker(request), now=timezone.now()),
    )


@router.post("/findings/{finding_id}/accept", response=FindingDetail, openapi_extra=_CONDITIONAL)
def accept_finding(request: HttpRequest, finding_id: Path[Id], body: AcceptIn) -> HttpResponse:
    """Accept the risk until a day."""
    finding = access.finding_for(asker(request), finding_id, Permission.FINDING_ACCEPT)
    return _move(
        request,
        finding,
        lambda: actions.accept(
            finding,
            until=body.until,
            reason=body.reason,
            user=asker(request),
            now=timezone.now(),
        ),
    )


@router.post("/findings/{finding_id}/declare", response=FindingDetail, openapi_extra=_CONDITIONAL)
def declare_finding(request: HttpRequest, finding_id: Path[Id]) -> HttpResponse:
    """Say that the repair is done; the next round that reaches the target verifies it."""
    finding = access.finding_for(asker(request), finding_id, Permission.FINDING_PLAN)
    return _move(
        request,
        finding,
        lambda: actions.declare_fixed(finding, user=asker(request), now=timezone.now()),
    )


@router.post("/findings/{finding_id}/reopen", response=FindingDetail, openapi_extra=_CONDITIONAL)
def reopen_finding(request: HttpRequest, finding_id: Path[Id]) -> HttpResponse:
    """Undo the last plan, acceptance or declaration."""
    user = asker(request)
    finding = access.finding_to_reopen(user, finding_id)
    return _move(request, finding, lambda: actions.reopen(finding, user=user, now=timezone.now()))


def _move(request: HttpRequest, finding: Finding, act: Callable[[], Finding]) -> HttpResponse:
    """Do a move in one transaction: what the caller read, what they do, what they are told."""

    def write() -> Answer:
        Finding.objects.select_for_update().get(pk=finding.pk)
        check_unchanged(request, _told(request, finding.pk))
        act()
        return Answer(200, _told(request, finding.pk))

    return once(request, small_body(request), write, now=timezone.now())


def _told(request: HttpRequest, finding_id: int) -> bytes:
    """Return what a GET of the finding sends now."""
    return content_of(detail_of(access.finding_for(asker(request), finding_id)))
