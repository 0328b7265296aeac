"""Addresses for machines; none opens a session."""

from __future__ import annotations

from django.urls import path

from hygie.web.health import views

urlpatterns = [
    path("sante/vivant", views.alive, name="health-alive"),
    path("sante/pret", views.ready, name="health-ready"),
    path("metrics", views.metrics, name="metrics"),
    path(".well-known/security.txt", views.security_txt, name="security-txt"),
]
