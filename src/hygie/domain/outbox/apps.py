"""Django's name of this application."""

from __future__ import annotations

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """E-mails waiting to be sent: a row each, so that none is forgotten."""

    name = "hygie.domain.outbox"
    label = "outbox"
