"""Due dates worked out by hand from the texts, month ends and leap years included.

The day of the event does not count; a month runs from a date to the same date, or to the last day
of a month that has no such date; the last day counts whole; no text of these moves it.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from hygie.engines.clocks.due import due
from hygie.engines.clocks.holidays import HolidayCalendar
from hygie.referentials.catalogue import Timer
from hygie.referentials.catalogues import load_catalogues

PARIS = ZoneInfo("Europe/Paris")
TIMERS = {
    (catalogue.id.removeprefix("catalogue."), timer.id): timer
    for catalogue in load_catalogues()
    for timer in catalogue.timers
}

CASES = [
    # SIE list: three months from the designation (décret 2018-384, art. 8).
    # 1 June → 1 July → 1 August → 1 September.
    ("ose-designation", "sie-list", "2021-06-01", "2021-09-01"),
    # 30 November → 30 December → 30 January → February 2022 has 28 days.
    ("ose-designation", "sie-list", "2021-11-30", "2022-02-28"),
    # The same in a leap year: February 2024 has 29 days.
    ("ose-designation", "sie-list", "2023-11-30", "2024-02-29"),
    # 29 November → 29 February exists in 2024.
    ("ose-designation", "sie-list", "2023-11-29", "2024-02-29"),
    # 31 December → March has 31 days, February in between does not matter.
    ("ose-designation", "sie-list", "2025-12-31", "2026-03-31"),
    # 31 August → November has 30 days.
    ("ose-designation", "sie-list", "2026-08-31", "2026-11-30"),
    # 31 January → April has 30 days.
    ("ose-designation", "sie-list", "2026-01-31", "2026-04-30"),
    # 1 October → 1 January, a holiday: the decree moves nothing, hence it stays.
    ("ose-designation", "sie-list", "2026-10-01", "2027-01-01"),
    # 28 February 2023 is its month's last day, yet the date is the 28th: 28 May.
    ("ose-designation", "sie-list", "2023-02-28", "2023-05-28"),
    # Yearly update: one year from the last sending (art. 8).
    ("ose-designation", "sie-update", "2021-09-01", "2022-09-01"),
    # 29 February 2024 → 2025 has none: 28 February.
    ("ose-designation", "sie-update", "2024-02-29", "2025-02-28"),
    # 28 February 2023 → 28 February 2024, not the 29th: same date.
    ("ose-designation", "sie-update", "2023-02-28", "2024-02-28"),
    # 16 August 2026 is a Sunday: it stays.
    ("ose-designation", "sie-update", "2025-08-16", "2026-08-16"),
    # Answer to ANSSI's observations: two months from receiving them (art. 9).
    # 31 December → 31 January → February 2022 ends on the 28th.
    ("ose-designation", "observations", "2021-12-31", "2022-02-28"),
    ("ose-designation", "observations", "2023-12-31", "2024-02-29"),
    # 30 April → 30 June; 31 July → September has 30 days; 15 December → 15 February.
    ("ose-designation", "observations", "2026-04-30", "2026-06-30"),
    ("ose-designation", "observations", "2026-07-31", "2026-09-30"),
    ("ose-designation", "observations", "2026-12-15", "2027-02-15"),
    # Contact point: two months (unconfirmed).
    ("ose-designation", "contact-point", "2021-06-01", "2021-08-01"),
    # 30 December → 30 January → February 2025 ends on the 28th.
    ("ose-designation", "contact-point", "2024-12-30", "2025-02-28"),
    # One control a calendar year (art. 13): the next is possible on 1 January after it,
    # be it ten months or one day later; a control on 1 January uses up its whole year.
    ("ose-designation", "next-control", "2026-03-10", "2027-01-01"),
    ("ose-designation", "next-control", "2026-12-31", "2027-01-01"),
    ("ose-designation", "next-control", "2027-01-01", "2028-01-01"),
    # Hearing of the provider: two months from the report (art. 15). 30 June → 30 August.
    ("ose-designation", "provider-hearing", "2026-06-30", "2026-08-30"),
    # Homologation: three years at most (rule 3).
    ("ose", "homologation-renewal", "2021-06-01", "2024-06-01"),
    # 29 February 2024 + 3 years: 2027 is common. 28 February 2021 + 3: 2024 is leap, same date.
    ("ose", "homologation-renewal", "2024-02-29", "2027-02-28"),
    ("ose", "homologation-renewal", "2021-02-28", "2024-02-28"),
    # Report to management, yearly (rule 2).
    ("ose", "report-to-management", "2025-12-31", "2026-12-31"),
    ("ose", "report-to-management", "2024-02-29", "2025-02-28"),
    # Rights review, yearly (rule 15); over the 29 February of 2028 the date stays.
    ("ose", "rights-review", "2026-03-31", "2027-03-31"),
    ("ose", "rights-review", "2027-03-01", "2028-03-01"),
    # Six indicators (rule 4), yearly as Hygie advises.
    ("ose", "indicators", "2026-01-15", "2027-01-15"),
    ("ose", "indicators", "2028-02-29", "2029-02-28"),
    # Logs kept six months (rule 19): 31 August → February 2027 ends on the 28th, 2028 on the 29th.
    ("ose", "keep-log", "2026-08-31", "2027-02-28"),
    ("ose", "keep-detection", "2027-08-31", "2028-02-29"),
    ("ose", "keep-incident", "2026-03-30", "2026-09-30"),
    # A deleted filter rule is remembered one year (rule 10).
    ("ose", "keep-deleted-filter-rule", "2024-02-29", "2025-02-28"),
    # Delays of annex II (unconfirmed): rule 22 three months, rule 3 three years, rule 1 two.
    ("ose", "apply-rule-22", "2021-06-01", "2021-09-01"),
    ("ose", "apply-rule-03", "2021-06-01", "2024-06-01"),
    ("ose", "apply-rule-01", "2024-02-29", "2026-02-28"),
    # ReCyF: restore test yearly (13.2), risk analysis every three years (16.4).
    ("recyf", "restore-test", "2024-02-29", "2025-02-28"),
    ("recyf", "risk-analysis", "2025-02-28", "2028-02-28"),
    # Monitoring data three months (20.5): 30 November → February 2027.
    ("recyf", "keep-monitoring-data", "2026-11-30", "2027-02-28"),
    # Seven days (10.A.5): 27, 28, 29 February, 1, 2, 3, 4 March 2028.
    ("recyf", "disable-unused-account", "2028-02-26", "2028-03-04"),
    # CaRE D1.O2.B, 45 days: 11 to the end of January, 28 in February (39), 6 in March.
    ("care-d1", "second-audit-from", "2026-01-20", "2026-03-06"),
    # 60 days: 11 + 28 + 21; in 2024, 11 + 29 + 20.
    ("care-d1", "second-audit", "2026-01-20", "2026-03-21"),
    ("care-d1", "second-audit", "2024-01-20", "2024-03-20"),
    # NIS 2 registration (prepared, unconfirmed): 14 days from 18 December is 1 January, a holiday;
    # 2 and 3 January 2027 are a week-end: règlement 1182/71 leads to Monday 4.
    ("nis2-registration", "registration-change", "2026-12-18", "2027-01-04"),
    # SIIV list: three months. 1 July → 1 October, a Sunday: it stays.
    ("oiv", "siiv-list", "2023-07-01", "2023-10-01"),
    # Yearly crisis exercise.
    ("ministry-2025", "yearly-exercise", "2025-05-15", "2026-05-15"),
]


def test_there_are_forty_cases_and_no_two_alike() -> None:
    assert len(set(CASES)) == len(CASES) >= 40


@pytest.mark.parametrize(("catalogue", "timer", "event", "expected"), CASES)
@pytest.mark.parametrize("zone", ["Europe/Paris", "Indian/Reunion", "America/Cayenne"])
def test_a_duty_falls_due_as_worked_by_hand(
    catalogue: str, timer: str, event: str, expected: str, zone: str
) -> None:
    place = ZoneInfo(zone)
    clock = TIMERS[catalogue, timer].clock
    date = dt.date.fromisoformat(event)
    at = due(clock, {clock.anchor: date}, zone=place, holidays=HolidayCalendar()).at

    assert at is not None
    assert f"{at.astimezone(place):%Y-%m-%d %H:%M:%S}" == f"{expected} 23:59:59"


@pytest.mark.parametrize("second", ["00:00:00", "23:59:59"])
def test_the_hour_of_the_event_changes_nothing(second: str) -> None:
    clock = TIMERS["ose-designation", "sie-list"].clock
    event = dt.datetime.fromisoformat(f"2023-11-30T{second}").replace(tzinfo=PARIS)

    at = due(clock, {clock.anchor: event}, zone=PARIS).at

    assert at == dt.datetime(2024, 2, 29, 23, 59, 59, tzinfo=PARIS)


def test_every_timer_of_the_designation_is_worked_once_at_least() -> None:
    worked = {(catalogue, timer) for catalogue, timer, _, _ in CASES}
    designation = {key for key in TIMERS if key[0] == "ose-designation"}

    assert designation <= worked
    assert all(isinstance(TIMERS[key], Timer) for key in worked)
