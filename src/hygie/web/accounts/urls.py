"""Addresses of the accounts: those of allauth that a closed site needs, and no other."""

from __future__ import annotations

from allauth.account import views as allauth
from allauth.socialaccount import views as social
from django.urls import include, path, re_path

from hygie.web.accounts import oidc, second_factor, services, sessions, tokens, views

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
    path("double-authentification/requise/", second_factor.compulsory, name="second-factor"),
    path("double-authentification/", include("allauth.mfa.urls")),
    path("sessions/", sessions.session_list, name="session-list"),
    path("sessions/fermer/", sessions.revoke_all, name="session-revoke-all"),
    path("sessions/<int:sign_in_id>/fermer/", sessions.revoke, name="session-revoke"),
    path("jetons/", tokens.token_list, name="token-list"),
    path("jetons/nouveau/", tokens.issue, name="token-issue"),
    path("jetons/<int:token_id>/revoquer/", tokens.revoke, name="token-revoke"),
    path("services/", services.service_list, name="service-list"),
    path("services/nouveau/", services.open_one, name="service-open"),
    path("services/<int:service_id>/", services.service, name="service"),
    path("services/<int:service_id>/jeton/", services.issue, name="service-token"),
    path("services/<int:service_id>/fermer/", services.close, name="service-close"),
    path("identites/", social.connections, name="socialaccount_connections"),
    path("identites/annulee/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("identites/erreur/", social.login_error, name="socialaccount_login_error"),
    path("identites/inscription/", social.signup, name="socialaccount_signup"),
    path("identites/<slug:provider_id>/", oidc.login, name="openid_connect_login"),
    path("identites/<slug:provider_id>/retour/", oidc.callback, name="openid_connect_callback"),
    path("demonstration/<int:user_id>/", views.enter_demo, name="demo-enter"),
]
