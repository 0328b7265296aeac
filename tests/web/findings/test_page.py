from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from hygie.domain.findings.models import Finding

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from tests.web.world import World


def test_who_only_reads_has_no_button(world: World, sign_in: Callable[[str], Client]) -> None:
    answer = sign_in("ars").get(reverse("finding", args=[world.findings["own.flaw"].pk]))

    assert answer.context["moves"].any is False
    assert "Prendre en charge" not in answer.content.decode()


def test_a_director_accepts_but_does_not_plan(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    answer = sign_in("director").get(reverse("finding", args=[world.findings["own.flaw"].pk]))

    moves = answer.context["moves"]
    assert (moves.accept, moves.take, moves.plan, moves.declare) == (True, False, False, False)


def test_the_day_proposed_is_the_deadline_on_the_wall_of_the_establishment(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    finding = world.findings["overseas.flaw"]
    due = timezone.now().replace(hour=21, minute=30) + dt.timedelta(days=9)
    Finding.objects.filter(pk=finding.pk).update(due_at=due)

    page = sign_in("cert").get(reverse("finding", args=[finding.pk]))

    assert page.context["plan_form"].initial["on"] == due.date() + dt.timedelta(days=1)


def test_a_day_that_is_past_is_never_proposed(world: World, rssi: Client) -> None:
    page = rssi.get(reverse("finding", args=[world.findings["own.late"].pk]))

    assert page.context["plan_form"].initial["on"] >= timezone.localdate()
    assert page.context["is_late"] is True
