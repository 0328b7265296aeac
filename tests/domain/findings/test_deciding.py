from __future__ import annotations

import datetime as dt

import pytest
from tests.domain.places import NOW, make_site

from hygie.domain.findings.deciding import Ruling, apply_rulings
from hygie.domain.findings.models import EventKind, Finding, State
from hygie.domain.territory.models import Node

pytestmark = pytest.mark.django_db

DUE = NOW + dt.timedelta(days=2)
LATER = NOW + dt.timedelta(days=1)


def ruling(decision: str = "act", due_at: dt.datetime = DUE) -> Ruling:
    return Ruling(decision, due_at, [["exposure", "open"]], [], [], "essai 1", 7)


def make_finding(site: Node, **fields: object) -> Finding:
    base = {
        "identity": f"{Finding.objects.count():064}",
        "origin": "exposure",
        "subject": "vpn.essai.example:443",
        "title": "TLS 1.0 encore accepté",
        "severity": "major",
        "first_seen_at": NOW,
        "last_seen_at": NOW,
        "last_reached_at": NOW,
    }
    return Finding.objects.create(node=site, **(base | fields))


def decide(site: Node, given: Ruling, now: dt.datetime = NOW) -> Finding:
    apply_rulings(site, lambda _: given, today=now.date(), now=now)
    return Finding.objects.get(node=site)


def test_a_decision_is_kept_with_its_deadline_and_told_once() -> None:
    site = make_site()
    make_finding(site)

    finding = decide(site, ruling())

    assert (finding.decision, finding.due_at, finding.branch) == (
        "act",
        DUE,
        [["exposure", "open"]],
    )
    assert [event.kind for event in finding.events.all()] == [EventKind.DECIDED]


def test_a_round_that_passes_does_not_push_the_deadline_away() -> None:
    site = make_site()
    make_finding(site)
    decide(site, ruling())

    again = decide(site, ruling(due_at=DUE + dt.timedelta(days=1)), now=LATER)

    assert again.due_at == DUE
    assert again.events.count() == 1


def test_a_more_urgent_decision_starts_a_new_deadline() -> None:
    site = make_site()
    make_finding(site)
    decide(site, ruling("track", DUE + dt.timedelta(days=60)))

    urgent = decide(site, ruling("act", DUE), now=LATER)

    assert (urgent.decision, urgent.due_at) == ("act", DUE)


def test_an_acceptance_past_its_term_comes_back_to_be_treated() -> None:
    site = make_site()
    make_finding(
        site,
        state=State.ACCEPTED,
        accepted_until=NOW.date(),
        accepted_reason="isolé du réseau",
        accepted_by="direction@essai.example",
    )

    same_day = decide(site, ruling())
    next_day = decide(site, ruling(), now=LATER)

    assert same_day.state == State.ACCEPTED
    assert (next_day.state, next_day.accepted_until) == (State.OPEN, None)
    assert EventKind.EXPIRED in [event.kind for event in next_day.events.all()]


def test_what_is_verified_is_not_decided_again() -> None:
    site = make_site()
    make_finding(site, state=State.VERIFIED, closed_at=NOW)

    assert apply_rulings(site, lambda _: ruling(), today=NOW.date(), now=NOW) == {}


def test_of_two_things_to_act_on_the_sooner_due_comes_first() -> None:
    site = make_site()
    late = make_finding(site)
    soon = make_finding(site)
    due = {late.pk: DUE + dt.timedelta(hours=1), soon.pk: DUE}

    apply_rulings(site, lambda one: ruling(due_at=due[one.pk]), today=NOW.date(), now=NOW)

    assert [finding.pk for finding in Finding.objects.order_by("rank")] == [soon.pk, late.pk]
