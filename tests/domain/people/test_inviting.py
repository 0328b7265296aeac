"""Who may offer what to whom, and a link that serves once."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.domain.people.group import NOW, TODAY, Group, build_group

from hygie.domain.journal.models import Entry
from hygie.domain.people.actions import close_account, end_grant
from hygie.domain.people.inviting import (
    INVITATION_DAYS,
    InvitationError,
    accept,
    account_of,
    invitable_roles,
    invite,
    may_end,
    offer,
    open_invitation,
    withdraw,
)
from hygie.domain.people.models import Invitation, User
from hygie.domain.people.queries import invitations_of
from hygie.domain.people.roles import LEVELS
from hygie.vocabulary.enums import NodeKind, Role

pytestmark = pytest.mark.django_db

NEW = "nouvelle@essai.example"
PASSWORD = "Une phrase inventée de test"


@pytest.fixture
def group() -> Group:
    return build_group()


def invited(group: Group, email: str = NEW, role: Role = Role.RSSI) -> tuple[str, Invitation]:
    return invite(email, role, group.places["member"], inviter=group.people["ght_rssi"], now=NOW)


@pytest.mark.parametrize(
    ("who", "where", "roles"),
    [
        ("ght_rssi", "ght", {Role.TRAINER}),
        ("ght_rssi", "member", {Role.RSSI, Role.TRAINER}),
        ("ght_rssi", "stranger", set()),
        ("support_rssi", "member", set()),
        ("member_rssi", "member", {Role.TRAINER}),
        ("director", "member", {Role.RSSI, Role.TRAINER}),
        ("director", "site", {Role.RSSI, Role.DIRECTOR, Role.TRAINER}),
        ("ars", "member", {Role.RSSI, Role.DIRECTOR, Role.TRAINER}),
        ("ars", "region", set()),
        ("cert", "member", set()),
        ("trainer", "member", set()),
        ("admin", "member", {Role.RSSI, Role.DIRECTOR, Role.TRAINER}),
        ("admin", "region", {Role.ARS_OFFICER, Role.ADMIN}),
        (
            "admin",
            "nation",
            {Role.CERT_ANALYST, Role.ANSSI_AUDITOR, Role.MINISTRY, Role.ADMIN},
        ),
    ],
)
def test_each_offers_what_the_table_says(
    group: Group, who: str, where: str, roles: set[Role]
) -> None:
    assert set(invitable_roles(group.people[who], group.places[where], on=TODAY)) == roles


def test_an_invitation_makes_an_account_with_its_role(group: Group) -> None:
    secret, made = invited(group)

    user = accept(secret, now=NOW, name="Alix Essai", password=PASSWORD)

    assert (user.email, user.name) == (NEW, "Alix Essai")
    assert user.check_password(PASSWORD)
    given = user.grants.get()
    assert (given.role, given.node, given.granted_by) == (
        Role.RSSI,
        group.places["member"],
        "ght_rssi@essai.example",
    )
    made.refresh_from_db()
    assert made.accepted_by == user
    said = Entry.objects.filter(subject_type="invitation").order_by("sequence")
    assert [(line.action, line.actor) for line in said] == [
        ("invitation.sent", "ght_rssi@essai.example"),
        ("invitation.accepted", NEW),
    ]


def test_the_secret_is_kept_nowhere(group: Group) -> None:
    secret, made = invited(group)

    kept = [str(value) for value in Invitation.objects.filter(pk=made.pk).values_list()[0]]
    told = [entry.detail for entry in Entry.objects.all()]
    assert all(secret not in text for text in (*kept, *told))


def test_a_link_serves_once(group: Group) -> None:
    secret, _ = invited(group)
    accept(secret, now=NOW, password=PASSWORD)

    with pytest.raises(InvitationError, match="n’ouvre plus rien"):
        accept(secret, now=NOW, password="Une autre phrase inventée")


@pytest.mark.parametrize("secret", ["", "é", "x" * 500, "inconnu"])
def test_an_unknown_link_opens_nothing(secret: str) -> None:
    with pytest.raises(InvitationError, match="n’ouvre plus rien"):
        open_invitation(secret, now=NOW)


def test_a_late_or_withdrawn_link_opens_nothing(group: Group) -> None:
    late = NOW + dt.timedelta(days=INVITATION_DAYS)
    secret, made = invited(group)

    assert open_invitation(secret, now=late - dt.timedelta(seconds=1)) == made
    with pytest.raises(InvitationError):
        open_invitation(secret, now=late)
    withdraw(made, actor="essai", now=NOW)
    withdraw(Invitation.objects.get(), actor="essai", now=NOW)
    with pytest.raises(InvitationError):
        open_invitation(secret, now=NOW)
    assert Entry.objects.filter(action="invitation.withdrawn").count() == 1


@pytest.mark.parametrize("how", ["role ended", "account closed"])
def test_who_lost_their_role_takes_their_invitations_with_it(group: Group, how: str) -> None:
    secret, _ = invited(group)
    inviter = group.people["ght_rssi"]
    if how == "role ended":
        end_grant(inviter.grants.get(), actor="essai", now=NOW)
    else:
        close_account(inviter, actor="essai", now=NOW)

    with pytest.raises(InvitationError):
        open_invitation(secret, now=NOW)


def test_an_address_with_an_account_takes_the_role_signed_in_and_keeps_its_password(
    group: Group,
) -> None:
    known = group.people["trainer"]
    known.set_password(PASSWORD)
    known.save()
    secret, made = invited(group, known.email)

    assert account_of(made) == known
    for person in (None, group.people["cert"]):
        with pytest.raises(InvitationError, match="connectez-vous"):
            accept(secret, now=NOW, person=person, password="Une phrase de voleur")
    accept(secret, now=NOW, person=known, password="Une phrase de voleur")

    known.refresh_from_db()
    assert known.check_password(PASSWORD)
    assert set(known.grants.values_list("role", flat=True)) == {Role.TRAINER, Role.RSSI}


def test_a_new_account_needs_a_password(group: Group) -> None:
    secret, _ = invited(group)

    with pytest.raises(InvitationError, match="mot de passe"):
        accept(secret, now=NOW)
    assert not User.objects.filter(email=NEW).exists()
    assert open_invitation(secret, now=NOW)


def test_nobody_offers_more_than_the_table_nor_to_themselves(group: Group) -> None:
    inviter = group.people["ght_rssi"]
    for role, where in ((Role.DIRECTOR, "member"), (Role.RSSI, "stranger"), (Role.ADMIN, "nation")):
        with pytest.raises(InvitationError, match="vous ne pouvez pas"):
            invite(NEW, role, group.places[where], inviter=inviter, now=NOW)
    with pytest.raises(InvitationError, match="soi-même"):
        invite(inviter.email.upper(), Role.RSSI, group.places["member"], inviter=inviter, now=NOW)
    assert not Invitation.objects.exists()


def test_the_command_line_offers_a_role_where_it_is_held(group: Group) -> None:
    secret, _ = offer(NEW, Role.ADMIN, group.places["nation"], actor="root (terminal)", now=NOW)

    assert open_invitation(secret, now=NOW)
    with pytest.raises(InvitationError, match="Ministère"):
        offer(NEW, Role.MINISTRY, group.places["member"], actor="root (terminal)", now=NOW)


def test_who_invites_ends_the_role_but_never_their_own(group: Group) -> None:
    given = group.people["member_rssi"].grants.get()

    assert may_end(group.people["ght_rssi"], given, on=TODAY)
    assert may_end(group.people["director"], given, on=TODAY)
    assert not may_end(group.people["support_rssi"], given, on=TODAY)
    own = group.people["admin"].grants.get()
    assert not may_end(group.people["admin"], own, on=TODAY)


def test_waiting_invitations_are_read_where_one_invites(group: Group) -> None:
    _, made = invited(group)

    assert list(invitations_of(group.people["director"])) == [made]
    assert not invitations_of(group.people["stranger_rssi"]).exists()
    assert not invitations_of(group.people["trainer"]).exists()


def test_every_role_has_its_level() -> None:
    assert set(LEVELS) == set(Role)
    assert all(levels <= set(NodeKind) for levels in LEVELS.values())
