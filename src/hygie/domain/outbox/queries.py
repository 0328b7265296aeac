"""Read the outbox: for those who run the platform, since it holds people's addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count

from hygie.domain.outbox.models import Mail, MailState

if TYPE_CHECKING:
    from django.db.models import QuerySet

UNSETTLED = (MailState.QUEUED, MailState.SENDING, MailState.FAILED)


def unsettled() -> QuerySet[Mail]:
    """Return the e-mails that wait, are being sent or failed, newest first."""
    return Mail.objects.filter(state__in=UNSETTLED).order_by("-pk")


def counts() -> dict[str, int]:
    """Return how many e-mails are in each state."""
    rows = Mail.objects.order_by().values("state").annotate(n=Count("pk"))
    return {row["state"]: row["n"] for row in rows}
