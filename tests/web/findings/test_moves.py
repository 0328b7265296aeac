from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from hygie.domain.findings.models import Finding, State

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from tests.web.world import World


def post(client: Client, name: str, finding: Finding, **data: str) -> object:
    return client.post(reverse(name, args=[finding.pk]), data)


def test_taking_is_undone_by_the_button_of_its_message(world: World, rssi: Client) -> None:
    finding = world.findings["own.flaw"]

    answer = rssi.post(reverse("finding-take", args=[finding.pk]), follow=True)
    finding.refresh_from_db()
    assert finding.state == State.TAKEN
    assert reverse("finding-reopen", args=[finding.pk]) in answer.content.decode()

    post(rssi, "finding-reopen", finding)
    finding.refresh_from_db()
    assert finding.state == State.OPEN


def test_a_button_goes_back_to_its_page_and_to_no_other_site(world: World, rssi: Client) -> None:
    taken = post(rssi, "finding-take", world.findings["own.flaw"], next="/")
    away = post(rssi, "finding-take", world.findings["own.late"], next="https://ailleurs.example/")

    assert taken["Location"] == "/"  # type: ignore[index]
    assert away["Location"] == reverse("finding", args=[world.findings["own.late"].pk])  # type: ignore[index]


def test_a_repair_is_planned_for_a_day(world: World, rssi: Client) -> None:
    finding = world.findings["own.flaw"]
    day = timezone.localdate() + dt.timedelta(days=3)

    post(rssi, "finding-plan", finding, on=day.isoformat())

    finding.refresh_from_db()
    assert (finding.state, finding.planned_on) == (State.PLANNED, day)


@pytest.mark.parametrize("on", ["2001-01-01", "demain", ""])
def test_a_day_that_does_not_hold_comes_back_at_its_field(
    on: str, world: World, rssi: Client
) -> None:
    finding = world.findings["own.flaw"]

    answer = rssi.post(reverse("finding-plan", args=[finding.pk]), {"on": on})

    finding.refresh_from_db()
    assert (answer.status_code, finding.state) == (422, State.OPEN)
    page = answer.content.decode()
    assert 'aria-invalid="true"' in page
    assert 'id="id_on_error"' in page
    assert "id_on_error" in page.split("aria-describedby=", 1)[1].split(">", 1)[0]


def test_a_risk_is_accepted_until_a_date_with_a_reason(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    finding = world.findings["own.flaw"]
    until = timezone.localdate() + dt.timedelta(days=30)
    reason = "Passerelle remplacée en janvier, accès limité d’ici là."

    post(sign_in("director"), "finding-accept", finding, until=until.isoformat(), reason=reason)

    finding.refresh_from_db()
    assert (finding.state, finding.accepted_reason) == (State.ACCEPTED, reason)


@pytest.mark.parametrize(
    ("days", "reason", "field"),
    [(30, "plus tard", "reason"), (900, "Une raison longue et sincère.", "until")],
)
def test_an_acceptance_is_refused_at_the_field_at_fault(
    days: int, reason: str, field: str, world: World, rssi: Client
) -> None:
    finding = world.findings["own.flaw"]
    until = timezone.localdate() + dt.timedelta(days=days)

    answer = rssi.post(
        reverse("finding-accept", args=[finding.pk]),
        {"until": until.isoformat(), "reason": reason},
    )

    assert answer.status_code == 422
    assert list(answer.context["accept_form"].errors) == [field]


def test_a_repair_declared_waits_for_the_round(world: World, rssi: Client) -> None:
    finding = world.findings["own.flaw"]

    answer = rssi.post(reverse("finding-declare", args=[finding.pk]), follow=True)

    finding.refresh_from_db()
    assert finding.state == State.DECLARED_FIXED
    assert "la prochaine ronde" in answer.content.decode()


def test_a_move_that_is_no_longer_possible_says_so(world: World, rssi: Client) -> None:
    answer = rssi.post(
        reverse("finding-take", args=[world.findings["own.verified"].pk]), follow=True
    )

    assert "impossible" in answer.content.decode()
