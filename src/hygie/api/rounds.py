"""Rounds as far as the caller's territory goes; start one."""

import datetime as dt

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Path, Query, Router, Schema
from pydantic import ConfigDict, Field

from hygie.api.asking import asker, require
from hygie.api.bodies import small_body
from hygie.api.fields import Id
from hygie.api.idempotency import Answer, once
from hygie.api.paging import Column, Page, PageQuery, page_of
from hygie.api.places import NodeRef, ref_of
from hygie.api.rendering import content_of
from hygie.domain.people.access import node_for
from hygie.domain.people.roles import Permission
from hygie.domain.rounds import access, queries
from hygie.domain.rounds.actions import ALL_STEPS, open_round
from hygie.domain.rounds.models import Round, RoundState, Step
from hygie.jobs.backend import backend

router = Router(tags=["rounds"])

_NEWEST = (Column("pk", descending=True),)
MAX_FAILURES = 100


class RoundIn(Schema):
    """The round to start."""

    model_config = ConfigDict(extra="forbid")

    node_id: Id = Field(description="The place: every establishment below it takes part.")
    steps: list[Step] = Field(
        default_factory=lambda: list(ALL_STEPS), min_length=1, max_length=len(ALL_STEPS)
    )


class RoundOut(Schema):
    """One turn over a part of the territory."""

    id: int
    node: NodeRef
    steps: list[Step]
    state: RoundState
    started_at: dt.datetime
    finished_at: dt.datetime | None
    corpus: str = Field(description="Version of the corpus used.")


class RoundPage(Page[RoundOut]):
    """Rounds."""


class StepOut(Schema):
    """Items of one step within your territory."""

    step: Step
    done: int
    failed: int
    todo: int


class FailureOut(Schema):
    """An item that failed, and why."""

    node: NodeRef
    step: Step
    attempts: int
    note: str


class RoundDetail(RoundOut):
    """A round, as far as your territory goes."""

    progress: list[StepOut]
    failures: list[FailureOut] = Field(description=f"The first {MAX_FAILURES}.")


class StartedOut(RoundOut):
    """The round that runs now."""

    is_new: bool = Field(description="False when an unfinished round of the place goes on.")


@router.get("/rounds", response=RoundPage)
def list_rounds(request: HttpRequest, filters: Query[PageQuery]) -> object:
    """List the rounds that touched your territory, newest first."""
    user = require(request, Permission.ROUND_READ)
    return page_of(request, queries.rounds(user), _NEWEST, filters, _round)


@router.get("/rounds/{round_id}", response=RoundDetail)
def read_round(request: HttpRequest, round_id: Path[Id]) -> RoundDetail:
    """Read a round: each step, and what failed with its reason."""
    user = asker(request)
    found = access.round_for(user, round_id)
    return RoundDetail(
        **_round(found).model_dump(),
        progress=[
            StepOut(step=row.step, done=row.done, failed=row.failed, todo=row.todo)
            for row in queries.steps(user, found.pk)
        ],
        failures=[
            FailureOut(
                node=ref_of(item.node), step=Step(item.step), attempts=item.attempts, note=item.note
            )
            for item in queries.failures(user, found.pk)[:MAX_FAILURES]
        ],
    )


@router.post("/rounds", response={202: StartedOut})
def start_round(request: HttpRequest, body: RoundIn) -> HttpResponse:
    """Start a round of a place, or have the unfinished one go on."""
    user = asker(request)
    node = node_for(user, body.node_id, Permission.ROUND_RUN)

    def write() -> Answer:
        turn, is_new = open_round(node, body.steps, actor=user.actor, now=timezone.now())
        # Its row is what counts: whoever is told to look at it must be able to see it.
        transaction.on_commit(lambda: backend().begin(turn))
        told = StartedOut(**_round(turn).model_dump(), is_new=is_new)
        place = reverse("api:read_round", kwargs={"round_id": turn.pk})
        return Answer(202, content_of(told), place)

    return once(request, small_body(request), write, now=timezone.now())


def _round(turn: Round) -> RoundOut:
    return RoundOut(
        id=turn.pk,
        node=ref_of(turn.node),
        steps=[Step(step) for step in turn.steps],
        state=RoundState(turn.state),
        started_at=turn.started_at,
        finished_at=turn.finished_at,
        corpus=turn.corpus,
    )
