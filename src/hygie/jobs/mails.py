"""Send the e-mails of the outbox, one by one."""

from __future__ import annotations

import datetime as dt
import logging
import smtplib
from typing import TYPE_CHECKING, Final

from django.core.mail import EmailMessage, get_connection
from django.utils import timezone

from hygie.domain.outbox import actions, letters
from hygie.domain.outbox.models import Mail, MailState

if TYPE_CHECKING:
    from django.core.mail.backends.base import BaseEmailBackend

_LOG: Final = logging.getLogger(__name__)


def deliver(mail_id: int) -> dt.datetime | None:
    """Send one e-mail; return when to try again, None when there is nothing left to do.

    The line to the server is open before the row is marked, so that the moment in which a kill
    would leave us not knowing is as short as the protocol lets it be.
    """
    letters.give_up_expired()
    connection = get_connection()
    try:
        connection.open()
    except OSError as error:  # SMTPException is one too: nothing was handed over
        return _put_off(mail_id, error)
    try:
        mail = actions.claim(mail_id)
        if mail is not None:
            _send(mail, connection)
    finally:
        connection.close()
    return when_due(mail_id)


def deliver_due(*, at_most: int = 200) -> int:
    """Send what is due, oldest first; returns how many e-mails were tried."""
    letters.give_up_expired()
    ids = list(actions.due().values_list("pk", flat=True)[:at_most])
    for mail_id in ids:
        deliver(mail_id)
    return len(ids)


def when_due(mail_id: int) -> dt.datetime | None:
    """Return when an e-mail may be sent next, None when it is settled."""
    mail = Mail.objects.filter(pk=mail_id).first()
    if mail is None or mail.state not in (MailState.QUEUED, MailState.SENDING):
        return None
    if mail.state == MailState.SENDING and mail.claimed_at is not None:
        return mail.claimed_at + dt.timedelta(seconds=actions.LEASE_S)
    return mail.retry_at or timezone.now()


def _send(mail: Mail, connection: BaseEmailBackend) -> None:
    try:
        message = EmailMessage(
            mail.subject, letters.text_of(mail), to=[mail.to], connection=connection,
            headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},
        )  # fmt: skip
        message.send()
    except (OSError, ValueError) as error:
        lasting = isinstance(error, ValueError | smtplib.SMTPRecipientsRefused) and _is_final(error)
        _LOG.warning("mail not sent", extra={"mail": mail.pk, "error": type(error).__name__})
        actions.mark_failed(mail, f"{type(error).__name__} : {error}", lasting=lasting)
    else:
        actions.mark_sent(mail, now=timezone.now())


def _is_final(error: Exception) -> bool:
    """Tell whether the server, or the address itself, said never (RFC 5321: 5yz is for good)."""
    if not isinstance(error, smtplib.SMTPRecipientsRefused):
        return True
    return all(code >= 500 for code, _ in error.recipients.values())  # noqa: PLR2004 - RFC 5321 section 4.2.1


def _put_off(mail_id: int, error: OSError) -> dt.datetime | None:
    mail = actions.claim(mail_id)
    if mail is not None:
        actions.mark_failed(mail, f"{type(error).__name__} : {error}")
    return when_due(mail_id)
