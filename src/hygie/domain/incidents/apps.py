"""The app of incidents."""

from __future__ import annotations

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    """Incidents and their duties."""

    name = "hygie.domain.incidents"
    label = "incidents"
    default_auto_field = "django.db.models.BigAutoField"
