"""The addresses of the site, with those for machines."""

from __future__ import annotations

from django.urls import include, path

from hygie.config.urls import handler403, handler404, handler500, urlpatterns

__all__ = ["handler403", "handler404", "handler500", "urlpatterns"]
urlpatterns = [path("", include("hygie.web.health.urls")), *urlpatterns]
