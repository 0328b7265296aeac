"""Django's name of this application."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Answers kept for repeated calls, and calls counted."""

    name = "hygie.api"
    label = "api"
