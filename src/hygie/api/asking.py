"""Who calls: somebody signed in on the site, or a service with a token."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from hygie.api.problems import FORGED, UNAUTHENTICATED, ProblemError
from hygie.domain.people import tokens
from hygie.domain.people.rowsecurity.scope import scope_of, speak_from_now_on
from hygie.domain.people.scope import node_ids_for
from hygie.domain.people.tokens import TokenRefusedError

if TYPE_CHECKING:
    from django.http import HttpRequest

    from hygie.domain.people.models import User
    from hygie.domain.people.principal import Principal
    from hygie.domain.people.roles import Permission


class Bearer(HttpBearer):
    """A token of the API in ``Authorization: Bearer …``."""

    openapi_description = "A token of a service account: scoped, expiring, revocable."

    def authenticate(self, request: HttpRequest, token: str) -> Principal:  # noqa: ARG002 - ninja's signature
        """Return who the token stands for; a refused one never falls back on a cookie."""
        try:
            caller = tokens.authenticate(token, now=timezone.now())
        except TokenRefusedError as error:
            raise ProblemError(UNAUTHENTICATED, str(error), headers=challenge()) from error
        speak_from_now_on(scope_of(caller))
        return caller


class Session(APIKeyCookie):
    """The cookie of somebody signed in on the site; writes also need the CSRF token."""

    param_name = settings.SESSION_COOKIE_NAME
    openapi_description = "The site's own session; writes send `X-CSRFToken` besides."

    def __call__(self, request: HttpRequest) -> User | None:
        """Return the person, before looking at the CSRF token: who is unknown reads 401."""
        if not request.user.is_authenticated:
            return None
        if check_csrf(request) is not None:
            raise ProblemError(FORGED, _("Rechargez la page, puis recommencez."))
        return self.authenticate(request, None)

    def authenticate(self, request: HttpRequest, key: str | None) -> User:  # noqa: ARG002 - ninja's signature
        """Return the person of the session."""
        return cast("User", request.user)


def asker(request: HttpRequest) -> User:
    """Return who calls, as the domain asks it: an account, or a token that stands for one.

    A ``Principal`` answers all that queries and access ask of a user (``people.principal``).
    """
    return cast("User", request.auth)  # type: ignore[attr-defined]  # set by ninja


def require(request: HttpRequest, permission: Permission) -> User:
    """Return who calls.

    Raises:
        Http404: if they may use ``permission`` nowhere: for them there is no such list.
    """
    user = asker(request)
    if not node_ids_for(user, permission).exists():
        raise Http404
    return user


def challenge() -> dict[str, str]:
    """Return the header that says how to identify oneself."""
    return {"WWW-Authenticate": 'Bearer realm="hygie"'}
