"""The invented world of the pages, called by machines and by people."""

from __future__ import annotations

import datetime as dt
import itertools
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from django.utils import timezone
from tests.web.world import ROLES, World, build

from hygie.domain.people.roles import GRANTED
from hygie.domain.people.tokens import issue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_django.fixtures import SettingsWrapper

CLIENT = Path(__file__).resolve().parents[2] / "clients" / "python" / "src"
sys.path.insert(0, str(CLIENT))

KEYS = itertools.count()
ROLE_OF = {name: (role, place) for name, role, place in ROLES}


@pytest.fixture(autouse=True)
def _settings(settings: SettingsWrapper) -> None:
    """Leave out static files, and limits that a test reaches by its number of calls."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "whitenoise" not in name]
    settings.API_CALLS_PER_MINUTE = 100_000


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """Keep the connection of the test when the WSGI application is called by others than Client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def world(db: None) -> World:  # noqa: ARG001 - opens the database
    return build()


@pytest.fixture
def secret_of(world: World) -> Callable[[str], str]:
    """Return a token with all that the role of an account allows."""

    def made(name: str) -> str:
        now = timezone.now()
        role, place = ROLE_OF[name]
        secret, _ = issue(
            world.users[name],
            "essai",
            GRANTED[role],
            world.nodes[place],
            expires_at=now + dt.timedelta(days=1),
            actor="essai",
            now=now,
        )
        return secret

    return made


@pytest.fixture
def caller(secret_of: Callable[[str], str]) -> Callable[[str], Client]:
    """Return a client that calls with a token of the account."""

    def made(name: str) -> Client:
        return Client(headers={"authorization": f"Bearer {secret_of(name)}"})

    return made


def new_key() -> dict[str, str]:
    """Return the header of a write that was never sent before."""
    return {"idempotency-key": f"essai-{next(KEYS):08d}"}
