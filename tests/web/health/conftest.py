"""A site that is operated: what reads its measures, and with which token."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hygie.web.health import registry, views

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

TOKEN = "jeton-d-essai-assez-long-pour-servir"


@pytest.fixture
def operated(settings: SettingsWrapper) -> SettingsWrapper:
    settings.HYGIE_METRICS_TOKEN = TOKEN
    settings.HYGIE_METRICS_ALLOWED = ("127.0.0.1", "10.0.0.0/24")
    settings.HYGIE_SECURITY_CONTACT = settings.HYGIE_SECURITY_POLICY = ""
    views._kept.clear()
    registry._kept.clear()
    return settings
