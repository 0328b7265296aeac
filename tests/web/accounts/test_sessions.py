"""The page of open sessions, and what keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from tests.web.world import PASSWORD, World

from hygie.domain.journal.models import Entry
from hygie.domain.people.models import SignIn, User
from hygie.web.accounts import presence, sessions, traces

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django import DjangoAssertNumQueries

AGENT = "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0"


def log_in(user: User, agent: str = AGENT) -> Client:
    user.set_password(PASSWORD)
    user.save()
    client = Client(headers={"user-agent": agent}, REMOTE_ADDR="192.0.2.77")
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return client


def test_each_browser_is_listed_without_its_full_address(world: World) -> None:
    client = log_in(world.users["rssi"])

    text = client.get(reverse("session-list")).content.decode()

    assert "Firefox – Windows" in text
    assert "192.0.2.0/24" in text
    assert "192.0.2.77" not in text
    assert "Cette session" in text
    assert sessions.session_list.__name__ == "session_list"


def test_another_browser_is_signed_out_from_afar(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    here, there = sign_in("rssi"), sign_in("rssi")
    row = SignIn.objects.get(session_key=there.session.session_key)

    here.post(reverse("session-revoke", args=[row.pk]))

    assert there.get(reverse("home"))["Location"].startswith(reverse("account_login"))
    assert here.get(reverse("home")).status_code == 200
    assert Entry.objects.get(action="session.revoked").actor == world.users["rssi"].email


def test_all_the_others_at_once(sign_in: Callable[[str], Client]) -> None:
    here, *others = [sign_in("rssi") for _ in range(3)]

    here.post(reverse("session-revoke-all"))

    assert here.get(reverse("home")).status_code == 200
    assert [client.get(reverse("home")).status_code for client in others] == [302, 302]


def test_nobody_signs_somebody_else_out(sign_in: Callable[[str], Client]) -> None:
    there = sign_in("cert")
    row = SignIn.objects.get(session_key=there.session.session_key)

    assert sign_in("rssi").post(reverse("session-revoke", args=[row.pk])).status_code == 404
    assert there.get(reverse("home")).status_code == 200


def test_leaving_forgets_the_browser(world: World) -> None:
    client = log_in(world.users["rssi"])
    assert SignIn.objects.count() == 1

    client.post(reverse("account_logout"))

    assert not SignIn.objects.exists()


def test_a_page_costs_no_write_to_say_who_is_there(
    sign_in: Callable[[str], Client], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = sign_in("trainer")

    with django_assert_max_num_queries(12) as seen:
        client.get(reverse("notice-list"))

    assert not [query for query in seen.captured_queries if query["sql"].startswith("UPDATE")]


def test_a_browser_is_seen_again_after_a_while_and_after_a_new_key(
    sign_in: Callable[[str], Client],
) -> None:
    client = sign_in("rssi")
    row = SignIn.objects.get()
    SignIn.objects.update(last_seen_at=row.opened_at.replace(year=2020))
    cache.clear()
    client.get(reverse("home"))
    assert SignIn.objects.get().last_seen_at.year > 2020

    SignIn.objects.all().delete()
    cache.clear()
    client.get(reverse("home"))
    assert SignIn.objects.count() == 1
    assert callable(presence.keep)
    assert callable(traces.connect)
