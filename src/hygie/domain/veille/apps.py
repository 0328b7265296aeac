"""Django's name of this application."""

from __future__ import annotations

from django.apps import AppConfig


class VeilleConfig(AppConfig):
    """What the world knows, matched with each estate."""

    name = "hygie.domain.veille"
    label = "veille"
