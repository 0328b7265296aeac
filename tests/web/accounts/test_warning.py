"""An account hears of what opens it, by a notice and an e-mail, whatever the mail server does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from tests.web.world import PASSWORD, World

from hygie.domain.journal.models import Entry
from hygie.domain.outbox.models import Mail, MailState
from hygie.domain.people.models import Notice, User
from hygie.jobs.mails import deliver_due
from hygie.web.accounts import adapter, warning
from hygie.web.journal.words import ACTIONS

if TYPE_CHECKING:
    from pytest_django import DjangoCaptureOnCommitCallbacks

FIREFOX = "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Edg/140.0"


@pytest.fixture
def person(world: World) -> User:
    user = world.users["rssi"]
    user.is_demo = False
    user.set_password(PASSWORD)
    user.save()
    Notice.objects.filter(user=user).delete()
    return user


def log_in(user: User, agent: str = FIREFOX, address: str = "198.51.100.7") -> Client:
    client = Client(headers={"user-agent": agent}, REMOTE_ADDR=address)
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return client


def heard(user: User) -> list[str]:
    return list(Notice.objects.filter(user=user, read_at=None).values_list("text", flat=True))


def test_the_first_sign_in_disturbs_nobody(person: User) -> None:
    log_in(person)

    assert heard(person) == []
    assert not Mail.objects.exists()


def test_another_browser_is_told_once(person: User) -> None:
    for agent in (FIREFOX, EDGE, EDGE, FIREFOX):
        log_in(person, agent)

    [text] = heard(person)
    assert "Edge – Windows, 198.51.100.0/24" in text
    [queued] = Mail.objects.all()
    assert queued.to == person.email
    assert "http" not in queued.body


def test_a_telephone_that_moves_in_its_network_is_not_told_again(person: User) -> None:
    for address in ("198.51.100.7", "198.51.99.1", "203.0.113.9"):
        log_in(person, address=address)

    assert len(heard(person)) == 1


def test_two_people_of_one_browser_are_told_each_for_themselves(world: World, person: User) -> None:
    other = world.users["neighbour_rssi"]
    other.is_demo = False
    other.save()
    for user in (person, other):
        user.set_password(PASSWORD)
        user.save()
        log_in(user)
    log_in(person, EDGE)

    assert [one.to for one in Mail.objects.all()] == [person.email]


def test_a_demonstration_account_is_told_nothing(world: World) -> None:
    user = world.users["rssi"]
    user.set_password(PASSWORD)
    user.save()
    log_in(user)
    log_in(user, EDGE)
    warning.warn(user, "password.changed")

    assert not Mail.objects.exists()


def test_a_changed_password_is_told(person: User) -> None:
    client, new = log_in(person), "Une autre phrase inventée"

    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )

    [text] = heard(person)
    assert text.startswith("Votre mot de passe a été changé, le ")


def test_what_is_no_danger_is_not_told(person: User) -> None:
    warning.warn(person, "session.opened")

    assert heard(person) == []


def test_a_forgotten_password_waits_for_no_server_and_leaves_no_link(
    person: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        answer = Client().post(reverse("account_reset_password"), {"email": person.email})

    assert answer.status_code == 302
    assert mail.outbox == []
    [queued] = Mail.objects.all()
    assert (queued.state, queued.to) == (MailState.QUEUED, person.email)
    kept = [str(row) for model in (Mail, Entry) for row in model.objects.values()]

    deliver_due()
    [sent] = mail.outbox
    link = re.search(r"http://testserver(\S+)", str(sent.body))
    assert link is not None
    assert sent.subject == "Choisir un nouveau mot de passe Hygie"
    assert all(link[1] not in row for row in kept)
    assert Client().get(link[1]).status_code == 302
    queued.refresh_from_db()
    assert (queued.state, queued.body) == (MailState.SENT, "")


def test_an_unknown_address_is_answered_alike(world: World) -> None:  # noqa: ARG001 - fills the database
    answer = Client().post(reverse("account_reset_password"), {"email": "nul@exemple.example"})
    deliver_due()

    assert answer.status_code == 302
    [sent] = mail.outbox
    assert "Aucun compte" in str(sent.body)
    assert "http" not in str(sent.body)


def test_the_mail_says_how_long_the_link_serves() -> None:
    assert settings.PASSWORD_RESET_TIMEOUT == 3 * 86_400
    assert callable(adapter.ClosedAdapter.send_mail)


@pytest.mark.parametrize("action", sorted(warning._WORDS))
def test_each_action_told_is_one_of_the_journal(action: str) -> None:
    assert action in ACTIONS
