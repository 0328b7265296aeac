"""The settings of the site, but for a browser that has no TLS here."""

from __future__ import annotations

from hygie.config.settings import *  # noqa: F403 - the same settings

MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
