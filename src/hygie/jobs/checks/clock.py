"""The clock: legal deadlines are reckoned with it, and tokens expire by it."""

from __future__ import annotations

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.db import Error, connection

from hygie.jobs.checks.check import Check, Status

SKEW_WARNING: Final = dt.timedelta(seconds=2)
SKEW_BROKEN: Final = dt.timedelta(seconds=30)
EARLIEST: Final = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
"""Before this version existed: a machine that boots without a battery says 1970."""

_NAME: Final = "clock.skew"
_TITLE: Final = "Horloge"
_REMEDY: Final = "Réglez l’heure des deux machines par NTP (timedatectl set-ntp true)."


def check_clock(*, now: dt.datetime) -> Check:
    """Compare ``now`` with the database server's clock, which is this machine's on SQLite."""
    if connection.vendor != "postgresql":
        return judge_skew(dt.timedelta(0), now=now)
    try:
        with connection.cursor() as cursor:
            asked = dt.datetime.now(dt.UTC)
            cursor.execute("SELECT clock_timestamp()")
            [there] = cursor.fetchone()
            answered = dt.datetime.now(dt.UTC)
    except Error:
        return Check(
            _NAME, _TITLE, Status.UNKNOWN, "la base ne dit pas l’heure", "Réparez d’abord la base."
        )
    # The server read its clock somewhere between question and answer.
    middle = asked + (answered - asked) / 2
    return judge_skew(there - middle, now=now)


def judge_skew(skew: dt.timedelta, *, now: dt.datetime) -> Check:
    """Return what a difference of clocks means."""
    if now < EARLIEST:
        return Check(_NAME, _TITLE, Status.BROKEN, f"cette machine se croit en {now:%Y}", _REMEDY)
    seconds = abs(skew.total_seconds())
    said = f"{seconds:.1f} s d’écart avec la base".replace(".", ",")
    if abs(skew) >= SKEW_BROKEN:
        return Check(_NAME, _TITLE, Status.BROKEN, said, _REMEDY)
    if abs(skew) >= SKEW_WARNING:
        return Check(_NAME, _TITLE, Status.WARNING, said, _REMEDY)
    return Check(_NAME, _TITLE, Status.GOOD, said)


def check_zones(zone: str = "") -> Check:
    """Make sure that time zones are known: Réunion and Guyane are not at Paris time."""
    wanted = [zone] if zone else [settings.TIME_ZONE, "Indian/Reunion", "America/Cayenne"]
    for name in wanted:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            return Check(
                "clock.zones", "Fuseaux horaires", Status.BROKEN, f"« {name} » inconnu",
                "Installez le paquet tzdata du système.",
            )  # fmt: skip
    return Check("clock.zones", "Fuseaux horaires", Status.GOOD, ", ".join(wanted))
