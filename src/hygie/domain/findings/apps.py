"""Django's name of this application."""

from __future__ import annotations

from django.apps import AppConfig


class FindingsConfig(AppConfig):
    """Every weakness, whatever found it, in one life cycle."""

    name = "hygie.domain.findings"
    label = "findings"
