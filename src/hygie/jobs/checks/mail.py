"""Mail: is the server there, and does it let us in; nothing is sent."""

from __future__ import annotations

import smtplib
import ssl
from typing import Final

from django.conf import settings
from django.core.mail import get_connection

from hygie.jobs.checks.check import Check, Status

TIMEOUT_S: Final = 5
_NAME: Final = "mail.server"
_TITLE: Final = "Courriel"


def check_mail() -> Check:
    """Open and close a session with the mail server, as the worker does before sending."""
    if "smtp" not in settings.EMAIL_BACKEND:
        return Check(
            _NAME, _TITLE, Status.WARNING, "aucun serveur : les courriels restent dans un dossier",
            "Posez HYGIE_EMAIL_URL=smtp+tls://compte:motdepasse@serveur:587.",
        )  # fmt: skip
    place = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    if not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL) and settings.EMAIL_HOST_PASSWORD:
        return Check(
            _NAME, _TITLE, Status.BROKEN, f"le mot de passe part en clair vers {place}",
            "Écrivez smtp+tls:// dans HYGIE_EMAIL_URL.",
        )  # fmt: skip
    try:
        session = get_connection(timeout=TIMEOUT_S)
        session.open()
        session.close()
    except (OSError, smtplib.SMTPException, ssl.SSLError) as error:
        # An SMTP error may quote what we said to the server; its type says enough.
        return Check(
            _NAME, _TITLE, Status.BROKEN, f"{place} ne répond pas ({type(error).__name__})",
            "Vérifiez HYGIE_EMAIL_URL, le pare-feu et le compte de messagerie.",
        )  # fmt: skip
    return Check(_NAME, _TITLE, Status.GOOD, f"{place} répond")
