from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.utils import translation

from hygie.web import moments

AT = dt.datetime(2026, 11, 27, 17, 5, tzinfo=dt.UTC)
NBSP = "\u00a0"


def test_a_time_is_said_in_the_zone_of_its_place() -> None:
    assert moments.moment(AT) == f"27 novembre 2026, 18{NBSP}h{NBSP}05"
    assert moments.moment(AT, "Indian/Reunion") == (
        f"27 novembre 2026, 21{NBSP}h{NBSP}05 (heure de La Réunion)"
    )


def test_a_deadline_says_its_weekday_and_no_idle_minutes() -> None:
    assert moments.deadline(AT.replace(minute=0)) == f"vendredi 27 novembre, 18{NBSP}h"


def test_an_unknown_zone_is_read_as_universal_time_and_said() -> None:
    assert (
        moments.moment(AT, "Mars/Olympus") == f"27 novembre 2026, 17{NBSP}h{NBSP}05 (Mars/Olympus)"
    )


def test_english_says_hours_its_own_way() -> None:
    with translation.override("en"):
        assert moments.deadline(AT).endswith("18:05")
        assert moments.percent(0.42) == "42%"


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (dt.timedelta(seconds=5), "à l’instant"),
        (dt.timedelta(minutes=1), "il y a 1 minute"),
        (dt.timedelta(hours=2), "il y a 2 heures"),
        (dt.timedelta(days=9), "il y a 9 jours"),
        (dt.timedelta(seconds=-90), "à l’instant"),
    ],
)
def test_how_long_ago_is_one_unit(before: dt.timedelta, words: str) -> None:
    with time_machine.travel(AT, tick=False):
        assert moments.ago(AT - before) == words
