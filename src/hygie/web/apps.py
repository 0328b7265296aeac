"""Django's name of the pages."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages, templates and static files."""

    name = "hygie.web"
    label = "web"

    def ready(self) -> None:
        """Listen to what happens to accounts."""
        from hygie.web.accounts import traces  # noqa: PLC0415 - models load first

        traces.connect()
