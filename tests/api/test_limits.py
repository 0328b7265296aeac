"""So many calls a minute, each caller for themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import time_machine
from django.db import connection
from django.test import Client

from hygie.api.limits import WINDOW_S, Allowance, count
from hygie.api.models import CallCount

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django.fixtures import SettingsWrapper


@pytest.fixture
def three_calls(settings: SettingsWrapper) -> None:
    settings.API_CALLS_PER_MINUTE = 3


@pytest.mark.usefixtures("three_calls")
def test_the_fourth_call_waits_for_the_next_minute(caller: Callable[[str], Client]) -> None:
    client = caller("rssi")
    with time_machine.travel("2030-01-01T10:00:20Z", tick=False) as clock:
        client = caller("rssi")
        seen = [client.get("/api/v1/me") for _ in range(4)]
        clock.shift(40)
        after = client.get("/api/v1/me")

    assert [answer.status_code for answer in seen] == [200, 200, 200, 429]
    assert [answer["RateLimit-Remaining"] for answer in seen] == ["2", "1", "0", "0"]
    assert seen[3]["Retry-After"] == seen[3]["RateLimit-Reset"] == "40"
    assert seen[3].json()["type"] == "urn:hygie:problem:too-many-requests"
    assert (after.status_code, after["RateLimit-Remaining"]) == (200, "2")


@pytest.mark.usefixtures("three_calls")
def test_one_caller_does_not_spend_for_another(caller: Callable[[str], Client]) -> None:
    with time_machine.travel("2030-01-01T11:00:00Z", tick=False):
        busy, other = caller("rssi"), caller("cert")
        for _ in range(5):
            busy.get("/api/v1/me")

        assert busy.get("/api/v1/me").status_code == 429
        assert other.get("/api/v1/me").status_code == 200


@pytest.mark.django_db
def test_who_is_not_known_is_not_counted(client: Client) -> None:
    answer = client.get("/api/v1/me")

    assert answer.status_code == 401
    assert "RateLimit-Limit" not in answer


@pytest.mark.django_db
def test_calls_are_counted_by_minute() -> None:
    counts = [count("essai", 7), count("essai", 7), count("autre", 7), count("essai", 8)]

    assert counts == [1, 2, 1, 1]


@pytest.mark.django_db
def test_processes_that_share_a_database_share_the_count() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("one process alone answers on SQLite and counts in memory")
    count("essai", 7)
    count("essai", 7)

    assert CallCount.objects.get(caller="essai").calls == 2


def test_an_allowance_is_never_negative() -> None:
    spent = Allowance(limit=3, calls=9, reset_s=WINDOW_S)

    assert spent.is_spent
    assert spent.remaining == 0
