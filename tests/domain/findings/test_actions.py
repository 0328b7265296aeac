from __future__ import annotations

import datetime as dt

import pytest
from tests.domain.places import NOW, make_site, make_user

from hygie.domain.findings.actions import (
    PlanError,
    accept,
    declare_fixed,
    plan,
    reopen,
    take,
)
from hygie.domain.findings.lifecycle import LifecycleError
from hygie.domain.findings.models import Finding, State
from hygie.domain.journal.queries import about
from hygie.domain.people.models import User
from hygie.vocabulary.enums import Role

pytestmark = pytest.mark.django_db

TODAY = NOW.date()
LATE = dt.datetime(2026, 3, 4, 23, 30, tzinfo=dt.UTC)
"""Half past midnight in Paris, half past eight in the evening in Cayenne."""
REASON = "isolé du réseau, remplacement commandé"


@pytest.fixture
def finding() -> Finding:
    return Finding.objects.create(
        node=make_site(),
        identity="1" * 64,
        origin="exposure",
        subject="vpn.essai.example:443",
        title="TLS 1.0 encore accepté",
        severity="major",
        first_seen_at=NOW,
        last_seen_at=NOW,
        last_reached_at=NOW,
    )


@pytest.fixture
def rssi(finding: Finding) -> User:
    return make_user(Role.RSSI, finding.node, "rssi@essai.example")


def test_taking_says_who_and_leaves_a_trace(finding: Finding, rssi: User) -> None:
    take(finding, user=rssi, now=NOW)

    finding.refresh_from_db()
    assert (finding.state, finding.taken_by) == (State.TAKEN, "rssi@essai.example")
    [line] = about("finding", str(finding.pk))
    assert (line.action, line.actor) == ("finding.taken", "rssi@essai.example")


def test_a_plan_may_be_made_again(finding: Finding, rssi: User) -> None:
    plan(finding, on=TODAY, user=rssi, now=NOW)

    moved = plan(finding, on=TODAY + dt.timedelta(days=7), user=rssi, now=NOW)

    assert moved.planned_on == TODAY + dt.timedelta(days=7)


def test_a_plan_for_yesterday_is_refused(finding: Finding, rssi: User) -> None:
    with pytest.raises(PlanError, match="passée"):
        plan(finding, on=TODAY - dt.timedelta(days=1), user=rssi, now=NOW)


def test_today_is_the_day_on_the_wall_of_the_establishment(finding: Finding, rssi: User) -> None:
    finding.node.time_zone = "America/Cayenne"

    moved = plan(finding, on=TODAY, user=rssi, now=LATE)

    assert moved.planned_on == TODAY


@pytest.mark.parametrize("days", [0, -1, 367], ids=["today", "yesterday", "over a year"])
def test_an_acceptance_ends_within_a_year(finding: Finding, rssi: User, days: int) -> None:
    with pytest.raises(PlanError, match="dans l’année"):
        accept(finding, until=TODAY + dt.timedelta(days=days), reason=REASON, user=rssi, now=NOW)


def test_an_acceptance_without_a_real_reason_is_refused(finding: Finding, rssi: User) -> None:
    with pytest.raises(PlanError, match="expliquez"):
        accept(finding, until=TODAY + dt.timedelta(days=9), reason=" ok ", user=rssi, now=NOW)


def test_reopening_undoes_an_acceptance(finding: Finding, rssi: User) -> None:
    accept(finding, until=TODAY + dt.timedelta(days=9), reason=REASON, user=rssi, now=NOW)

    back = reopen(finding, user=rssi, now=NOW)

    assert (back.state, back.accepted_until, back.accepted_reason) == (State.OPEN, None, "")


def test_nobody_declares_twice(finding: Finding, rssi: User) -> None:
    declare_fixed(finding, user=rssi, now=NOW)

    with pytest.raises(LifecycleError, match="rechargez"):
        declare_fixed(finding, user=rssi, now=NOW)
    assert about("finding", str(finding.pk)).count() == 1
