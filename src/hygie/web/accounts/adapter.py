"""How allauth behaves here: no open sign-up, e-mails through the outbox."""

from __future__ import annotations

import datetime as dt
import time
from typing import TYPE_CHECKING

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from django.conf import settings
from django.utils import timezone

from hygie.domain.outbox.letters import Letter
from hygie.web.accounts.warning import send_letter

if TYPE_CHECKING:
    from django.http import HttpRequest


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth is untyped
    """Accounts are made by invitation; nobody signs up by himself."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Refuse open sign-up."""
        return False

    def format_email_subject(self, subject: str) -> str:
        """Return the subject alone: the sender already says who writes."""
        return subject

    def send_mail(self, template_prefix: str, email: str, context: dict[str, object]) -> None:
        """Queue the e-mail instead of waiting for a mail server; its link dies with the row."""
        message = self.render_mail(template_prefix, email, {"email": email, **context})
        now = timezone.now()
        ends_at = now + dt.timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
        send_letter(Letter(email, message.subject, str(message.body)), ends_at=ends_at, now=now)

    def is_reauthentication_required(self, *, app: str, **kwargs: object) -> bool:
        """Ask again, except who signed in less than five minutes ago: they just answered."""
        signed_in = [
            record["at"]
            for record in get_authentication_records(context.request, context.request.user)
            if record.get("method") in ("password", "mfa")
        ]
        if signed_in and time.time() - max(signed_in) < REAUTHENTICATION_TIMEOUT:
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))
