"""A legal period as data: from which event, how long, counted how, in which time zone.

A referential writes a clock as a mapping::

    clock: {anchor: aware_at, unit: hours, amount: 72, rule: eu_1182_71}
    clock: {anchor: fiscal_year_started_on, unit: calendar_day, amount: 1, month: 3, day: 31}

``engines.clocks`` computes from it; nothing here knows the time.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from hygie.referentials.section import Section

_LEAP_YEAR: Final = 2024
_MOST_PAUSES: Final = 10


class Unit(StrEnum):
    """What a period is counted in."""

    WITHOUT_DELAY = "without_delay"  # owed from the event on; no text gives a figure
    HOURS = "hours"  # elapsed, day and night
    DAYS = "days"
    WORKING_DAYS = "working_days"  # neither Saturday, Sunday nor public holiday
    MONTHS = "months"
    YEARS = "years"
    CALENDAR_DAY = "calendar_day"  # a fixed day of the year, such as 31 March


_MOST: Final = {
    Unit.HOURS: 87_600,
    Unit.DAYS: 3_660,
    Unit.WORKING_DAYS: 2_600,
    Unit.MONTHS: 120,
    Unit.YEARS: 50,
    Unit.CALENDAR_DAY: 10,
}


class Rule(StrEnum):
    """How the end of a period is found once its length is known.

    In each, the day of the event does not count and the last day counts whole.

    - plain: the last day is the last day, whatever it is: the prudent reading when no text says
      otherwise.
    - cpc_642: a last day that falls on a Saturday, a Sunday or a public holiday gives way to the
      next working day (code de procédure civile, art. 640 to 642).
    - eu_1182_71: the same, and a period of two days or more holds two working days at least
      (règlement CEE, Euratom 1182/71, art. 3). A period in hours never moves.
    """

    PLAIN = "plain"
    CPC_642 = "cpc_642"
    EU_1182_71 = "eu_1182_71"


class ZoneRule(StrEnum):
    """Whose clock on the wall counts."""

    ESTABLISHMENT = "establishment"
    PARIS = "paris"
    UTC = "utc"


@dataclass(frozen=True, slots=True)
class Clock:
    """A period that runs from an event.

    Attributes:
        anchor: name of the event, declared in ``calendars/anchors.yaml``.
        unit: what it is counted in.
        amount: how many; 0 without delay; for a calendar day, which occurrence after the event.
        rule: how its end is found.
        zone: whose days and hours.
        pauses: kinds of pause that suspend it.
        month: 1 to 12 for a calendar day, else 0.
        day: 1 to 31 for a calendar day, else 0; 29 February is the 28th in common years.
    """

    anchor: str
    unit: Unit
    amount: int = 0
    rule: Rule = Rule.PLAIN
    zone: ZoneRule = ZoneRule.ESTABLISHMENT
    pauses: tuple[str, ...] = ()
    month: int = 0
    day: int = 0


def clock_from(section: Section) -> Clock:
    """Return the clock written in a referential.

    Raises:
        ReferentialError: if the unit, the amount or the day of the year makes no sense.
    """
    section.only("anchor", "unit", "amount", "rule", "zone", "pauses", "month", "day")
    unit = section.choice("unit", Unit)
    month, day = _day_of_year(section, unit)
    return Clock(
        anchor=section.text("anchor"),
        unit=unit,
        amount=_amount(section, unit),
        rule=section.choice("rule", Rule) if section.has("rule") else Rule.PLAIN,
        zone=section.choice("zone", ZoneRule) if section.has("zone") else ZoneRule.ESTABLISHMENT,
        pauses=_pauses(section),
        month=month,
        day=day,
    )


def _amount(section: Section, unit: Unit) -> int:
    if unit is not Unit.WITHOUT_DELAY:
        return section.integer("amount", low=1, high=_MOST[unit])
    if section.has("amount"):
        raise section.error("amount", "« without_delay » n’a pas de durée, retirez-la")
    return 0


def _day_of_year(section: Section, unit: Unit) -> tuple[int, int]:
    if unit is not Unit.CALENDAR_DAY:
        if section.has("month") or section.has("day"):
            raise section.error("month", "réservé à l’unité « calendar_day », retirez-le")
        return 0, 0
    month = section.integer("month", low=1, high=12)
    longest = calendar.monthrange(_LEAP_YEAR, month)[1]
    return month, section.integer("day", low=1, high=longest)


def _pauses(section: Section) -> tuple[str, ...]:
    if not section.has("pauses"):
        return ()
    written = section.json("pauses")
    if not isinstance(written, list) or not 0 < len(written) <= _MOST_PAUSES:
        raise section.error("pauses", f"liste de 1 à {_MOST_PAUSES} noms attendue")
    names = tuple(name for name in written if isinstance(name, str) and name)
    if len(names) != len(written):
        raise section.error("pauses", "noms attendus, entre guillemets au besoin")
    return names
