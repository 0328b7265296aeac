"""A site that is operated: watched, with its addresses for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hygie.web.health import registry, views

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

WATCHING = "hygie.web.health.watching.WatchingMiddleware"
TOKEN = "jeton-d-essai-assez-long-pour-servir"


@pytest.fixture
def operated(settings: SettingsWrapper) -> SettingsWrapper:
    settings.ROOT_URLCONF = "tests.web.health.addresses"
    settings.MIDDLEWARE = [WATCHING, *(one for one in settings.MIDDLEWARE if one != WATCHING)]
    settings.HYGIE_METRICS_TOKEN = TOKEN
    settings.HYGIE_METRICS_ALLOWED = ("127.0.0.1", "10.0.0.0/24")
    settings.HYGIE_SECURITY_CONTACT = settings.HYGIE_SECURITY_POLICY = ""
    views._kept.clear()
    registry._kept.clear()
    return settings
