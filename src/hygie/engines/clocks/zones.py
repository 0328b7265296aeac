"""The time zone of a French place, by department or commune.

Data: ``referentials/calendars/time-zones.yaml``.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from hygie.referentials.reading import as_of, load_folder
from hygie.vocabulary.regions import department_of_commune

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygie.referentials.section import Section, Words

TIME_ZONES_ID: Final = "calendars.time-zones"
_IN_FORCE: Final = dt.date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class NamedZone:
    """A time zone and what people call it.

    Attributes:
        zone: IANA zone.
        label: such as ``heure de La Réunion``.
        codes: departments and communes, INSEE.
    """

    zone: ZoneInfo
    label: Words
    codes: tuple[str, ...]


def zone_of(department: str, *, commune: str = "") -> ZoneInfo:
    """Return the time zone of a place: its commune's, else its department's, else Paris.

    Args:
        department: INSEE code; empty when only the commune is known.
        commune: INSEE code of five characters, empty when unknown.
    """
    zones = _by_code()
    for code in (commune, department, department_of_commune(commune)):
        if code in zones:
            return zones[code]
    return ZoneInfo(_content().text("home"))


@cache
def load_zones() -> tuple[NamedZone, ...]:
    """Return the zones of France other than Paris.

    Raises:
        ReferentialError: if the document is wrong.
        ZoneInfoNotFoundError: if this machine lacks a zone.
    """
    return tuple(_zone(section) for section in _content().sections("zones"))


@cache
def _by_code() -> Mapping[str, ZoneInfo]:
    return {code: named.zone for named in load_zones() for code in named.codes}


def _content() -> Section:
    return as_of(load_folder("calendars"), TIME_ZONES_ID, on=_IN_FORCE).content


def _zone(section: Section) -> NamedZone:
    section.only("zone", "label", "departments", "communes")
    codes = [
        code
        for key in ("communes", "departments")
        if section.has(key)
        for code in section.text(key).split()
    ]
    return NamedZone(ZoneInfo(section.text("zone")), section.words("label"), tuple(codes))
