"""Say how a due time was found, step by step, in French and in English."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import TYPE_CHECKING, Final

from hygie.engines.clocks.civil import local_day
from hygie.engines.clocks.dates import (
    day_en,
    day_fr,
    hour_en,
    hour_fr,
    month_day_en,
    month_day_fr,
)
from hygie.referentials.clock import Rule, Unit
from hygie.referentials.reading import as_of, load_folder
from hygie.referentials.section import ReferentialError, Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygie.engines.clocks.due import Due
    from hygie.referentials.clock import Clock

ANCHORS_ID: Final = "calendars.anchors"
_IN_FORCE: Final = dt.date(2026, 1, 1)
_HOUR_S: Final = 3_600

_UNITS: Final[Mapping[Unit, tuple[str, str, str, str]]] = {
    Unit.HOURS: ("heure", "heures", "hour", "hours"),
    Unit.DAYS: ("jour", "jours", "day", "days"),
    Unit.WORKING_DAYS: ("jour ouvré", "jours ouvrés", "working day", "working days"),
    Unit.MONTHS: ("mois", "mois", "month", "months"),
    Unit.YEARS: ("an", "ans", "year", "years"),
}


def explain(due: Due) -> tuple[Words, ...]:
    """Return the steps from the event to the due time, one sentence each.

    Raises:
        ReferentialError: if the event of the clock has no label.
    """
    steps = [_event(due), length_of(due.clock)]
    if due.anchor_at is None:
        return tuple(steps)
    if due.at is None:
        return (*steps, Words("Le délai est suspendu.", "The period is suspended."))
    if due.clock.unit is Unit.WITHOUT_DELAY:
        return tuple(steps)
    ending = (_pause(due), _roll(due, due.at), _end(due, due.at), _tolerance(due))
    return (*steps, *(step for step in ending if step))


def length_of(clock: Clock) -> Words:
    """Return how long a clock runs, as a sentence."""
    match clock.unit:
        case Unit.WITHOUT_DELAY:
            return Words(
                "Sans délai : le texte ne donne pas de durée.",
                "Without delay: the text gives no figure.",
            )
        case Unit.CALENDAR_DAY:
            name = dt.date(2024, clock.month, clock.day)
            return Words(
                f"À date fixe : le {month_day_fr(name)}.", f"On a fixed day: {month_day_en(name)}."
            )
    fr, frs, en, ens = _UNITS[clock.unit]
    one = clock.amount == 1
    how_fr, how_en = _how(clock)
    return Words(
        f"Délai : {clock.amount} {fr if one else frs}{how_fr}.",
        f"Period: {clock.amount} {en if one else ens}{how_en}.",
    )


def anchor_label(name: str) -> Words:
    """Return what an event is called.

    Raises:
        ReferentialError: if ``calendars/anchors.yaml`` does not declare it.
    """
    try:
        return anchors()[name]
    except KeyError as error:
        raise ReferentialError(
            f"événement « {name} » inconnu, déclarez-le dans calendars/anchors.yaml"
        ) from error


@cache
def anchors() -> Mapping[str, Words]:
    """Return every event from which a clock may run, with its label."""
    document = as_of(load_folder("calendars"), ANCHORS_ID, on=_IN_FORCE)
    return {
        section.text("id"): section.words("label")
        for section in document.content.sections("anchors")
    }


def _event(due: Due) -> Words:
    label = anchor_label(due.clock.anchor)
    if due.anchor_at is None:
        return Words(
            f"À partir de : {label.fr} (date encore inconnue).",
            f"From: {label.en} (not known yet).",
        )
    wall = due.anchor_at.astimezone(due.zone)
    if due.clock.unit in {Unit.HOURS, Unit.WITHOUT_DELAY}:
        return Words(
            f"À partir de : {label.fr}, le {day_fr(wall)} à {hour_fr(wall)}.",
            f"From: {label.en}, on {day_en(wall)} at {hour_en(wall)}.",
        )
    return Words(
        f"À partir de : {label.fr}, le {day_fr(wall)} ; ce jour ne compte pas.",
        f"From: {label.en}, on {day_en(wall)}; that day does not count.",
    )


def _how(clock: Clock) -> tuple[str, str]:
    if clock.unit is Unit.HOURS:
        return ", comptées jour et nuit, week-ends et jours fériés compris", (
            ", day and night, week-ends and holidays included"
        )
    if clock.unit is Unit.MONTHS or clock.unit is Unit.YEARS:
        return ", de date à date", ", from date to date"
    return "", ""


def _pause(due: Due) -> Words | None:
    if not due.paused:
        return None
    if due.clock.unit is not Unit.HOURS:
        days = due.paused.days
        return Words(
            f"Suspensions : {days} {'jour ajouté' if days == 1 else 'jours ajoutés'}.",
            f"Pauses: {days} {'day' if days == 1 else 'days'} added.",
        )
    hours, rest = divmod(int(due.paused.total_seconds()), _HOUR_S)
    length = f"{hours} h {rest // 60:02d}"
    return Words(f"Suspensions : {length} ajoutées.", f"Pauses: {length} added.")


def _roll(due: Due, at: dt.datetime) -> Words | None:
    if due.rolled_from is None:
        return None
    new, old = local_day(at, due.zone), due.rolled_from
    rule = {Rule.EU_1182_71: "règlement 1182/71, art. 3"}.get(
        due.clock.rule, "code de procédure civile, art. 642"
    )
    return Words(
        f"Le {day_fr(old)} ne suffit pas (jour non ouvré, ou moins de deux jours ouvrés dans le "
        f"délai) : report au {day_fr(new)} ({rule}).",
        f"{day_en(old)} will not do (not a working day, or fewer than two working days in the "
        f"period): moved to {day_en(new)} ({rule}).",
    )


def _end(due: Due, at: dt.datetime) -> Words:
    wall = at.astimezone(due.zone)
    if due.clock.unit is Unit.HOURS:
        return Words(
            f"Au plus tard le {day_fr(wall)} à {hour_fr(wall)}.",
            f"At the latest on {day_en(wall)} at {hour_en(wall)}.",
        )
    return Words(
        f"Au plus tard le {day_fr(wall)}, jusqu’à minuit.",
        f"At the latest on {day_en(wall)}, until midnight.",
    )


def _tolerance(due: Due) -> Words | None:
    if due.tolerated_until is None:
        return None
    wall = due.tolerated_until.astimezone(due.zone)
    return Words(
        "Le règlement 1182/71 (art. 3) ne compte pas l’heure entamée et mènerait au "
        f"{day_fr(wall)} à {hour_fr(wall)} ; Hygie retient l’instant le plus proche.",
        "Regulation 1182/71 (art. 3) does not count the hour begun and would lead to "
        f"{day_en(wall)} at {hour_en(wall)}; Hygie keeps the earlier instant.",
    )
