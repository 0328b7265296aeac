"""E-mails that hold a secret: an invitation, a new password. Sealed at rest, gone with their link.

    letter = Letter("a@exemple.example", "Invitation", text_with_the_link)
    mail = queue_letter(letter, ends_at=invitation.expires_at, now=now)

Their text is encrypted until it is sent, then erased as any other; a letter whose link no longer
opens anything is given up, so that no failed row keeps it.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models.functions import Now

from hygie.domain.outbox.models import Mail, MailState
from hygie.domain.people.rowsecurity.scope import SYSTEM, speaking
from hygie.domain.people.sealing import seal, unseal

if TYPE_CHECKING:
    import datetime as dt

_PURPOSE: Final = "hygie mail"
_SUBJECT_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be sent to one address; the subject is made one line."""

    to: str
    subject: str
    body: str


@speaking(SYSTEM)  # who asks may not read it
def queue_letter(letter: Letter, *, ends_at: dt.datetime, now: dt.datetime) -> Mail:
    """Queue a letter; it is not sent from ``ends_at`` on."""
    return Mail.objects.create(
        to=letter.to,
        subject=" ".join(letter.subject.split())[:_SUBJECT_MAX],
        body=seal(letter.body, purpose=_PURPOSE),
        sealed=True,
        expires_at=ends_at,
        message_id=f"<{uuid.uuid4()}@hygie.invalid>",
        created_at=now,
    )


def text_of(mail: Mail) -> str:
    """Return the text to send.

    Raises:
        SealError: if the secret key of the site changed since.
    """
    return unseal(mail.body, purpose=_PURPOSE) if mail.sealed else mail.body


def give_up_expired() -> int:
    """Give up, and erase, the letters whose link opens nothing any more; returns how many."""
    over = Mail.objects.filter(
        state__in=(MailState.QUEUED, MailState.SENDING, MailState.FAILED), expires_at__lte=Now()
    )
    # Asked every second by a worker that has nothing to do: a read locks nothing on SQLite.
    return over.update(state=MailState.CANCELLED, body="") if over.exists() else 0
