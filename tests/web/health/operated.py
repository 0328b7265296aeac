"""The settings of a site that is operated: those of the project, with ours on.

What is on already stays as it is.
"""

from __future__ import annotations

from hygie.config.logs.wiring import logging_settings
from hygie.config.operating import read_operating
from hygie.config.settings import *  # noqa: F403
from hygie.config.settings import DATABASES, MIDDLEWARE, SECRET_KEY

WATCHING = "hygie.web.health.watching.WatchingMiddleware"
OPERATING = read_operating()

MIDDLEWARE = [WATCHING, *(one for one in MIDDLEWARE if one != WATCHING)]
SECURE_REDIRECT_EXEMPT = [r"^sante/", r"^metrics$"]
HYGIE_METRICS_TOKEN = OPERATING.metrics_token
HYGIE_METRICS_ALLOWED = OPERATING.metrics_allowed
HYGIE_SECURITY_CONTACT = OPERATING.security_contact
HYGIE_SECURITY_POLICY = OPERATING.security_policy
LOGGING = logging_settings(
    form=OPERATING.log_form,
    level=OPERATING.log_level,
    syslog_url=OPERATING.syslog_url,
    secrets=(
        SECRET_KEY,
        str(DATABASES["default"].get("PASSWORD", "")),
        str(globals().get("EMAIL_HOST_PASSWORD", "")),
        OPERATING.metrics_token,
    ),
)
ROOT_URLCONF = "tests.web.health.addresses"
