"""Addresses of the pages about what the world knows."""

from __future__ import annotations

from django.urls import path

from hygie.web.veille import statements, views

urlpatterns = [
    path("", views.stream_list, name="stream"),
    path("avis/<int:advisory_id>/", views.advisory, name="advisory"),
    path("abonnement/", views.subscription, name="veille-subscription"),
    path("sources/", views.sources, name="veille-sources"),
    path("declarations/", statements.statement_list, name="statement-list"),
    path("declarations/vex/", statements.export, name="statement-export"),
    path("declarations/fabricants/", statements.national_list, name="national-statements"),
    path(
        "declarations/fabricants/nouvelle/", statements.national_new, name="national-statement-new"
    ),
    path("declarations/<int:statement_id>/accord/", statements.approve, name="statement-approve"),
    path("declarations/<int:statement_id>/retirer/", statements.revoke, name="statement-revoke"),
    path("constats/<int:finding_id>/", statements.declare, name="finding-not-affected"),
]
