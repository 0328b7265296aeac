"""Addresses of the pages."""

from __future__ import annotations

from django.urls import include, path

from hygie.web.estate import proposals
from hygie.web.estate import views as estate
from hygie.web.findings import moves
from hygie.web.findings import views as findings
from hygie.web.home import views as home
from hygie.web.jobs import views as jobs
from hygie.web.journal import views as journal
from hygie.web.notices import views as notices
from hygie.web.pages import views as pages
from hygie.web.rounds import views as rounds
from hygie.web.territory import views as territory

urlpatterns = [
    path("", home.home, name="home"),
    path("fonction/", home.choose_role, name="choose-role"),
    path("comptes/", include("hygie.web.accounts.urls")),
    path("constats/", findings.finding_list, name="finding-list"),
    path("constats/tableur/", findings.finding_table, name="finding-csv"),
    path("constats/<int:finding_id>/", findings.finding_detail, name="finding"),
    path("constats/<int:finding_id>/prendre/", moves.take, name="finding-take"),
    path("constats/<int:finding_id>/prevoir/", moves.plan, name="finding-plan"),
    path("constats/<int:finding_id>/accepter/", moves.accept, name="finding-accept"),
    path("constats/<int:finding_id>/corrige/", moves.declare, name="finding-declare"),
    path("constats/<int:finding_id>/rouvrir/", moves.reopen, name="finding-reopen"),
    path("territoire/", territory.territory, name="territory"),
    path("recherche/", territory.search, name="search"),
    path("", include("hygie.web.surveillance.urls")),
    path("lieux/<int:node_id>/", territory.node, name="node"),
    path("lieux/<int:node_id>/parc/", estate.asset_list, name="asset-list"),
    path("lieux/<int:node_id>/mandats/", estate.mandate_list, name="mandate-list"),
    path("lieux/<int:node_id>/mandats/proposer/", proposals.propose, name="mandate-propose"),
    path("mandats/propositions/<int:proposal_id>/", proposals.proposal, name="mandate-proposal"),
    path("mandats/propositions/<int:proposal_id>/signer/", proposals.sign, name="mandate-sign"),
    path(
        "mandats/propositions/<int:proposal_id>/retirer/",
        proposals.close,
        name="mandate-decline",
    ),
    path("mandats/<int:mandate_id>/", estate.mandate, name="mandate"),
    path("mandats/<int:mandate_id>/revoquer/", estate.revoke, name="mandate-revoke"),
    path("rondes/", rounds.round_list, name="round-list"),
    path("rondes/<int:round_id>/", rounds.round_detail, name="round"),
    path("personnes/", include("hygie.web.people.urls")),
    path("travaux/", jobs.work_list, name="work-list"),
    path("travaux/ronde/", jobs.start, name="work-start"),
    path("travaux/relancer/", jobs.retry, name="work-retry"),
    path("travaux/arreter/", jobs.stop, name="work-stop"),
    path("avis/", notices.notice_list, name="notice-list"),
    path("avis/lus/", notices.mark_read, name="notice-read"),
    path("veille/", include("hygie.web.veille.urls")),
    path("incidents/", include("hygie.web.incidents.urls")),
    path("journal/", journal.journal, name="journal"),
    path("langue/", pages.language, name="language"),
    path("accessibilite/", pages.accessibility, name="accessibility"),
    path("mentions-legales/", pages.legal, name="legal"),
]
