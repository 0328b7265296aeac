"""What somebody vouched for elsewhere opens here: an account that exists, and no right."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import (
    DefaultSocialAccountAdapter,
    _build_apps_from_settings,
)
from allauth.socialaccount.providers.base import AuthProcess
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hygie.domain.people.queries import account_by_verified_address

if TYPE_CHECKING:
    from allauth.socialaccount.models import SocialApp, SocialLogin
    from django.http import HttpRequest


class LinkingAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc] # allauth is untyped
    """Find the account by the subject already linked, else by an address the provider verified.

    No account is made and no role is given from claims: they may be empty, stale or too wide.
    A professional without e-mail claim (Pro Santé Connect gives none) links once, signed in,
    from the account page; the subject does it from then on.
    """

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:  # noqa: ARG002 - allauth's signature
        """Refuse: accounts come from invitations."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Link an account by verified address, or say what to do when there is none."""
        if sociallogin.state.get("process") == AuthProcess.CONNECT or sociallogin.is_existing:
            return
        verified = [known.email for known in sociallogin.email_addresses if known.verified is True]
        user = account_by_verified_address(verified)
        if user is None:
            messages.error(
                request,
                _(
                    "Aucun compte n’est relié à cette identité. Connectez-vous avec votre mot de "
                    "passe puis reliez-la dans « Mon compte », ou demandez une invitation."
                ),
            )
            raise ImmediateHttpResponse(redirect("account_login"))
        sociallogin.connect(request, user)

    def list_apps(
        self,
        request: HttpRequest,  # noqa: ARG002 - allauth's signature
        provider: str | None = None,
        client_id: str | None = None,
    ) -> list[SocialApp]:
        """Return the providers of the settings: none is added by a row of the database."""
        found = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in found.values() for app in apps]

    def generate_state_param(self, state: dict[str, object]) -> str:  # noqa: ARG002 - allauth's signature
        """Return 43 characters: ProConnect asks for 32 at least."""
        return secrets.token_urlsafe(32)
