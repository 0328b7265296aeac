"""The invented world and people who are signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client
from tests.web.world import World, build

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django.fixtures import SettingsWrapper


@pytest.fixture(autouse=True)
def _no_static_files(settings: SettingsWrapper) -> None:
    """Pages are tested here; reading two thousand static files for each browser is not."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "whitenoise" not in name]


@pytest.fixture
def world(db: None) -> World:  # noqa: ARG001 - opens the database
    return build()


@pytest.fixture
def sign_in(world: World) -> Callable[[str], Client]:
    """Return a browser signed in as an account of the world."""

    def signed(name: str) -> Client:
        client = Client()
        client.force_login(world.users[name], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed
