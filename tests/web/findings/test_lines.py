"""A line of a list says what its finding is, in the zone of its place."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from hygie.domain.findings.models import State
from hygie.web.findings.lines import lines

if TYPE_CHECKING:
    from tests.web.world import World

DUE = dt.datetime(2026, 11, 27, 17, 0, tzinfo=dt.UTC)
AFTER = DUE + dt.timedelta(minutes=1)


def test_a_line_says_what_where_and_until_when(world: World) -> None:
    finding = world.findings["own.late"]
    finding.due_at, finding.state = DUE, State.OPEN

    [line] = lines([finding], now=DUE)

    assert line.title == "Versions périmées de TLS acceptées (1.0 ou 1.1)"
    assert line.url == reverse("finding", args=[finding.pk])
    assert (line.place, line.place_url) == (
        finding.node.name,
        reverse("node", args=[finding.node_id]),
    )
    assert line.severity == "gravité majeure"
    assert (line.due, line.late) == ("avant vendredi 27 novembre, 18\u00a0h", False)
    assert line.state == "à traiter"


@pytest.mark.parametrize(
    ("state", "late"),
    [
        (State.OPEN, True),
        (State.DECLARED_FIXED, True),
        (State.ACCEPTED, False),
        (State.VERIFIED, False),
        (State.SET_ASIDE, False),
    ],
)
def test_only_what_is_left_to_do_is_late(state: State, *, late: bool, world: World) -> None:
    finding = world.findings["own.late"]
    finding.due_at, finding.state = DUE, state

    [line] = lines([finding], now=AFTER)

    assert line.late == late
    assert line.due.startswith("en retard depuis" if late else "avant")


def test_a_plan_shows_its_day_and_no_deadline_shows_nothing(world: World) -> None:
    finding = world.findings["own.late"]
    finding.state, finding.planned_on, finding.due_at = State.PLANNED, DUE.date(), None

    [line] = lines([finding], now=timezone.now())

    assert line.planned == "le 27 novembre 2026"
    assert line.due == ""
