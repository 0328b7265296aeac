"""Django's name of this application."""

from __future__ import annotations

from django.apps import AppConfig


class RoundsConfig(AppConfig):
    """The state of each round, item by item."""

    name = "hygie.domain.rounds"
    label = "rounds"
