"""Django's name of this application."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Accounts, roles on the territory, and what each may see."""

    name = "hygie.domain.people"
    label = "people"

    def ready(self) -> None:
        """Tell PostgreSQL who asks, and keep its policies in step with the tables."""
        from hygie.domain.people.rowsecurity import (  # noqa: PLC0415 - models load first
            installing,
            speaking,
        )

        speaking.connect()
        installing.connect()
