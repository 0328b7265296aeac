"""Dates and hours as French and English write them, without the locale of the machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import datetime as dt

_DAYS_FR: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_DAYS_EN: Final = (
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
)  # fmt: skip
_MONTHS_FR: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_MONTHS_EN: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def day_fr(day: dt.date) -> str:
    """Return such as ``vendredi 1er mai 2026``."""
    return f"{_DAYS_FR[day.weekday()]} {month_day_fr(day)} {day.year}"


def day_en(day: dt.date) -> str:
    """Return such as ``Friday 1 May 2026``."""
    return f"{_DAYS_EN[day.weekday()]} {month_day_en(day)} {day.year}"


def month_day_fr(day: dt.date) -> str:
    """Return such as ``1er mai``."""
    return f"{'1er' if day.day == 1 else day.day} {_MONTHS_FR[day.month - 1]}"


def month_day_en(day: dt.date) -> str:
    """Return such as ``1 May``."""
    return f"{day.day} {_MONTHS_EN[day.month - 1]}"


def hour_fr(moment: dt.datetime) -> str:
    """Return such as ``14 h 05``, with non-breaking spaces."""
    return f"{moment.hour} h {moment.minute:02d}"


def hour_en(moment: dt.datetime) -> str:
    """Return such as ``14:05``."""
    return f"{moment.hour:02d}:{moment.minute:02d}"
