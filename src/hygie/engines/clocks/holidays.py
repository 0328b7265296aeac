"""Public holidays of a French place, movable feasts and local days included.

Data: ``referentials/calendars/holidays.yaml``. Easter is computed, so that no year is missing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from hygie.engines.clocks.civil import check_year
from hygie.referentials.reading import as_of, load_folder
from hygie.referentials.section import Confidence, Words
from hygie.vocabulary.regions import department_of_commune

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygie.referentials.reading import Document
    from hygie.referentials.section import Section

HOLIDAYS_ID: Final = "calendars.holidays"
_IN_FORCE: Final = dt.date(2026, 1, 1)
_FARTHEST_FROM_EASTER: Final = 100


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day on which a place rests.

    Attributes:
        id: stable name.
        label: for the screen.
        month: 1 to 12, 0 for a movable feast.
        day: day of the month, 0 for a movable feast.
        easter: days after Easter Sunday, None for a fixed date.
        territories: identifiers of territories, empty for everywhere.
        first_year: first year it is kept.
        last_year: last year it is kept.
        customary: kept by use; no text makes it a public holiday.
        confidence: how sure we are.
    """

    id: str
    label: Words
    month: int
    day: int
    easter: int | None
    territories: frozenset[str]
    first_year: int
    last_year: int
    customary: bool
    confidence: Confidence

    def in_year(self, year: int) -> dt.date | None:
        """Return the day it falls on, None when it is not kept that year."""
        if not self.first_year <= year <= self.last_year:
            return None
        if self.easter is None:
            return dt.date(year, self.month, self.day)
        return easter_sunday(year) + dt.timedelta(days=self.easter)


@dataclass(frozen=True, slots=True)
class HolidayCalendar:
    """The public holidays of one place; ``day in calendar`` tells whether a day is one.

    Attributes:
        territory: identifier of the territory with days of its own, empty for the rest of France.
        with_customs: days kept by use are holidays too.
    """

    territory: str = ""
    with_customs: bool = False

    def __contains__(self, day: object) -> bool:
        return isinstance(day, dt.date) and day in self.of_year(day.year)

    def name(self, day: dt.date) -> Words | None:
        """Return what is kept on a day, None on a day like another."""
        return self.of_year(day.year).get(day)

    def of_year(self, year: int) -> Mapping[dt.date, Words]:
        """Return the holidays of a year, in order.

        Raises:
            ClockError: for a year that clocks do not know.
        """
        return _of_year(self.territory, self.with_customs, year)


def holidays_of(
    department: str, *, commune: str = "", with_customs: bool = False
) -> HolidayCalendar:
    """Return the calendar of a place.

    Args:
        department: INSEE code, such as ``67`` or ``974``; unknown codes follow the common list.
        commune: INSEE code, which goes before the department where both are listed.
        with_customs: keep the days of local use too.
    """
    places = _territories()
    found = places.get(commune) or places.get(department)
    if found is None and commune:
        found = places.get(department_of_commune(commune))
    return HolidayCalendar(found or "", with_customs)


def easter_sunday(year: int) -> dt.date:
    """Return Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher)."""
    golden = year % 19
    century, in_century = divmod(year, 100)
    leaps, no_leap = divmod(century, 4)
    moon = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leaps - moon + 15) % 30
    quarter, rest = divmod(in_century, 4)
    weekday = (32 + 2 * no_leap + 2 * quarter - epact - rest) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return dt.date(year, month, day + 1)


@cache
def load_holidays() -> tuple[Holiday, ...]:
    """Return every holiday that the project knows.

    Raises:
        ReferentialError: if the document is wrong.
    """
    document = _document()
    known = frozenset(_territories().values())
    return tuple(_holiday(section, known) for section in document.content.sections("holidays"))


@cache
def _of_year(territory: str, with_customs: bool, year: int) -> Mapping[dt.date, Words]:  # noqa: FBT001 - a cache key
    check_year(year)
    kept = {
        day: holiday.label
        for holiday in load_holidays()
        if (not holiday.territories or territory in holiday.territories)
        and (with_customs or not holiday.customary)
        and (day := holiday.in_year(year)) is not None
    }
    return dict(sorted(kept.items()))


def _document() -> Document:
    return as_of(load_folder("calendars"), HOLIDAYS_ID, on=_IN_FORCE)


@cache
def _territories() -> Mapping[str, str]:
    """Return the territory of each department and commune that has days of its own."""
    return {
        code: section.text("id")
        for section in _document().content.sections("territories")
        for key in ("departments", "communes")
        if section.has(key)
        for code in section.text(key).split()
    }


def _holiday(section: Section, known: frozenset[str]) -> Holiday:
    section.only(
        "id", "label", "month", "day", "easter", "territories",
        "first_year", "last_year", "customary", "confidence",
    )  # fmt: skip
    easter = None
    if section.has("easter"):
        easter = section.integer("easter", low=-_FARTHEST_FROM_EASTER, high=_FARTHEST_FROM_EASTER)
    territories = frozenset(
        section.text("territories").split() if section.has("territories") else ()
    )
    if not territories <= known:
        raise section.error("territories", "territoire inconnu, ajoutez-le à « territories »")
    return Holiday(
        id=section.text("id"),
        label=section.words("label"),
        month=section.integer("month", low=1, high=12) if easter is None else 0,
        day=section.integer("day", low=1, high=31) if easter is None else 0,
        easter=easter,
        territories=territories,
        first_year=_year(section, "first_year", dt.MINYEAR),
        last_year=_year(section, "last_year", dt.MAXYEAR),
        customary=section.has("customary") and section.flag("customary"),
        confidence=section.choice("confidence", Confidence),
    )


def _year(section: Section, key: str, absent: int) -> int:
    return section.integer(key, low=1900, high=2200) if section.has(key) else absent
