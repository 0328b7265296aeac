"""Addresses of the accounts: those of allauth that a closed site needs, and no other."""

from __future__ import annotations

from allauth.account import views as allauth
from django.urls import include, path, re_path

from hygie.web.accounts import views

urlpatterns = [
    path("", views.account, name="account"),
    path("connexion/", allauth.login, name="account_login"),
    path("deconnexion/", allauth.logout, name="account_logout"),
    path("inactif/", allauth.account_inactive, name="account_inactive"),
    path("inscription/", allauth.signup, name="account_signup"),
    path("confirmation/", allauth.reauthenticate, name="account_reauthenticate"),
    path("mot-de-passe/", allauth.password_change, name="account_change_password"),
    path("mot-de-passe/choisir/", allauth.password_set, name="account_set_password"),
    path("mot-de-passe/oublie/", allauth.password_reset, name="account_reset_password"),
    path("mot-de-passe/envoye/", allauth.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^mot-de-passe/cle/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "mot-de-passe/change/",
        allauth.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("double-authentification/", include("allauth.mfa.urls")),
    path("demonstration/<int:user_id>/", views.enter_demo, name="demo-enter"),
]
