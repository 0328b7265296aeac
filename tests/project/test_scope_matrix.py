"""The published scope matrix is what the pages and the API answer today."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.project.scope_matrix import PAGE, render, secret
from tests.web.world import build

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.timeout(600)
def test_the_published_matrix_is_what_is_answered(settings: SettingsWrapper) -> None:
    """When it fails: ``python -m tests.project.scope_matrix``, and read the difference."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "whitenoise" not in name]
    settings.API_CALLS_PER_MINUTE = 100_000
    world = build()

    page = render(world, lambda name: secret(world, name))

    assert page.splitlines() == PAGE.read_text(encoding="utf-8").splitlines()
