"""Django's name of this application."""

from __future__ import annotations

from django.apps import AppConfig


class TerritoryConfig(AppConfig):
    """Nation, ARS, GHT, EJ and ET, dated."""

    name = "hygie.domain.territory"
    label = "territory"
