"""The second factor: compulsory above an establishment and for every administrator.

``SecondFactorMiddleware`` opens nothing else to who must have one and has none yet. Secrets of
authenticators are encrypted with a key drawn from SECRET_KEY: a copy of the database is not
enough to answer in somebody's place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hygie.domain.journal.actions import Act, record
from hygie.domain.people import sessions
from hygie.domain.people.roles import needs_second_factor
from hygie.domain.people.sealing import seal, unseal
from hygie.vocabulary.enums import NodeKind, Role
from hygie.web.accounts.warning import warn
from hygie.web.asking import grants_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse, HttpResponseBase

    from hygie.domain.people.models import User
    from hygie.web.asking import PersonRequest

FLAG: Final = "hygie_second_factor"
"""Session key: True once the account has a second factor, so that a request asks nothing."""

_PURPOSE: Final = "hygie second factor"
_FACTORS: Final = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
_OPEN: Final = frozenset(
    {
        "second-factor",
        "account_logout",
        "account_reauthenticate",
        "account_change_password",
        "account_set_password",
        "language",
        "accessibility",
        "legal",
        "session-list",
        "session-revoke",
        "session-revoke-all",
    }
)
"""Addresses that stay open while a second factor is missing, besides those that make one."""


class SecondFactorMiddleware:
    """Send who must have a second factor and has none to the page that makes one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as usual; ``process_view`` knows the address asked for."""
        return self._get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: object,  # noqa: ARG002 - Django's signature
        args: object,  # noqa: ARG002
        kwargs: object,  # noqa: ARG002
    ) -> HttpResponseBase | None:
        """Return the way to the page, None to go on."""
        match = request.resolver_match
        name = (match.url_name or "") if match else ""
        if name in _OPEN or name.startswith("mfa_") or not lacks_second_factor(request):
            return None
        return _refuse_machine() if request.path.startswith("/api/") else redirect("second-factor")


def _refuse_machine() -> JsonResponse:
    """Say to a program what a redirection to a page would not: RFC 9457, as the API does."""
    problem = {
        "type": "urn:hygie:problem:second-factor",
        "title": _("Second facteur exigé"),
        "status": 403,
        "detail": _("Ajoutez un second facteur à ce compte sur le site, puis recommencez."),
    }
    return JsonResponse(problem, status=403, content_type="application/problem+json")


def lacks_second_factor(request: HttpRequest) -> bool:
    """Tell whether who asks must have a second factor and has none."""
    user = request.user
    if (
        not user.is_authenticated
        or request.session.get(FLAG)
        or (settings.HYGIE_DEMO and user.is_demo)
    ):
        return False
    return must_have_one(request) and not has_one(user)


def must_have_one(request: HttpRequest) -> bool:
    """Tell whether a role of who asks makes a second factor compulsory."""
    return any(
        needs_second_factor(Role(grant.role), NodeKind(grant.node.kind))
        for grant in grants_of(request)
    )


def has_one(user: User) -> bool:
    """Tell whether an account has an application or a key; recovery codes alone are none."""
    return bool(Authenticator.objects.filter(user=user, type__in=_FACTORS).exists())


def forget(user: User, *, actor: str, now: dt.datetime) -> None:
    """Remove every authenticator of who lost theirs, and sign them out everywhere."""
    with transaction.atomic():
        Authenticator.objects.filter(user=user).delete()
        sessions.end_sign_ins(user)
        act = Act("second_factor.forgotten", "user", str(user.pk))
        record(act, actor=actor, now=now)
        warn(user, act.action)


@require_safe
def compulsory(request: PersonRequest) -> HttpResponse:
    """Explain why a second factor is needed, and offer the two ways to have one."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    return render(
        request,
        "hygie/accounts/second_factor.html",
        {"lacking": lacks_second_factor(request), "compulsory": must_have_one(request)},
    )


class SealedMfaAdapter(DefaultMFAAdapter):  # type: ignore[misc] # allauth is untyped
    """Encrypt the secrets of authenticators, and keep the last one where it is compulsory."""

    def encrypt(self, text: str) -> str:
        """Return the secret as the database keeps it."""
        return seal(text, purpose=_PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret as the authenticator knows it."""
        return unseal(encrypted_text, purpose=_PURPOSE)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Refuse to remove the last factor of who must have one."""
        others = Authenticator.objects.filter(user=authenticator.user, type__in=_FACTORS).exclude(
            pk=authenticator.pk
        )
        return others.exists() or not must_have_one(context.request)

    def _get_site_name(self) -> str:
        return "Hygie"
