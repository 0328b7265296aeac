from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygie.domain.estate.mandates import Line, Permission, allowing, covers, is_open, standing

PARIS_MORNING = dt.datetime(2026, 3, 4, 9, 0, tzinfo=dt.UTC)  # Wednesday, 10:00 in Paris

PERMISSION = Permission(
    valid_from=dt.date(2026, 1, 1),
    valid_to=dt.date(2027, 1, 1),
    days="1234567",
    from_hour=0,
    to_hour=24,
    revoked_at=None,
    time_zone="Europe/Paris",
    lines=(
        Line("domain", "ch-essai.example"),
        Line("host", "vpn.partage.example"),
        Line("network", "198.51.100.0/28"),
    ),
)


@pytest.mark.parametrize(
    ("host", "covered"),
    [
        ("ch-essai.example", True),
        ("WWW.ch-essai.example.", True),
        ("autre-ch-essai.example", False),
        ("ch-essai.example.pirate.example", False),
        ("vpn.partage.example", True),
        ("www.partage.example", False),
        ("198.51.100.3", True),
        ("198.51.100.16", False),
        ("", False),
    ],
)
def test_a_perimeter_covers_what_it_names_and_nothing_else(host: str, covered: bool) -> None:  # noqa: FBT001 - a table
    assert covers(PERMISSION, host) is covered


def test_a_name_outside_is_covered_by_the_network_it_resolves_into() -> None:
    assert covers(PERMISSION, "inconnu.example", "198.51.100.4")
    assert not covers(PERMISSION, "inconnu.example", "203.0.113.4")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "valid"),
        ({"valid_from": dt.date(2026, 3, 5)}, "future"),
        ({"valid_to": dt.date(2026, 3, 4)}, "expired"),
        ({"revoked_at": PARIS_MORNING}, "revoked"),
        ({"revoked_at": PARIS_MORNING + dt.timedelta(seconds=1)}, "valid"),
    ],
)
def test_a_mandate_stands_or_not(change: dict[str, object], expected: str) -> None:
    assert standing(replace(PERMISSION, **change), PARIS_MORNING) == expected  # type: ignore[arg-type]


def test_dates_are_those_of_the_establishment() -> None:
    reunion = replace(PERMISSION, time_zone="Indian/Reunion", valid_to=dt.date(2026, 3, 5))
    evening = dt.datetime(2026, 3, 4, 20, 30, tzinfo=dt.UTC)  # already the 5th in Réunion

    assert standing(reunion, evening) == "expired"
    assert standing(replace(reunion, time_zone="Europe/Paris"), evening) == "valid"


@pytest.mark.parametrize(
    ("hour", "expected"), [(7, False), (8, True), (17, True), (18, False)], ids=str
)
def test_a_window_opens_and_closes_on_the_hour(hour: int, *, expected: bool) -> None:
    permission = replace(PERMISSION, from_hour=8, to_hour=18)
    at = dt.datetime(2026, 3, 4, hour - 1, tzinfo=dt.UTC)

    assert is_open(permission, at) is expected


def test_a_window_may_leave_out_days() -> None:
    assert not is_open(replace(PERMISSION, days="67"), PARIS_MORNING)


def test_no_permission_allows_nothing() -> None:
    assert allowing([], "ch-essai.example", PARIS_MORNING) is None


@given(st.text(max_size=60), st.text(max_size=20) | st.none())
def test_any_text_is_answered(host: str, address: str | None) -> None:
    assert covers(PERMISSION, host, address) in (True, False)
