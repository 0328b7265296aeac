"""How allauth behaves here: no open sign-up, an invitation makes the accounts."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context

if TYPE_CHECKING:
    from django.http import HttpRequest


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth is untyped
    """Accounts are made by invitation; nobody signs up by himself."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Refuse open sign-up."""
        return False

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
