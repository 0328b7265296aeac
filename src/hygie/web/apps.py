"""Django's name of the pages."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages, templates and static files."""

    name = "hygie.web"
    label = "web"

    def ready(self) -> None:
        """Listen to what happens to accounts."""
        from django.contrib.auth.signals import user_logged_in  # noqa: PLC0415 - models load first

        from hygie.web.accounts import traces  # noqa: PLC0415 - models load first
        from hygie.web.middleware import follow_sign_in  # noqa: PLC0415 - models load first

        user_logged_in.connect(follow_sign_in, dispatch_uid="hygie.rowsecurity")
        traces.connect()
