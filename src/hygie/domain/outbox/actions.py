"""Queue e-mails, take one to send it, say what became of it.

SMTP cannot promise "once": a server may take a mail and the line break before it says so. The
window is one command long: the sender connects first, marks the row, hands the message over,
marks it sent. What is found in that window after a kill is sent again under the same Message-ID.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from hygie.domain.outbox.models import Mail, MailState
from hygie.domain.people.models import Notice
from hygie.domain.people.rowsecurity.scope import SYSTEM, speaking
from hygie.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from django.db.models import QuerySet

MAX_ATTEMPTS: Final = 8
LEASE_S: Final = 60.0
"""A sender silent for this long is dead: no mail server is waited for that long."""

_BACKOFF_S: Final = 30.0


class OutboxError(UsageError):
    """What is asked of this e-mail makes no sense any more."""


@speaking(SYSTEM)  # to others than who asks
def queue_notices(key: str, *, now: dt.datetime) -> list[Mail]:
    """Queue an e-mail for each notice under ``key`` that has none; demonstrations send none.

    The mail says what the notice says and bears no link: people learn not to follow one.
    """
    waiting = Notice.objects.filter(
        key=key, mail__isnull=True, user__is_active=True, user__is_demo=False
    )
    mails = [
        Mail(
            notice=notice,
            to=notice.user.email,
            subject="Hygie : du nouveau pour vous",
            body=f"{notice.text}\n\nConnectez-vous à Hygie pour lire la suite.\n",
            message_id=f"<{uuid.uuid4()}@hygie.invalid>",
            created_at=now,
        )
        for notice in waiting.select_related("user").order_by("pk")
    ]
    return Mail.objects.bulk_create(mails, batch_size=500)


def due() -> QuerySet[Mail]:
    """Return the e-mails that may be sent now, those a dead sender left included."""
    queued = Q(state=MailState.QUEUED) & (Q(retry_at__isnull=True) | Q(retry_at__lte=Now()))
    left = Q(state=MailState.SENDING, claimed_at__lt=Now() - dt.timedelta(seconds=LEASE_S))
    lasts = Q(expires_at__isnull=True) | Q(expires_at__gt=Now())
    return Mail.objects.filter(queued | left).filter(lasts).order_by("pk")


def claim(mail_id: int) -> Mail | None:
    """Return the e-mail, ours to send, or None when it is not to be sent now."""
    with transaction.atomic():
        taken = (
            due()
            .filter(pk=mail_id)
            .update(state=MailState.SENDING, claimed_at=Now(), attempts=F("attempts") + 1)
        )
    return Mail.objects.get(pk=mail_id) if taken else None


def mark_sent(mail: Mail, *, now: dt.datetime) -> bool:
    """Say that a server took it; its text is kept no longer. False if we had been overtaken."""
    return bool(_ours(mail).update(state=MailState.SENT, sent_at=now, body="", error=""))


def mark_failed(mail: Mail, reason: str, *, lasting: bool = False) -> bool:
    """Count a failed attempt: tried again later and later, unless ``lasting`` or too often."""
    over = lasting or mail.attempts >= MAX_ATTEMPTS
    wait = dt.timedelta(seconds=_BACKOFF_S * 2 ** (mail.attempts - 1))
    return bool(
        _ours(mail).update(
            state=MailState.FAILED if over else MailState.QUEUED,
            error=reason[:300],
            retry_at=None if over else Now() + wait,
        )
    )


def retry(mail: Mail) -> None:
    """Queue again an e-mail that failed.

    Raises:
        OutboxError: if it did not fail.
    """
    failed = Mail.objects.filter(pk=mail.pk, state=MailState.FAILED)
    if not failed.update(state=MailState.QUEUED, attempts=0, retry_at=None):
        raise OutboxError(_("ce courriel n’est pas en échec ; il n’y a rien à relancer"))


def cancel(mail: Mail) -> None:
    """Give up an e-mail that waits.

    Raises:
        OutboxError: if it is being sent, or was sent.
    """
    waiting = Mail.objects.filter(pk=mail.pk, state__in=(MailState.QUEUED, MailState.FAILED))
    if not waiting.update(state=MailState.CANCELLED, body=""):
        raise OutboxError(_("ce courriel est parti ou en train de partir ; il ne s’annule plus"))


def _ours(mail: Mail) -> QuerySet[Mail]:
    return Mail.objects.filter(pk=mail.pk, state=MailState.SENDING, attempts=mail.attempts)
