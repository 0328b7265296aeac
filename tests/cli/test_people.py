"""`hygie people`: the first administrator, roles, invitations, services and tokens."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.utils import timezone
from tests.domain.people.group import Group, build_group

from hygie.cli import main, people
from hygie.domain.journal.models import Entry
from hygie.domain.people.inviting import open_invitation
from hygie.domain.people.models import ApiToken, Grant, Invitation, User
from hygie.domain.people.tokens import authenticate
from hygie.domain.territory.models import Kind, Node
from hygie.vocabulary.enums import Role

pytestmark = pytest.mark.django_db

Capture = pytest.CaptureFixture[str]
NEW = "nouvelle@essai.example"


def hygie(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        main.main(["people", *arguments])
    code = left.value.code
    return code if isinstance(code, int) else 0


@pytest.fixture
def group() -> Group:
    return build_group()


def test_the_first_administrator_is_invited_on_an_empty_base(capsys: Capture) -> None:
    assert hygie("first-admin", NEW, "--site", "https://hygie.exemple.example/") == 0

    link = capsys.readouterr().out.strip()
    assert link.startswith("https://hygie.exemple.example/personnes/invitation/")
    made = open_invitation(link.rstrip("/").split("/")[-1], now=timezone.now())
    assert (made.role, made.node.kind) == (Role.ADMIN, Kind.NATION)
    assert made.invited_by.endswith("(ligne de commande)")
    assert Client().get(link.removeprefix("https://hygie.exemple.example")).status_code == 200


@pytest.mark.usefixtures("group")
def test_there_is_one_first_administrator(capsys: Capture) -> None:
    assert hygie("first-admin", NEW) == 2
    assert "administre déjà" in capsys.readouterr().err


def test_a_role_is_offered_given_and_ended(group: Group, capsys: Capture) -> None:
    place = group.places["member"].code
    assert hygie("invite", NEW, "--role", "rssi", "--place", place) == 0
    assert Invitation.objects.get().node == group.places["member"]

    email = group.people["trainer"].email
    assert hygie("grant", email, "--role", "rssi", "--place", place) == 0
    given = Grant.objects.get(user=group.people["trainer"], role=Role.RSSI)
    assert hygie("end", str(given.pk)) == 0

    given.refresh_from_db()
    assert given.valid_to == timezone.localdate()
    assert f"Fonction n° {given.pk} terminée" in capsys.readouterr().out
    actors = set(Entry.objects.filter(action__startswith="role.").values_list("actor", flat=True))
    assert all(actor.endswith("(ligne de commande)") for actor in actors)


def test_who_holds_which_role_below_a_place(group: Group, capsys: Capture) -> None:
    assert hygie("list", "--place", group.places["ght"].code, "--format", "json") == 0
    rows = json.loads(capsys.readouterr().out)
    assert {row["email"] for row in rows} == {
        "ght_rssi@essai.example",
        "support_rssi@essai.example",
        "member_rssi@essai.example",
        "site_rssi@essai.example",
        "director@essai.example",
        "trainer@essai.example",
    }

    assert hygie("list") == 0
    assert "ars@essai.example" in capsys.readouterr().out


def test_a_service_gets_a_token_that_opens_and_closes(group: Group, capsys: Capture) -> None:
    place = group.places["region"].code
    assert hygie("service", "siem-ars", "--role", "ars", "--place", place) == 0
    account = User.objects.get(email="siem-ars@service.invalid")
    assert account.is_service
    assert not account.has_usable_password()
    capsys.readouterr()
    asked = ("--permission", "finding.read", "--place", place, "--days", "30")
    assert hygie("token", account.email, *asked) == 0

    secret = capsys.readouterr().out.strip()
    assert authenticate(secret, now=timezone.now()).user == account
    assert hygie("revoke-token", ApiToken.objects.get().prefix) == 0
    assert ApiToken.objects.get().revoked_at is not None


def test_an_account_is_closed(group: Group) -> None:
    email = group.people["trainer"].email

    assert hygie("close", email) == 0

    assert not User.objects.get(email=email).is_active


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("grant", "personne@essai.example", "--role", "rssi"), "aucun compte"),
        (("invite", NEW, "--role", "rssi", "--place", "XYZ"), "aucun lieu"),
        (("invite", NEW, "--role", "rssi"), "ne se tient pas"),
        (("end", "999999"), "aucune fonction"),
        (("list", "--format", "xml"), "format inconnu"),
        (("service", "deux mots", "--role", "ars"), "lettres"),
        (("token", "trainer@essai.example", "--permission", "tout"), "droit inconnu"),
        (("token", "trainer@essai.example", "--permission", "finding.read"), "n’a pas ces droits"),
        (("revoke-token", "hyg_rien"), "aucun jeton"),
    ],
)
@pytest.mark.usefixtures("group")
def test_what_does_not_hold_is_one_line(
    arguments: tuple[str, ...], words: str, capsys: Capture
) -> None:
    assert hygie(*arguments) == 2
    assert words in capsys.readouterr().err


def test_an_empty_territory_says_what_to_do(capsys: Capture) -> None:
    Node.objects.all().delete()

    assert hygie("list") == 2
    assert "hygie import finess" in capsys.readouterr().err


def test_the_page_of_roles_is_printed(capsys: Capture) -> None:
    assert hygie("roles") == 0
    assert capsys.readouterr().out.startswith("# Roles and rights")
    assert callable(people.register)
