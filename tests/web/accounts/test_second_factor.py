"""Above an establishment, nothing opens before a second factor exists; it never leaves alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from tests.web.world import PASSWORD, World

from hygie.domain.journal.models import Entry
from hygie.domain.people.models import SignIn, User
from hygie.web.accounts import adapter, second_factor

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django import DjangoCaptureOnCommitCallbacks
    from pytest_django.fixtures import SettingsWrapper

PAGE = "second-factor"
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def bare(world: World) -> User:
    """An officer of a region with a password and no second factor."""
    user = world.users["ars"]
    Authenticator.objects.filter(user=user).delete()
    user.set_password(PASSWORD)
    user.save()
    return user


def log_in(user: User) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return client


def code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


@pytest.mark.parametrize("name", ["home", "finding-list", "people-list", "token-list", "account"])
def test_nothing_else_opens_before_a_second_factor(name: str, bare: User) -> None:
    assert log_in(bare).get(reverse(name))["Location"] == reverse(PAGE)


def test_a_program_is_told_in_its_own_form(bare: User) -> None:
    answer = log_in(bare).get("/api/v1/me")

    assert answer.status_code == 403
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:hygie:problem:second-factor"


def test_writing_does_not_open_either(bare: User, world: World) -> None:
    url = reverse("finding-take", args=[world.findings["own.late"].pk])

    assert log_in(bare).post(url)["Location"] == reverse(PAGE)


@pytest.mark.parametrize("name", [PAGE, "mfa_index", "session-list", "legal", "mfa_activate_totp"])
def test_what_makes_one_opens(name: str, bare: User) -> None:
    assert log_in(bare).get(reverse(name)).status_code == 200


def test_the_application_opens_everything_and_gives_recovery_codes(
    bare: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    client = log_in(bare)
    assert "Encore une étape" in client.get(reverse(PAGE)).content.decode()
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("mfa_activate_totp"), {"code": code(secret)})

    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    assert "Imprimez ces codes" in client.get(answer["Location"]).content.decode()
    assert client.get(reverse("home")).status_code == 200
    told = Entry.objects.filter(action="second_factor.added", subject_id=str(bare.pk))
    assert [line.detail for line in told] == ['{"kind":"totp"}', '{"kind":"recovery_codes"}']


def test_an_establishment_of_ones_own_needs_none(world: World) -> None:
    user = world.users["rssi"]
    user.set_password(PASSWORD)
    user.save()

    client = log_in(user)

    assert client.get(reverse("home")).status_code == 200
    assert "ne doit pas suffire à entrer" in client.get(reverse(PAGE)).content.decode()


def test_an_administrator_needs_one_wherever_they_are(world: World) -> None:
    user = world.users["rssi"]
    user.set_password(PASSWORD)
    user.save()
    user.grants.create(role="admin", node=world.nodes["x1"], valid_from="2020-01-01")

    assert log_in(user).get(reverse("home"))["Location"] == reverse(PAGE)


def test_a_demonstration_account_needs_none_in_a_demonstration(
    bare: User, settings: SettingsWrapper
) -> None:
    settings.HYGIE_DEMO = True
    assert log_in(bare).get(reverse("home")).status_code == 200

    User.objects.filter(pk=bare.pk).update(is_demo=False)

    assert log_in(bare).get(reverse("home"))["Location"] == reverse(PAGE)


def test_the_last_factor_stays_where_it_is_compulsory(bare: User) -> None:
    TOTP.activate(bare, SECRET)
    client = Client()
    client.post(reverse("account_login"), {"login": bare.email, "password": PASSWORD})
    client.post(reverse("mfa_authenticate"), {"code": code(SECRET)})

    page = client.get(reverse("mfa_deactivate_totp"))
    client.post(reverse("mfa_deactivate_totp"))

    assert "Votre fonction demande un second facteur" in page.content.decode()
    assert second_factor.has_one(bare)


def test_the_secret_is_not_in_the_database(bare: User, settings: SettingsWrapper) -> None:
    made = TOTP.activate(bare, SECRET).instance

    assert SECRET not in str(made.data)
    sealed = second_factor.SealedMfaAdapter()
    assert sealed.decrypt(made.data["secret"]) == SECRET
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "renewed"
    assert sealed.decrypt(made.data["secret"]) == SECRET


def test_a_lost_telephone_is_forgotten_by_an_administrator(
    bare: User, world: World, sign_in: Callable[[str], Client]
) -> None:
    TOTP.activate(bare, SECRET)
    browser = sign_in("ars")

    sign_in("admin").post(reverse("person-reset-factor", args=[bare.pk]))

    assert not second_factor.has_one(bare)
    assert not SignIn.objects.filter(user=bare).exists()
    assert browser.get(reverse("home"))["Location"].startswith(reverse("account_login"))
    line = Entry.objects.get(action="second_factor.forgotten")
    assert line.actor == world.users["admin"].email


def test_who_just_signed_in_is_not_asked_again_and_later_is(
    bare: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = log_in(bare)
    assert client.get(reverse("mfa_activate_totp")).status_code == 200

    monkeypatch.setattr(adapter, "REAUTHENTICATION_TIMEOUT", -1)

    asked = client.get(reverse("mfa_activate_totp"))
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert "Confirmez que c’est vous" in client.get(asked["Location"]).content.decode()


def test_the_pages_of_keys_are_in_french(bare: User) -> None:
    client = log_in(bare)
    key = Authenticator.objects.create(
        user=bare, type=Authenticator.Type.WEBAUTHN, data={"name": "clé d’essai", "credential": {}}
    )

    for name, arguments, words in (
        ("mfa_list_webauthn", [], "Mes clés"),
        ("mfa_edit_webauthn", [key.pk], "Renommer la clé"),
        ("mfa_remove_webauthn", [key.pk], "Retirer la clé « clé d’essai »"),
    ):
        assert words in client.get(reverse(name, args=arguments)).content.decode(), name
    Authenticator.objects.filter(user=bare).delete()
    assert "sans mot de passe" in client.get(reverse("mfa_add_webauthn")).content.decode()


def test_a_passkey_is_asked_for_by_a_script_of_ours_alone(client: Client, db: None) -> None:  # noqa: ARG001 - opens the database
    page = client.get(reverse("account_login"))
    options = client.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})

    assert "Avec une clé d’accès" in page.content.decode()
    assert "'unsafe-inline'" not in page["Content-Security-Policy"]
    assert options.json()["request_options"]["publicKey"]["userVerification"] == "required"


def test_five_wrong_passwords_close_the_door_for_a_while(bare: User) -> None:
    cache.clear()
    client = Client()

    def try_in(password: str) -> str:
        data = {"login": bare.email, "password": password}
        return client.post(reverse("account_login"), data).content.decode()

    for _ in range(5):
        try_in("un mot de passe volé")
    last = try_in(PASSWORD)

    assert "_auth_user_id" not in client.session
    assert "Trop" in last or "trop" in last
    cache.clear()


def test_acting_for_another_establishment_asks_for_one(bare: User, world: World) -> None:
    bare.grants.all().delete()
    bare.grants.create(role="rssi", node=world.nodes["ej-a"], valid_from="2020-01-01")
    User.objects.filter(pk=bare.pk).update(is_demo=False)

    answer = log_in(bare).get(reverse("delegation-propose"))

    assert answer["Location"] == reverse(PAGE)
    assert "second facteur" in [str(said) for said in get_messages(answer.wsgi_request)][-1]
