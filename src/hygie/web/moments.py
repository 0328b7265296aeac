"""Dates and times as a person says them, in the zone of the place they are about."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import formats, timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from hygie.engines.clocks.zones import load_zones

if TYPE_CHECKING:
    from hygie.referentials.section import Language

HOME: Final = "Europe/Paris"
"""The zone that goes without saying."""


def day(on: dt.date) -> str:
    """Return ``27 novembre 2026``."""
    return formats.date_format(on, "j F Y")


def moment(at: dt.datetime, zone: str = HOME) -> str:
    """Return ``27 novembre 2026, 18 h 05``, with the zone's name when it is not the home zone."""
    local = _local(at, zone)
    return f"{day(local.date())}, {_hour(local)}{_zone_name(zone)}"


def deadline(at: dt.datetime, zone: str = HOME) -> str:
    """Return ``vendredi 27 novembre, 18 h``, with the zone's name when needed."""
    local = _local(at, zone)
    return f"{formats.date_format(local, 'l j F')}, {_hour(local)}{_zone_name(zone)}"


def ago(at: dt.datetime) -> str:
    """Return how long ago ``at`` was, in its largest unit."""
    minutes = max(0, int((timezone.now() - at).total_seconds() // 60))
    if minutes < 1:
        return _("à l’instant")
    if minutes < 60:  # noqa: PLR2004 - minutes in an hour
        return ngettext("il y a %(n)d minute", "il y a %(n)d minutes", minutes) % {"n": minutes}
    hours = minutes // 60
    if hours < 48:  # noqa: PLR2004 - two days read better in hours
        return ngettext("il y a %(n)d heure", "il y a %(n)d heures", hours) % {"n": hours}
    days = hours // 24
    return ngettext("il y a %(n)d jour", "il y a %(n)d jours", days) % {"n": days}


def percent(share: float) -> str:
    """Return ``12 %`` for 0.12, in the manner of the language."""
    text = f"{share * 100:.0f}"
    return f"{text}%" if _english() else f"{text}\u00a0%"


def _english() -> bool:
    return (get_language() or "").startswith("en")


def _local(at: dt.datetime, zone: str) -> dt.datetime:
    try:
        return at.astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError):
        return at.astimezone(dt.UTC)


def _hour(local: dt.datetime) -> str:
    if _english():
        return f"{local.hour}:{local.minute:02}"
    minutes = f"\u00a0{local.minute:02}" if local.minute else ""
    return f"{local.hour}\u00a0h{minutes}"


def _zone_name(zone: str) -> str:
    if zone == HOME:
        return ""
    spoken: Language = "en" if _english() else "fr"
    named = (known.label for known in load_zones() if known.zone.key == zone)
    label = next(named, None)
    return f" ({label.in_language(spoken) if label else zone})"
