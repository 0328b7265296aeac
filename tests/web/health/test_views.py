from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from tests.web.health.conftest import TOKEN

from hygie.jobs.checks.check import Check, Status
from hygie.web.health import views

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.usefixtures("operated")


def ready(monkeypatch: pytest.MonkeyPatch, **states: Status) -> None:
    checks = {
        name: Check(name, name, state, "détail interne", "remède") for name, state in states.items()
    }
    monkeypatch.setattr(views, "readiness", lambda **_: checks)


def test_alive_asks_nothing_of_the_database() -> None:
    answer = Client().get("/sante/vivant")  # without a database mark, a query would fail

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies


@pytest.mark.django_db
def test_ready_looks_at_four_things_for_real() -> None:
    answer = Client().get("/sante/pret")

    assert list(answer.json()["checks"]) == ["database", "migrations", "disk", "corpus"]
    assert answer.json()["checks"]["migrations"] == "ok"


def test_ready_says_broken_and_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    ready(monkeypatch, database=Status.BROKEN, migrations=Status.UNKNOWN, disk=Status.WARNING)

    answer = Client().get("/sante/pret")

    assert answer.status_code == 503
    assert answer.json() == {
        "status": "broken",
        "checks": {"database": "broken", "migrations": "broken", "disk": "ok"},
    }


def test_asking_often_looks_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(views, "readiness", lambda **_: asked.append(1) or {})  # type: ignore[func-returns-value]
    ready_states = {"disk": Check("d", "d", Status.GOOD, "")}
    monkeypatch.setattr(views, "readiness", lambda **_: asked.append(1) or ready_states)  # type: ignore[func-returns-value]

    for _ in range(5):
        assert Client().get("/sante/pret").status_code == 200

    assert len(asked) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"REMOTE_ADDR": "127.0.0.1"}, 200),
        ({"REMOTE_ADDR": "10.0.0.7"}, 200),
        ({"REMOTE_ADDR": "10.0.1.7"}, 404),
        ({"REMOTE_ADDR": ""}, 404),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "127.0.0.1"}, 404),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_FORWARDED": "for=127.0.0.1"}, 404),
        ({"REMOTE_ADDR": "192.0.2.1", "HTTP_AUTHORIZATION": f"Bearer {TOKEN}"}, 200),
        ({"REMOTE_ADDR": "192.0.2.1", "HTTP_AUTHORIZATION": "Bearer autre"}, 404),
        ({"REMOTE_ADDR": "192.0.2.1", "HTTP_AUTHORIZATION": "Bearer é"}, 404),
    ],
)
def test_metrics_are_for_neighbours_and_the_token(headers: dict[str, str], status: int) -> None:
    assert Client().get("/metrics", **headers).status_code == status  # type: ignore[arg-type]


@pytest.mark.django_db
def test_without_a_token_no_empty_one_opens(operated: SettingsWrapper) -> None:
    operated.HYGIE_METRICS_TOKEN = ""

    answer = Client().get("/metrics", REMOTE_ADDR="192.0.2.1", HTTP_AUTHORIZATION="Bearer ")

    assert answer.status_code == 404


def test_security_txt_has_what_rfc_9116_asks(operated: SettingsWrapper) -> None:
    operated.HYGIE_CONTACT = "securite@essai.example"

    answer = Client().get("/.well-known/security.txt")

    fields = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert fields["Contact"] == "mailto:securite@essai.example"
    assert fields["Canonical"] == "http://testserver/.well-known/security.txt"
    left = dt.datetime.fromisoformat(fields["Expires"]) - dt.datetime.now(dt.UTC)
    assert dt.timedelta(days=30) < left < dt.timedelta(days=365)


def test_security_txt_may_name_a_page_and_a_policy(operated: SettingsWrapper) -> None:
    operated.HYGIE_SECURITY_CONTACT = "https://essai.example/signaler"
    operated.HYGIE_SECURITY_POLICY = "https://essai.example/politique"

    text = Client().get("/.well-known/security.txt").content.decode()

    assert "Contact: https://essai.example/signaler\n" in text
    assert "Policy: https://essai.example/politique\n" in text


def test_machines_only_read() -> None:
    for path in ("/sante/vivant", "/sante/pret", "/metrics", "/.well-known/security.txt"):
        assert Client().post(path).status_code in (403, 405)
