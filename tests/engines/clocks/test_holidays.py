from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from tests.engines.clocks.walking import EASTERS, is_holiday

from hygie.engines.clocks.civil import ClockError
from hygie.engines.clocks.holidays import (
    HolidayCalendar,
    easter_sunday,
    holidays_of,
    load_holidays,
)
from hygie.engines.clocks.zones import load_zones, zone_of
from hygie.referentials.section import Confidence


def test_easter_is_where_calendars_print_it() -> None:
    assert {year: easter_sunday(year) for year in EASTERS} == {
        year: dt.date(year, *day) for year, day in EASTERS.items()
    }
    assert [easter_sunday(year) for year in (1818, 1886, 1943)] == [
        dt.date(1818, 3, 22),  # the earliest possible
        dt.date(1886, 4, 25),  # the latest
        dt.date(1943, 4, 25),
    ]


def test_eleven_days_are_kept_everywhere() -> None:
    assert len(HolidayCalendar().of_year(2026)) == 11
    days = (dt.date(2020, 1, 1) + dt.timedelta(days=n) for n in range(3_650))

    assert all((day in HolidayCalendar()) is is_holiday(day) for day in days)


@pytest.mark.parametrize(
    ("department", "commune", "day"),
    [
        ("67", "", "2026-04-03"),
        ("57", "57463", "2026-12-26"),
        ("971", "", "2026-05-27"),
        ("972", "", "2026-05-22"),
        ("973", "", "2026-06-10"),
        ("974", "", "2026-12-20"),
        ("976", "", "2026-04-27"),
        ("977", "", "2026-10-09"),
        ("971", "97123", "2026-10-09"),
        ("971", "97127", "2026-05-28"),
        ("", "97411", "2026-12-20"),
    ],
)
def test_a_place_keeps_its_own_days(department: str, commune: str, day: str) -> None:
    local = dt.date.fromisoformat(day)

    assert local in holidays_of(department, commune=commune)
    assert local not in holidays_of("75")
    assert dt.date(2026, 7, 14) in holidays_of(department, commune=commune)


def test_saint_martin_moved_its_day() -> None:
    place = holidays_of("978")

    assert dt.date(2017, 5, 27) in place
    assert dt.date(2018, 5, 27) not in place
    assert dt.date(2018, 5, 28) in place


def test_customs_are_kept_only_when_asked_for_and_never_said_sure() -> None:
    schoelcher = dt.date(2026, 7, 21)

    assert schoelcher not in holidays_of("972")
    assert schoelcher in holidays_of("972", with_customs=True)
    assert {one.confidence for one in load_holidays() if one.customary} == {Confidence.C}


def test_a_day_says_its_name() -> None:
    assert holidays_of("75").name(dt.date(2026, 5, 14)).fr == "Ascension"
    assert holidays_of("75").name(dt.date(2026, 5, 15)) is None
    assert "2026-05-14" not in holidays_of("75")


def test_a_year_out_of_reach_is_refused() -> None:
    with pytest.raises(ClockError):
        HolidayCalendar().of_year(1492)


@pytest.mark.parametrize(
    ("department", "commune", "zone"),
    [
        ("75", "", "Europe/Paris"),
        ("2A", "2A004", "Europe/Paris"),
        ("971", "97101", "America/Guadeloupe"),
        ("971", "97127", "America/Marigot"),
        ("975", "", "America/Miquelon"),
        ("", "98723", "Pacific/Marquesas"),
        ("987", "98719", "Pacific/Gambier"),
        ("988", "", "Pacific/Noumea"),
        ("", "", "Europe/Paris"),
    ],
)
def test_a_place_has_its_time_zone(department: str, commune: str, zone: str) -> None:
    assert zone_of(department, commune=commune) == ZoneInfo(zone)


def test_every_french_zone_is_named() -> None:
    assert len(load_zones()) == 14
    assert all(named.label.fr and named.label.en for named in load_zones())
