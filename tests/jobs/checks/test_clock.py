from __future__ import annotations

import datetime as dt

import pytest

from hygie.jobs.checks.check import Status
from hygie.jobs.checks.clock import check_clock, check_zones, judge_skew

NOW = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("seconds", "status"),
    [
        (0.2, Status.GOOD),
        (-3, Status.WARNING),
        (45, Status.BROKEN),
        (-3600, Status.BROKEN),
    ],
)
def test_the_difference_with_the_database_decides(seconds: float, status: Status) -> None:
    assert judge_skew(dt.timedelta(seconds=seconds), now=NOW).status is status


def test_a_machine_that_woke_in_1970_is_told() -> None:
    found = judge_skew(dt.timedelta(0), now=dt.datetime(1970, 1, 2, tzinfo=dt.UTC))

    assert found.status is Status.BROKEN
    assert "1970" in found.detail


@pytest.mark.django_db
def test_the_clock_of_the_database_is_read() -> None:
    assert check_clock(now=dt.datetime.now(dt.UTC)).status is Status.GOOD


def test_zones_are_known_and_an_unknown_one_names_the_package() -> None:
    assert check_zones().status is Status.GOOD
    assert "tzdata" in check_zones("Lune/Mer-de-la-Tranquillité").remedy
