"""Addresses of the whole site."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("hygie.web.health.urls")),
    path("api/", include("hygie.api.urls")),
    path("", include("hygie.web.urls")),
]
handler403 = "hygie.web.pages.errors.forbidden"
handler404 = "hygie.web.pages.errors.not_found"
handler500 = "hygie.web.pages.errors.broken"
