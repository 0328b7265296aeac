"""Addresses of the whole site."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("hygie.web.urls")),
    path("comptes/", include("allauth.urls")),
]
