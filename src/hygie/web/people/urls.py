"""Addresses of the people pages."""

from __future__ import annotations

from django.urls import path

from hygie.web.people import delegations, invitations, views

urlpatterns = [
    path("", views.people_list, name="people-list"),
    path("<int:person_id>/", views.person, name="person"),
    path("<int:person_id>/fermer/", views.close, name="person-close"),
    path("<int:person_id>/rouvrir/", views.reopen, name="person-reopen"),
    path("<int:person_id>/second-facteur/", views.reset_factor, name="person-reset-factor"),
    path("fonctions/<int:grant_id>/terminer/", views.end_role, name="grant-end"),
    path("inviter/<int:node_id>/", invitations.invite, name="invite"),
    path(
        "invitations/<int:invitation_id>/retirer/",
        invitations.withdraw,
        name="invitation-withdraw",
    ),
    path("invitation/<str:secret>/", invitations.accept, name="invitation-accept"),
    path("delegations/", delegations.delegation_list, name="delegation-list"),
    path("delegations/proposer/", delegations.propose, name="delegation-propose"),
    path(
        "delegations/<int:delegation_id>/accepter/",
        delegations.accept,
        name="delegation-accept",
    ),
    path(
        "delegations/<int:delegation_id>/revoquer/",
        delegations.revoke,
        name="delegation-revoke",
    ),
]
