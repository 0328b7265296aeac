"""A write sent twice is done once."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from tests.api.conftest import new_key

from hygie.api.idempotency import HEADER, KEPT, Answer, keyed, once
from hygie.api.models import GivenAnswer
from hygie.domain.findings.models import Event
from hygie.domain.journal.models import Entry
from hygie.domain.people.models import Grant

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.web.world import World

KEY = {"idempotency-key": "une-meme-cle"}


def move(client: Client, world: World, name: str = "take", **more: object) -> object:
    url = f"/api/v1/findings/{world.findings['own.flaw'].pk}/{name}"
    return client.post(url, content_type="application/json", **({"headers": KEY} | more))  # type: ignore[arg-type]


def test_the_second_answer_is_the_first_and_nothing_is_done_again(
    world: World, caller: Callable[[str], Client]
) -> None:
    client = caller("rssi")
    first = move(client, world)
    lines, events = Entry.objects.count(), Event.objects.count()

    second = move(client, world)

    assert first.status_code == second.status_code == 200  # type: ignore[attr-defined]
    assert first.content == second.content  # type: ignore[attr-defined]
    assert first["ETag"] == second["ETag"]  # type: ignore[index]
    assert second["Idempotency-Replayed"] == "true"  # type: ignore[index]
    assert (Entry.objects.count(), Event.objects.count()) == (lines, events)


def test_a_key_serves_one_request(world: World, caller: Callable[[str], Client]) -> None:
    client = caller("rssi")
    move(client, world)

    answer = move(client, world, "declare")

    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert answer.json()["type"] == "urn:hygie:problem:idempotency-key-reused"  # type: ignore[attr-defined]


def test_another_body_is_another_request(world: World, caller: Callable[[str], Client]) -> None:
    client = caller("rssi")
    day = timezone.localdate() + dt.timedelta(days=9)
    move(client, world, "plan", data={"on": day.isoformat()})

    answer = move(client, world, "plan", data={"on": (day + dt.timedelta(days=1)).isoformat()})

    assert answer.status_code == 422  # type: ignore[attr-defined]


def test_two_accounts_may_choose_the_same_key(
    world: World, caller: Callable[[str], Client]
) -> None:
    move(caller("rssi"), world)

    assert move(caller("ght_rssi"), world, "declare").status_code == 200  # type: ignore[attr-defined]


def test_a_refusal_is_not_kept(world: World, caller: Callable[[str], Client]) -> None:
    client = caller("rssi")
    assert move(client, world, "reopen").status_code == 409  # type: ignore[attr-defined]
    move(client, world, headers=new_key())

    assert move(client, world, "reopen").status_code == 200  # type: ignore[attr-defined]


def test_an_answer_is_not_given_again_to_who_lost_the_right(
    world: World, caller: Callable[[str], Client]
) -> None:
    client = caller("rssi")
    move(client, world)
    Grant.objects.filter(user=world.users["rssi"]).update(valid_to=dt.date(2021, 1, 1))

    assert move(client, world).status_code == 404  # type: ignore[attr-defined]


def test_an_answer_is_forgotten_after_its_time(
    world: World, caller: Callable[[str], Client]
) -> None:
    client = caller("rssi")
    move(client, world)
    GivenAnswer.objects.update(expires_at=timezone.now())

    assert move(client, world).status_code == 409  # type: ignore[attr-defined]
    assert dt.timedelta(hours=24) == KEPT


@pytest.mark.parametrize("key", [None, "", "court", "a" * 65, "é" * 9, "avec espace"])
def test_a_write_needs_a_key(
    key: str | None, world: World, caller: Callable[[str], Client]
) -> None:
    headers = {} if key is None else {"idempotency-key": key}

    answer = move(caller("rssi"), world, headers=headers)

    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert answer.json()["errors"][0]["place"] == f"header.{HEADER}"  # type: ignore[attr-defined]
    assert world.findings["own.flaw"].events.count() == 1


def test_a_call_that_waits_too_long_for_its_twin_is_told_to_come_back(
    world: World, caller: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(**_: object) -> None:
        raise OperationalError("lock timeout")

    client = caller("rssi")
    monkeypatch.setattr(GivenAnswer.objects, "get_or_create", locked)

    answer = move(client, world)

    assert answer.status_code == 409  # type: ignore[attr-defined]
    assert answer.json()["type"] == "urn:hygie:problem:busy"  # type: ignore[attr-defined]
    assert answer["Retry-After"] == "5"  # type: ignore[index]


def test_a_write_that_fails_leaves_no_answer(
    world: World, caller: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = caller("rssi")
    client.raise_request_exception = False
    monkeypatch.setattr("hygie.api.moves.content_of", lambda _: 1 / 0)

    answer = move(client, world)

    assert answer.status_code == 500  # type: ignore[attr-defined]
    assert not GivenAnswer.objects.exists()
    world.findings["own.flaw"].refresh_from_db()
    assert world.findings["own.flaw"].state == "open"


def test_reading_needs_no_key() -> None:
    class Request:
        method = "GET"

    assert keyed(lambda _request: "read")(Request()) == "read"  # type: ignore[arg-type]
    assert callable(once)
    assert Answer(200, b"{}").location == ""
