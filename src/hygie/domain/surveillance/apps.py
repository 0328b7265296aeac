"""Django's name of this application."""

from __future__ import annotations

from django.apps import AppConfig


class SurveillanceConfig(AppConfig):
    """What the Internet sees of each establishment."""

    name = "hygie.domain.surveillance"
    label = "surveillance"
