"""The browser of the person who plans repairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client


@pytest.fixture
def rssi(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("rssi")
