"""Encrypt what the database must keep and a copy of the database must not give away.

The key is drawn from SECRET_KEY, one for each purpose: what is sealed for one opens for no other.
Those of SECRET_KEY_FALLBACKS still open what they sealed.
"""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from hygie.vocabulary.errors import HygieError


class SealError(HygieError, ValueError):
    """What is kept does not open: the secret key of the site is another one."""


def seal(text: str, *, purpose: str) -> str:
    """Return what the database keeps of ``text``."""
    return _box(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, *, purpose: str) -> str:
    """Return the text that was sealed for ``purpose``.

    Raises:
        SealError: if no key of the site opens it.
    """
    try:
        return _box(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise SealError("la clé secrète du site n’ouvre plus ce texte") from error


def _box(purpose: str) -> MultiFernet:
    known = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(_key(purpose, str(secret))) for secret in known])


def _key(purpose: str, secret: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(f"{purpose} {secret}".encode()).digest())
