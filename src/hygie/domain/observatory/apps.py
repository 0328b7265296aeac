"""Django's name of this application."""

from __future__ import annotations

from django.apps import AppConfig


class ObservatoryConfig(AppConfig):
    """Prepared measures, the picture at each level."""

    name = "hygie.domain.observatory"
    label = "observatory"
