"""Django's name of this application."""

from __future__ import annotations

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """Append-only, hash-chained trace of every write."""

    name = "hygie.domain.journal"
    label = "journal"
