"""Django's name of this application."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Accounts, roles on the territory, and what each may see."""

    name = "hygie.domain.people"
    label = "people"
