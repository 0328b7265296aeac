from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.domain.places import NOW, make_site, make_user

from hygie.domain.findings.actions import accept, declare_fixed, take
from hygie.domain.findings.models import Event, EventKind, Finding, Origin, State
from hygie.domain.findings.reconcile import Outcome, Seen, reconcile
from hygie.domain.journal.queries import about, verify
from hygie.domain.territory.models import Node
from hygie.vocabulary.enums import Role

pytestmark = pytest.mark.django_db

VPN = Seen(
    origin=Origin.EXPOSURE,
    key="tls.old-version",
    subject="vpn.essai.example:443",
    title="TLS 1.0 encore accepté",
    severity="major",
    probe="tls",
    facts={"accepted": ["TLSv1.0"]},
)
LATER = NOW + dt.timedelta(days=1)


def turn(
    site: Node, *seen: Seen, answered: bool = True, now: dt.datetime = NOW
) -> tuple[Outcome, list[Finding]]:
    outcome = reconcile(site, Origin.EXPOSURE, seen, answered=lambda _: answered, now=now)
    return outcome, list(Finding.objects.filter(node=site).order_by("pk"))


def test_a_weakness_seen_for_the_first_time_becomes_a_finding() -> None:
    outcome, [finding] = turn(make_site(), VPN)

    assert outcome == Outcome(new=1)
    assert (finding.state, finding.rule_id, finding.first_seen_at) == (
        State.OPEN,
        "tls.old-version",
        NOW,
    )
    assert [event.kind for event in finding.events.all()] == [EventKind.SEEN]
    assert [line.action for line in about("finding", str(finding.pk))] == ["finding.seen"]


def test_seen_again_it_is_the_same_finding() -> None:
    site = make_site()
    [first] = turn(site, VPN)[1]

    outcome, [again] = turn(site, VPN, now=LATER)

    assert outcome == Outcome(same=1)
    assert (again.pk, again.first_seen_at, again.last_seen_at) == (first.pk, NOW, LATER)
    assert again.events.count() == 1


def test_new_facts_are_kept_and_told() -> None:
    site = make_site()
    turn(site, VPN)

    outcome, [finding] = turn(site, replace(VPN, facts={"accepted": ["SSLv3"]}), now=LATER)

    assert outcome == Outcome(changed=1)
    assert finding.facts == {"accepted": ["SSLv3"]}


def test_not_seen_where_the_question_was_answered_is_a_verified_repair() -> None:
    site = make_site()
    turn(site, VPN)

    outcome, [finding] = turn(site, now=LATER)

    assert outcome == Outcome(verified=1)
    assert (finding.state, finding.closed_at) == (State.VERIFIED, LATER)


@pytest.mark.parametrize("declared", [False, True], ids=["open", "declared fixed"])
def test_not_seen_where_nothing_answered_says_nothing(*, declared: bool) -> None:
    site = make_site()
    [finding] = turn(site, VPN)[1]
    if declared:
        declare_fixed(finding, user=make_user(Role.RSSI, site), now=NOW)
    before = Finding.objects.get()

    outcome, [after] = turn(site, answered=False, now=LATER)

    assert outcome == Outcome(unknown=1)
    assert (after.state, after.closed_at, after.last_reached_at) == (before.state, None, NOW)


def test_a_repaired_weakness_that_returns_loses_its_old_plan_and_deadline() -> None:
    site = make_site()
    [finding] = turn(site, VPN)[1]
    take(finding, user=make_user(Role.RSSI, site), now=NOW)
    Finding.objects.update(due_at=NOW)
    turn(site, now=LATER)

    outcome, [back] = turn(site, VPN, now=LATER + dt.timedelta(days=1))

    assert outcome == Outcome(returned=1)
    assert (back.state, back.closed_at, back.times_returned) == (State.OPEN, None, 1)
    assert (back.taken_by, back.due_at) == ("", None)


def test_an_accepted_risk_stays_accepted_while_it_is_seen() -> None:
    site = make_site()
    [finding] = turn(site, VPN)[1]
    accept(
        finding,
        until=dt.date(2026, 6, 1),
        reason="remplacement prévu au contrat de mai",
        user=make_user(Role.RSSI, site),
        now=NOW,
    )

    [seen] = turn(site, VPN, now=LATER)[1]

    assert seen.state == State.ACCEPTED


def test_the_same_weakness_elsewhere_is_another_finding() -> None:
    site, neighbour = make_site("Ici"), make_site("Ailleurs")
    turn(site, VPN, replace(VPN, subject="www.essai.example:443"))
    turn(neighbour, VPN)

    outcome, found = turn(site)

    assert outcome == Outcome(verified=2)
    assert len(found) == 2
    assert Finding.objects.get(node=neighbour).state == State.OPEN


def test_findings_of_another_origin_are_left_alone() -> None:
    site = make_site()
    cve = replace(VPN, origin=Origin.VULNERABILITY, key="CVE-2018-13379")
    reconcile(site, Origin.VULNERABILITY, [cve], answered=lambda _: True, now=NOW)

    outcome, [finding] = turn(site)

    assert outcome == Outcome()
    assert (finding.state, finding.cve_id) == (State.OPEN, "CVE-2018-13379")


def test_capitals_and_repeats_do_not_make_two_findings() -> None:
    site = make_site()

    _, found = turn(site, VPN, replace(VPN, subject="VPN.essai.example:443"))

    assert len(found) == 1


def test_every_event_has_its_line_in_a_whole_journal() -> None:
    site = make_site()
    turn(site, VPN)
    turn(site, now=LATER)

    assert verify().whole
    assert verify().lines == Event.objects.count() == 2


def test_the_number_of_queries_does_not_grow_with_the_findings(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    site = make_site()
    many = [replace(VPN, subject=f"h{n}.essai.example:443") for n in range(50)]

    with django_assert_max_num_queries(12):
        reconcile(site, Origin.EXPOSURE, many, answered=lambda _: True, now=NOW)
