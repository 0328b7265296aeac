"""Django's name of this application."""

from __future__ import annotations

from django.apps import AppConfig


class EstateConfig(AppConfig):
    """What an establishment runs, and what may be probed."""

    name = "hygie.domain.estate"
    label = "estate"
