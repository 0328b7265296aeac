from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.test import Client
from django.urls import reverse
from tests.web.world import PASSWORD

from hygie.domain.people.models import User
from hygie.jobs.mails import deliver_due

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django.fixtures import SettingsWrapper
    from tests.web.world import World

    from hygie.domain.people.models import User


@pytest.fixture
def user(world: World) -> User:
    person = world.users["rssi"]
    person.set_password(PASSWORD)
    person.save()
    return person


def log_in(client: Client, user: User, password: str = PASSWORD) -> object:
    return client.post(reverse("account_login"), {"login": user.email, "password": password})


def test_a_password_opens_the_home(user: User, client: Client) -> None:
    answer = log_in(client, user)

    assert answer["Location"] == reverse("home")  # type: ignore[index]


def test_a_wrong_password_is_said_at_the_form(user: User, client: Client) -> None:
    answer = log_in(client, user, "un autre")

    assert answer.status_code == 200  # type: ignore[attr-defined]
    assert 'role="alert"' in answer.content.decode()  # type: ignore[attr-defined]


def test_nobody_signs_up_by_himself(world: World, client: Client) -> None:  # noqa: ARG001 - fills the database
    url = reverse("account_signup")

    client.post(url, {"email": "intrus@exemple.example", "password1": PASSWORD})

    assert not User.objects.filter(email="intrus@exemple.example").exists()


def test_a_demo_account_opens_in_one_click_in_a_demonstration_only(
    world: World, client: Client, settings: SettingsWrapper
) -> None:
    url = reverse("demo-enter", args=[world.users["rssi"].pk])

    outside = client.post(url)
    settings.HYGIE_DEMO = True
    inside = client.post(url)

    assert outside.status_code == 404
    assert inside["Location"] == reverse("home")


def test_a_real_account_never_opens_in_one_click(
    user: User, client: Client, settings: SettingsWrapper
) -> None:
    settings.HYGIE_DEMO = True
    user.is_demo = False
    user.save()

    assert client.post(reverse("demo-enter", args=[user.pk])).status_code == 404


def test_the_sign_in_page_of_a_demonstration_names_roles_and_places(
    world: World,  # noqa: ARG001 - fills the database
    client: Client,
    settings: SettingsWrapper,
) -> None:
    assert "Entrer en démonstration" not in client.get(reverse("account_login")).content.decode()
    settings.HYGIE_DEMO = True

    text = client.get(reverse("account_login")).content.decode()

    assert "RSSI – Hôpital d’Aurore" in text
    assert text.index("RSSI – Hôpital") < text.index("Administration de la plateforme")
    assert "Démonstration : établissements inventés" in text


def test_leaving_needs_no_second_question(user: User, client: Client) -> None:
    log_in(client, user)

    answer = client.post(reverse("account_logout"))

    assert answer["Location"] == reverse("account_login")
    assert client.get(reverse("home")).status_code == 302


def test_a_password_is_changed(user: User, client: Client) -> None:
    log_in(client, user)
    new = "Une autre phrase inventée"

    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )

    user.refresh_from_db()
    assert user.check_password(new)


def test_a_forgotten_password_is_chosen_again_by_mail(user: User, client: Client) -> None:
    client.post(reverse("account_reset_password"), {"email": user.email})
    deliver_due()
    link = re.search(r"http://\S+", str(mail.outbox[0].body))
    assert link is not None
    new = "Une phrase retrouvée enfin"

    page = client.get(link[0], follow=True)
    answer = client.post(page.request["PATH_INFO"], {"password1": new, "password2": new})

    user.refresh_from_db()
    assert answer.status_code == 302
    assert user.check_password(new)


def test_a_second_factor_is_asked_once_it_is_on(user: User, client: Client) -> None:
    log_in(client, user)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code(secret)})
    codes = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]

    other = Client()
    first = log_in(other, user)
    second = other.post(reverse("mfa_authenticate"), {"code": codes[0]})

    assert first["Location"] == reverse("mfa_authenticate")  # type: ignore[index]
    assert second["Location"] == reverse("home")


def code(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def test_the_account_page_names_roles(
    world: World,  # noqa: ARG001 - fills the database
    sign_in: Callable[[str], Client],
) -> None:
    text = sign_in("rssi").get(reverse("account")).content.decode()

    assert "RSSI – <a" in text
    assert "Double authentification" in text
