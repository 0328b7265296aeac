"""Addresses of the pages of surveillance."""

from __future__ import annotations

from django.urls import path

from hygie.web.surveillance import exposure, names, reports, stops, synthesis

urlpatterns = [
    path("surveillance/arret/", stops.stop_page, name="stop-page"),
    path("surveillance/arret/arreter/", stops.stop, name="stop-now"),
    path("surveillance/arret/reprendre/", stops.start, name="stop-end"),
    path("lieux/<int:node_id>/exposition/", exposure.exposure, name="exposure"),
    path("lieux/<int:node_id>/exposition/rejouer/", exposure.replayed, name="grade-replay"),
    path("lieux/<int:node_id>/noms/", names.name_list, name="name-list"),
    path("lieux/<int:node_id>/noms/decider/", names.decide, name="name-decide"),
    path("lieux/<int:node_id>/rapports/", reports.import_report, name="report-import"),
    path("lieux/<int:node_id>/synthese/", synthesis.synthesis, name="synthesis"),
    path("lieux/<int:node_id>/synthese/pdf/", synthesis.as_pdf, name="synthesis-pdf"),
]
