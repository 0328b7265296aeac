"""Every check, in the order in which a person repairs what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from hygie.jobs.checks import (
    clock,
    configuration,
    corpus,
    database,
    disk,
    identity,
    journal,
    mail,
    permissions,
    rowsecurity,
    workers,
)
from hygie.jobs.checks.check import Check, Status

if TYPE_CHECKING:
    import datetime as dt


def examine(*, now: dt.datetime) -> list[Check]:
    """Look at everything; takes some seconds, for the whole corpus is read."""
    home, hosts = settings.HYGIE_HOME, settings.ALLOWED_HOSTS
    return [
        configuration.check_debug(debug=settings.DEBUG, demo=settings.HYGIE_DEMO),
        configuration.check_secret(settings.SECRET_KEY),
        configuration.check_hosts(hosts),
        configuration.check_https(https=settings.SESSION_COOKIE_SECURE, hosts=hosts),
        database.check_database(),
        database.check_migrations(),
        rowsecurity.check_policies(),
        rowsecurity.check_role(),
        journal.check_journal(),
        clock.check_clock(now=now),
        clock.check_zones(),
        mail.check_mail(),
        identity.check_providers(settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]),
        identity.check_directory(settings),
        disk.check_disk(home),
        permissions.check_home(home),
        permissions.check_secret_file(home),
        corpus.check_corpus(home, now=now, whole=True),
        corpus.check_feeds(home, now=now),
        workers.check_workers(),
    ]


def readiness(*, now: dt.datetime) -> dict[str, Check]:
    """Return what must hold for a page to be served; cheap enough for each few seconds."""
    home = settings.HYGIE_HOME
    return {
        "database": database.check_database(),
        "migrations": database.check_migrations(),
        "disk": disk.check_disk(home),
        "corpus": corpus.check_corpus(home, now=now, whole=False),
    }


def broken(checks: list[Check]) -> list[Check]:
    """Return those that need action now."""
    return [check for check in checks if check.status in (Status.BROKEN, Status.UNKNOWN)]
