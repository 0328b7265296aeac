"""Addresses of the pages of incidents."""

from __future__ import annotations

from django.urls import path

from hygie.web.incidents import crisis, declaring, handling, views

urlpatterns = [
    path("", views.incident_list, name="incident-list"),
    path("declarer/", declaring.choose, name="incident-declare"),
    path("declarer/<int:node_id>/", declaring.start, name="incident-start"),
    path("<uuid:key>/", views.incident, name="incident"),
    path("<uuid:key>/brouillon/", declaring.draft, name="incident-draft"),
    path("<uuid:key>/garder/", declaring.save, name="incident-save"),
    path("<uuid:key>/envoyer/", declaring.send, name="incident-send"),
    path("<uuid:key>/jeter/", declaring.drop, name="incident-drop"),
    path("<uuid:key>/completer/", declaring.complete, name="incident-complete"),
    path("<uuid:key>/envois/<int:duty_id>/", handling.file_duty, name="incident-file"),
    path("<uuid:key>/envois/<int:filing_id>/document/", views.filing, name="incident-filing"),
    path("<uuid:key>/etat/", handling.move, name="incident-move"),
    path("<uuid:key>/journal/", handling.write_line, name="incident-line"),
    path("<uuid:key>/taches/", handling.add_task, name="incident-task"),
    path("<uuid:key>/taches/<int:task_id>/", handling.tick, name="incident-tick"),
    path("<uuid:key>/conclure/", handling.conclude, name="incident-conclude"),
    path("<uuid:key>/crise/", crisis.board, name="incident-crisis"),
    path("<uuid:key>/crise/service/", crisis.report, name="incident-service"),
    path("<uuid:key>/crise/copie/", crisis.copy, name="incident-copy"),
]
