"""The API within rights: unknown and forbidden are the same 404, and nothing leaks."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.utils import timezone
from tests.api import scope
from tests.api.conftest import new_key
from tests.web.world import PLACES, ROLES, World

from hygie.api.asking import asker, require
from hygie.domain.people.roles import Permission
from hygie.domain.people.tokens import issue, revoke_token

if TYPE_CHECKING:
    from collections.abc import Callable

EVERYBODY = [name for name, _, _ in ROLES]


def test_every_operation_has_its_recipe() -> None:
    assert {call.name for call in scope.calls()} == set(scope.RECIPES)


@pytest.mark.parametrize("role", EVERYBODY)
def test_an_answer_comes_only_within_scope_and_right_and_names_nothing_else(
    role: str, world: World, caller: Callable[[str], Client]
) -> None:
    scope.extend(world)
    foreign = words_of(world, role)
    wrong, leaks, asked = [], [], set()

    for call, relation, answer in scope.answers(world, role, caller(role)):
        asked.add(call.name)
        if is_open(call, answer.status_code) != scope.expected(call, role, relation):
            wrong.append((call.name, relation, answer.status_code))
        text = answer.content.decode()
        leaks += [(call.name, relation, word) for word in foreign if word in text]

    assert wrong == []
    assert leaks == []
    assert asked == set(scope.RECIPES)


def words_of(world: World, role: str) -> list[str]:
    """Return what only the places out of the scope of a role are called."""
    hidden = [place for place in PLACES if not scope.sees(role, place)]
    return [f".{place}.example" for place in hidden] + [world.nodes[p].name for p in hidden]


def is_open(call: scope.Call, status: int) -> bool:
    assert status < 500, call
    return status != 404


@pytest.mark.slow
@pytest.mark.parametrize("role", EVERYBODY)
def test_a_session_and_a_token_of_the_same_rights_answer_the_same(
    role: str, world: World, caller: Callable[[str], Client]
) -> None:
    scope.extend(world)
    person = Client()
    person.force_login(world.users[role], backend="django.contrib.auth.backends.ModelBackend")

    assert scope.walk(world, role, person) == scope.walk(world, role, caller(role))


def test_nobody_calls_without_saying_who_they_are(world: World) -> None:
    scope.extend(world)

    answers = [
        (call.name, scope.ask(Client(), call, world, "own" if about(call) else ""))
        for call in scope.calls()
    ]

    assert {(answer.status_code, answer["WWW-Authenticate"]) for _, answer in answers} == {
        (401, 'Bearer realm="hygie"')
    }


def about(call: scope.Call) -> str:
    return scope.RECIPES[call.name].about


def test_unknown_and_forbidden_are_the_same_bytes(
    world: World, caller: Callable[[str], Client]
) -> None:
    client = caller("rssi")

    forbidden = client.get(f"/api/v1/findings/{world.findings['neighbour.late'].pk}")
    missing = client.get(f"/api/v1/findings/{10**9}")

    assert forbidden.status_code == missing.status_code == 404
    assert forbidden.content == missing.content


@pytest.mark.parametrize("path", ["findings?node=", "nodes?under=", "establishments?under="])
def test_a_filter_by_a_foreign_place_does_not_exist(
    path: str, world: World, caller: Callable[[str], Client]
) -> None:
    assert caller("rssi").get(f"/api/v1/{path}{world.nodes['neighbour'].pk}").status_code == 404


def test_a_token_opens_no_more_than_its_permissions_and_its_place(world: World) -> None:
    client = Client(headers={"authorization": f"Bearer {narrow(world)}"})
    own, annex = world.nodes["own"].pk, world.nodes["annex"].pk

    statuses = {
        path: client.get(f"/api/v1/{path}").status_code
        for path in ("findings", f"nodes/{own}/assets", f"nodes/{annex}/assets", "journal")
    }

    assert statuses == {
        "findings": 404,
        f"nodes/{own}/assets": 200,
        f"nodes/{annex}/assets": 404,
        "journal": 404,
    }


def narrow(world: World) -> str:
    now = timezone.now()
    secret, _ = issue(
        world.users["ght_rssi"],
        "parc",
        [Permission.ESTATE_READ],
        world.nodes["own"],
        expires_at=now + dt.timedelta(days=1),
        actor="essai",
        now=now,
    )
    return secret


def test_a_refused_token_never_falls_back_on_the_cookie(world: World) -> None:
    client = Client(headers={"authorization": "Bearer hyg_00000000_non"})
    client.force_login(world.users["rssi"], backend="django.contrib.auth.backends.ModelBackend")

    answer = client.get("/api/v1/me")

    assert answer.status_code == 401
    assert "jeton refusé" in answer.json()["detail"]


def test_a_revoked_token_is_refused_at_once(world: World, caller: Callable[[str], Client]) -> None:
    client = caller("rssi")
    token = world.users["rssi"].tokens.get()
    revoke_token(token, actor="essai", now=timezone.now())

    assert client.get("/api/v1/me").status_code == 401


def test_a_session_writes_only_with_its_csrf_token(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.users["rssi"], backend="django.contrib.auth.backends.ModelBackend")
    url = f"/api/v1/findings/{world.findings['own.flaw'].pk}/take"

    answer = client.post(url, content_type="application/json", headers=new_key())

    assert answer.status_code == 403
    assert answer.json()["type"] == "urn:hygie:problem:forged"


def test_a_session_with_its_csrf_token_writes(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.users["rssi"], backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["hygie_csrf"] = token = "a" * 32
    url = f"/api/v1/findings/{world.findings['own.flaw'].pk}/take"

    headers = {**new_key(), "x-csrftoken": token}
    answer = client.post(url, content_type="application/json", headers=headers)

    assert answer.status_code == 200


def test_who_calls_is_what_authentication_found() -> None:
    class Request:
        auth = "somebody"

    assert asker(Request()) == "somebody"  # type: ignore[arg-type,comparison-overlap]
    assert callable(require)
