"""One row an e-mail, from the moment it is decided to the moment a server took it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from hygie.domain.people.models import Notice


class MailState(models.TextChoices):
    """Where one e-mail stands."""

    QUEUED = "queued", _("en attente")
    SENDING = "sending", _("en cours d’envoi")
    SENT = "sent", _("envoyé")
    FAILED = "failed", _("échec")
    CANCELLED = "cancelled", _("annulé")


class Mail(models.Model):
    """An e-mail; its ``message_id`` never changes: a second copy is no second mail.

    ``attempts`` grows with each try and tells a sender that was overtaken from the one who has
    the mail now. ``sealed`` bodies are encrypted (``outbox.letters``); a mail is not sent from
    ``expires_at`` on.
    """

    notice = models.OneToOneField(
        Notice, on_delete=models.SET_NULL, null=True, blank=True, related_name="mail"
    )
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    sealed = models.BooleanField(default=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    message_id = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=9, choices=MailState.choices, default=MailState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    retry_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["state", "retry_at"],
                condition=models.Q(state__in=("queued", "sending")),
                name="outbox_mail_to_send",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"
