"""A member is acted for once it accepted, on its days, for what it gave, and not a day longer."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from pytest_django import DjangoAssertNumQueries
from tests.domain.people.group import IN_A_MONTH, NOW, TODAY, Group, build_group

from hygie.domain.findings import actions as findings
from hygie.domain.findings.models import Event, Finding
from hygie.domain.journal.models import Entry
from hygie.domain.people.access import delegation_for, may, on_behalf_of
from hygie.domain.people.actions import close_account, end_grant
from hygie.domain.people.delegating import (
    DELEGATION_MAX_DAYS,
    DelegationError,
    Terms,
    accept_delegation,
    may_accept,
    may_revoke,
    members_of_group,
    propose,
    revoke_delegation,
)
from hygie.domain.people.models import Delegation
from hygie.domain.people.queries import delegations_about, people_with
from hygie.domain.people.roles import DELEGABLE, GRANTED, Permission
from hygie.domain.people.scope import node_ids_for, visible_nodes
from hygie.domain.people.tokens import authenticate, issue
from hygie.vocabulary.enums import Role

pytestmark = pytest.mark.django_db

REASON = "Le membre n’a plus de RSSI jusqu’à l’été."
GIVEN = frozenset({Permission.FINDING_READ, Permission.FINDING_PLAN})
TERMS = Terms(GIVEN, REASON, TODAY, IN_A_MONTH)


@pytest.fixture
def group() -> Group:
    return build_group()


def delegated(group: Group, terms: Terms = TERMS, *, accepted_by: str = "director") -> Delegation:
    made = propose(group.places["member"], terms, by=group.people["support_rssi"], now=NOW)
    return accept_delegation(made, by=group.people[accepted_by], now=NOW)


def acts(group: Group, who: str = "support_rssi", where: str = "site") -> bool:
    return may(group.people[who], Permission.FINDING_PLAN, group.places[where].pk)


def finding(group: Group, where: str) -> Finding:
    return Finding.objects.create(
        node=group.places[where],
        identity=where,
        origin="exposure",
        subject="www.essai.example",
        title="Essai",
        severity="major",
        first_seen_at=NOW,
        last_seen_at=NOW,
        last_reached_at=NOW,
    )


def test_nothing_opens_before_the_member_accepts(group: Group) -> None:
    made = propose(group.places["member"], TERMS, by=group.people["support_rssi"], now=NOW)

    assert not acts(group)
    accept_delegation(made, by=group.people["director"], now=NOW)
    assert acts(group)


def test_only_what_was_given_opens_and_only_there(group: Group) -> None:
    delegated(group)
    user = group.people["support_rssi"]

    for permission in Permission:
        opened = permission in GIVEN
        assert may(user, permission, group.places["member"].pk) is opened
    assert not may(user, Permission.FINDING_READ, group.places["stranger"].pk)
    assert not may(user, Permission.FINDING_READ, group.places["ght"].pk)


@pytest.mark.parametrize(
    ("from_days", "to_days", "open_today"),
    [pytest.param(0, 1, True, id="today"), pytest.param(1, 2, False, id="from tomorrow")],
)
def test_a_delegation_holds_on_its_days(
    group: Group, from_days: int, to_days: int, *, open_today: bool
) -> None:
    day = dt.timedelta(days=1)
    delegated(
        group,
        dataclasses.replace(
            TERMS, valid_from=TODAY + from_days * day, valid_to=TODAY + to_days * day
        ),
    )

    assert acts(group) is open_today
    user = group.people["support_rssi"]
    ids = node_ids_for(user, Permission.FINDING_PLAN, on=TODAY + to_days * day)
    assert group.places["member"].pk not in {row["descendant_id"] for row in ids}


def test_a_revoked_delegation_closes_at_once(group: Group) -> None:
    made = delegated(group)

    revoke_delegation(made, by=group.people["member_rssi"], now=NOW)
    revoke_delegation(made, by=group.people["director"], now=NOW)

    assert not acts(group)
    assert Entry.objects.filter(action="delegation.revoked").count() == 1
    assert Delegation.objects.get().revoked_by == group.people["member_rssi"]


def test_who_is_no_longer_rssi_acts_no_more(group: Group) -> None:
    delegated(group)

    end_grant(group.people["support_rssi"].grants.get(), actor="essai", now=NOW)

    assert not acts(group)
    assert group.people["support_rssi"] not in people_with(
        Permission.FINDING_PLAN, [group.places["member"].pk], on=TODAY
    )


def test_a_closed_account_acts_no_more(group: Group) -> None:
    delegated(group)

    close_account(group.people["support_rssi"], actor="essai", now=NOW)

    assert not acts(group)


def test_whoever_holds_the_role_acts(group: Group) -> None:
    terms = dataclasses.replace(TERMS, role_node=group.places["support"])
    delegated(group, terms)

    assert acts(group)
    end_grant(group.people["support_rssi"].grants.get(), actor="essai", now=NOW)
    assert not acts(group)
    trainer = group.people["trainer"]
    trainer.grants.create(role=Role.RSSI, node=group.places["support"], valid_from=TODAY)
    assert acts(group, "trainer")


def test_who_acts_for_a_member_is_told_what_happens_there(group: Group) -> None:
    delegated(group)
    delegated(group, dataclasses.replace(TERMS, role_node=group.places["support"]))

    told = people_with(Permission.FINDING_PLAN, [group.places["member"].pk], on=TODAY)

    emails = [user.email for user in told]
    assert emails.count("support_rssi@essai.example") == 1
    assert "stranger_rssi@essai.example" not in emails


def test_the_journal_says_on_whose_behalf(group: Group) -> None:
    made = delegated(group)
    user = group.people["support_rssi"]

    findings.take(finding(group, "site"), user=user, now=NOW)
    findings.take(finding(group, "support"), user=user, now=NOW)

    for_member, for_self = Entry.objects.filter(action="finding.taken").order_by("sequence")
    assert for_member.on_behalf_of == f"CH membre (délégation n° {made.pk})"
    assert for_member.actor == user.email
    assert for_self.on_behalf_of == ""
    assert Event.objects.count() == 2


def test_a_role_of_ones_own_comes_first(group: Group) -> None:
    delegated(group)
    user = group.people["support_rssi"]
    user.grants.create(role=Role.RSSI, node=group.places["ght"], valid_from=TODAY)

    assert on_behalf_of(user, {Permission.FINDING_PLAN}, group.places["site"].pk, on=TODAY) == ""


def test_a_delegation_never_passes_through_a_token(group: Group) -> None:
    delegated(group)
    user = group.people["support_rssi"]
    secret, _ = issue(
        user,
        "SIEM",
        [Permission.FINDING_PLAN],
        group.places["support"],
        expires_at=NOW + dt.timedelta(days=1),
        actor="essai",
        now=NOW,
    )
    principal = authenticate(secret, now=NOW)

    assert not may(principal, Permission.FINDING_PLAN, group.places["member"].pk)
    needs = {Permission.FINDING_PLAN}
    assert on_behalf_of(principal, needs, group.places["member"].pk, on=TODAY) == ""


@pytest.mark.parametrize(
    ("who", "may_answer"),
    [
        ("director", True),
        ("member_rssi", True),
        ("support_rssi", False),
        ("ght_rssi", False),
        ("site_rssi", False),
        ("stranger_rssi", False),
        ("trainer", False),
        ("ars", False),
        ("admin", False),
    ],
)
def test_the_member_alone_accepts(group: Group, who: str, *, may_answer: bool) -> None:
    terms = Terms(frozenset({Permission.FINDING_READ}), REASON, TODAY, IN_A_MONTH)
    made = propose(group.places["member"], terms, by=group.people["support_rssi"], now=NOW)

    assert may_accept(group.people[who], made, on=TODAY) is may_answer
    if not may_answer:
        with pytest.raises(DelegationError):
            accept_delegation(made, by=group.people[who], now=NOW)


def test_who_would_act_accepts_for_nobody(group: Group) -> None:
    """Somebody RSSI of both ends, when the role acts, does not speak for the member."""
    terms = dataclasses.replace(TERMS, role_node=group.places["support"])
    made = propose(group.places["member"], terms, by=group.people["support_rssi"], now=NOW)
    both = group.people["member_rssi"]
    both.grants.create(role=Role.RSSI, node=group.places["support"], valid_from=TODAY)

    assert not may_accept(both, made, on=TODAY)
    assert may_revoke(both, made, on=TODAY)


def test_an_answer_is_given_once(group: Group) -> None:
    made = delegated(group)
    with pytest.raises(DelegationError, match="n’attend plus"):
        accept_delegation(made, by=group.people["director"], now=NOW)

    refused = propose(group.places["member"], TERMS, by=group.people["support_rssi"], now=NOW)
    revoke_delegation(refused, by=group.people["director"], now=NOW)
    with pytest.raises(DelegationError, match="n’attend plus"):
        accept_delegation(refused, by=group.people["director"], now=NOW)


def test_a_stranger_ends_nothing(group: Group) -> None:
    made = delegated(group)

    with pytest.raises(DelegationError):
        revoke_delegation(made, by=group.people["stranger_rssi"], now=NOW)
    assert acts(group)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param({"valid_from": TODAY - dt.timedelta(days=1)}, "commence", id="past"),
        pytest.param({"valid_to": TODAY}, "un an", id="no day"),
        pytest.param(
            {"valid_to": TODAY + dt.timedelta(days=DELEGATION_MAX_DAYS + 1)}, "un an", id="too long"
        ),
        pytest.param({"permissions": frozenset()}, "au moins un droit", id="nothing"),
        pytest.param(
            {"permissions": frozenset({Permission.MANDATE_SIGN})}, "se délèguent", id="signature"
        ),
        pytest.param({"reason": "vacances"}, "expliquez", id="no reason"),
    ],
)
def test_terms_that_do_not_hold_are_refused(
    group: Group, change: dict[str, object], words: str
) -> None:
    terms = dataclasses.replace(TERMS, **change)  # type: ignore[arg-type]

    with pytest.raises(DelegationError, match=words):
        propose(group.places["member"], terms, by=group.people["support_rssi"], now=NOW)


@pytest.mark.parametrize(
    ("who", "where"),
    [("support_rssi", "stranger"), ("director", "support"), ("support_rssi", "ght")],
)
def test_only_the_rssi_of_the_group_proposes(group: Group, who: str, where: str) -> None:
    with pytest.raises(DelegationError, match="aucun membre"):
        propose(group.places[where], TERMS, by=group.people[who], now=NOW)


def test_nobody_proposes_a_role_that_they_do_not_hold(group: Group) -> None:
    terms = dataclasses.replace(TERMS, role_node=group.places["ght"])

    with pytest.raises(DelegationError, match="pas RSSI"):
        propose(group.places["member"], terms, by=group.people["support_rssi"], now=NOW)


def test_the_members_are_those_of_the_group(group: Group) -> None:
    names = set(members_of_group(group.people["ght_rssi"], on=TODAY).values_list("name", flat=True))

    assert names == {"CH support", "CH membre", "Site du membre"}
    assert not members_of_group(group.people["trainer"], on=TODAY).exists()


def test_a_delegation_is_read_by_those_it_concerns(group: Group) -> None:
    made = delegated(group)

    def reads(who: str) -> bool:
        return delegations_about(group.people[who], on=TODAY).exists()

    assert reads("support_rssi")
    assert reads("director")
    assert reads("ght_rssi")
    assert not reads("stranger_rssi")
    assert delegation_for(group.people["director"], made.pk, on=TODAY) == made
    with pytest.raises(Http404):
        delegation_for(group.people["cert"], made.pk, on=TODAY)


def test_the_database_refuses_who_accepts_their_own_proposal(group: Group) -> None:
    made = propose(group.places["member"], TERMS, by=group.people["support_rssi"], now=NOW)

    with pytest.raises(IntegrityError), transaction.atomic():
        Delegation.objects.filter(pk=made.pk).update(
            accepted_by=group.people["support_rssi"], accepted_at=NOW
        )


def test_the_scope_costs_one_query_whatever_the_delegations(
    group: Group, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        delegated(group)

    with django_assert_num_queries(1):
        names = {
            node.name
            for node in visible_nodes(group.people["support_rssi"], Permission.FINDING_READ)
        }
    assert names == {"CH support", "CH membre", "Site du membre"}


def test_what_is_delegated_gives_no_menu_of_its_own() -> None:
    """Who proposes holds each of these rights on places of theirs, so menus need no more."""
    assert GRANTED[Role.RSSI] >= DELEGABLE
