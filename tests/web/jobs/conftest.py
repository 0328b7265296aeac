"""Accounts of these tests signed in long ago: the second factor has its own tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper


@pytest.fixture(autouse=True)
def _no_second_factor(settings: SettingsWrapper) -> None:
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "second_factor" not in name]
