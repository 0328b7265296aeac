from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from hygie.engines.clocks.dates import day_en, day_fr, hour_en, hour_fr
from hygie.engines.clocks.due import due
from hygie.engines.clocks.explaining import anchor_label, anchors, explain, length_of
from hygie.engines.clocks.holidays import HolidayCalendar
from hygie.engines.clocks.pauses import Pause
from hygie.referentials.clock import Clock, Rule, Unit
from hygie.referentials.section import ReferentialError

PARIS = ZoneInfo("Europe/Paris")
EVENT = dt.datetime(2026, 1, 31, 11, 20, tzinfo=PARIS)


def told(clock: Clock, *pauses: Pause, event: dt.datetime | None = EVENT) -> str:
    found = due(clock, {clock.anchor: event}, zone=PARIS, holidays=HolidayCalendar(), pauses=pauses)
    return " ".join(step.fr for step in explain(found)).replace("\u00a0", " ")


def test_dates_are_written_as_people_write_them() -> None:
    moment = dt.datetime(2026, 5, 1, 9, 5, tzinfo=PARIS)

    assert (day_fr(moment), hour_fr(moment)) == ("vendredi 1er mai 2026", "9\u00a0h\u00a005")
    assert (day_en(moment), hour_en(moment)) == ("Friday 1 May 2026", "09:05")


def test_a_month_tells_its_event_its_length_its_move_and_its_end() -> None:
    clock = Clock("nis2_notified_at", Unit.MONTHS, 1, Rule.EU_1182_71, pauses=("stop",))
    text = told(clock, Pause("stop", EVENT, EVENT + dt.timedelta(hours=24)))

    assert "le samedi 31 janvier 2026 ; ce jour ne compte pas" in text
    assert "Délai : 1 mois, de date à date." in text
    assert "Le samedi 28 février 2026 ne suffit pas" in text
    assert "report au lundi 2 mars 2026 (règlement 1182/71, art. 3)" in text
    assert text.endswith("Au plus tard le lundi 2 mars 2026, jusqu’à minuit.")


def test_hours_tell_the_instant_and_the_tolerance() -> None:
    text = told(Clock("aware_at", Unit.HOURS, 72, Rule.EU_1182_71))

    assert "Au plus tard le mardi 3 février 2026 à 11 h 20." in text
    assert "mènerait au mardi 3 février 2026 à 12 h 00" in text


@pytest.mark.parametrize(
    ("unit", "expected"),
    [(Unit.HOURS, "Suspensions : 26 h 30 ajoutées."), (Unit.DAYS, "Suspensions : 1 jour ajouté.")],
)
def test_a_pause_is_told(unit: Unit, expected: str) -> None:
    start = EVENT + dt.timedelta(days=1)
    pause = Pause("stop", start, start + dt.timedelta(hours=26, minutes=30))

    assert expected in told(Clock("aware_at", unit, 48, pauses=("stop",)), pause)


def test_what_is_not_known_is_said() -> None:
    clock = Clock("aware_at", Unit.DAYS, 2, pauses=("stop",))

    assert "date encore inconnue" in told(clock, event=None)
    assert told(clock, Pause("stop", EVENT)).endswith("Le délai est suspendu.")
    assert "ne donne pas de durée" in told(Clock("aware_at", Unit.WITHOUT_DELAY))


def test_every_unit_has_its_words_in_both_languages() -> None:
    for unit in Unit:
        words = length_of(Clock("aware_at", unit, 1, month=2, day=29))
        assert words.fr
        assert words.en


def test_every_event_has_a_label_and_another_is_refused() -> None:
    assert all(anchor_label(name).en for name in anchors())
    with pytest.raises(ReferentialError, match=r"anchors\.yaml"):
        anchor_label("doomsday")
