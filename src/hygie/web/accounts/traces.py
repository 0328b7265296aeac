"""What allauth does to an account goes into the journal; a sign-in is kept with its browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from allauth.socialaccount import signals as social
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.utils import timezone

from hygie.domain.journal.actions import Act, record
from hygie.domain.people import sessions
from hygie.web.accounts import presence, warning
from hygie.web.accounts.second_factor import FLAG, has_one

if TYPE_CHECKING:
    from django.http import HttpRequest

    from hygie.domain.people.models import User


def connect() -> None:
    """Listen; called once, when the application is ready."""
    user_logged_in.connect(_signed_in, dispatch_uid="hygie.signed_in")
    user_logged_out.connect(_signed_out, dispatch_uid="hygie.signed_out")
    account.user_logged_in.connect(_trace_sign_in, dispatch_uid="hygie.trace_sign_in")
    for signal, action in (
        (account.password_set, "password.changed"),
        (account.password_changed, "password.changed"),
        (account.password_reset, "password.reset"),
        (mfa.authenticator_added, "second_factor.added"),
        (mfa.authenticator_removed, "second_factor.removed"),
        (mfa.authenticator_reset, "second_factor.reset"),
        (social.social_account_added, "identity.linked"),
        (social.social_account_removed, "identity.unlinked"),
    ):
        signal.connect(_tracer(action), weak=False, dispatch_uid=f"hygie.{action}.{id(signal)}")


def _signed_in(request: HttpRequest, user: User, **_: object) -> None:
    if request.session.session_key is None:
        request.session.save()
    request.session[FLAG] = has_one(user)
    if request.session.session_key:
        presence.keep(request, user, request.session.session_key)
    warning.warn_of_sign_in(
        user,
        agent=request.META.get("HTTP_USER_AGENT", ""),
        address=request.META.get("REMOTE_ADDR", ""),
    )


def _signed_out(request: HttpRequest, **_: object) -> None:
    if request.session.session_key:
        sessions.closed(request.session.session_key)


def _trace_sign_in(user: User, **more: Any) -> None:  # noqa: ANN401 - a signal's extras
    login = more.get("sociallogin")
    detail = {"provider": login.account.provider} if login else {}
    _write("session.opened", user, detail)


def _tracer(action: str) -> Any:  # noqa: ANN401 - a signal's receiver
    def trace(request: HttpRequest, **more: Any) -> None:  # noqa: ANN401 - a signal's extras
        login = more.get("sociallogin")
        linked = more.get("socialaccount") or (login.account if login else None)
        user: User = more.get("user") or (linked.user if linked else request.user)  # type: ignore[assignment] # signed in
        made = more.get("authenticator")
        detail = {"provider": linked.provider} if linked else {}
        if made is not None:
            detail["kind"] = str(made.type)
            request.session[FLAG] = has_one(user)
        _write(action, user, detail)
        warning.warn(user, action)

    return trace


def _write(action: str, user: User, detail: dict[str, str]) -> None:
    act = Act(action, "user", str(user.pk), None, detail)
    record(act, actor=user.actor, now=timezone.now())
