from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from hygie.engines.clocks.due import due
from hygie.engines.clocks.holidays import holidays_of
from hygie.engines.clocks.regimes import (
    Concern,
    Duty,
    duties_for,
    facts_as_of,
    read_regime,
    regimes_as_of,
)
from hygie.referentials.clock import Unit
from hygie.referentials.reading import load_folder, parse_document
from hygie.referentials.section import ReferentialError

TODAY = dt.date(2026, 11, 24)
PARIS = ZoneInfo("Europe/Paris")

# A ransomware in a hospital that is an operator of essential services, all questions answered.
RANSOMWARE = {
    "structure_kind": "health",
    "care_safety_affected": True,
    "health_data_affected": True,
    "operation_disrupted": True,
    "care_organisation_affected": False,
    "may_spread": False,
    "malicious": True,
    "loss_suspected": True,
    "is_ose": True,
    "sie_affected": True,
    "essential_service_impact": True,
    "is_oiv": False,
    "siiv_affected": False,
    "nis2_entity": "essential",
    "nis2_important_incident": True,
    "personal_data_breach": True,
    "risk_to_persons": True,
    "high_risk_to_persons": False,
    "processes_for_others": False,
    "is_hds_host": False,
    "hosted_data_affected": False,
    "device_involved": False,
    "device_serious_risk": False,
    "cyber_insured": True,
    "serious_adverse_event": False,
}


def names(duties: list[Duty]) -> set[str]:
    return {f"{duty.regime.id.removeprefix('regime.')}/{duty.step.id}" for duty in duties}


def test_one_incident_calls_for_several_regimes_side_by_side() -> None:
    duties = duties_for(RANSOMWARE, on=TODAY)

    assert names([duty for duty in duties if duty.in_force]) == {
        "csp/declaration",
        "ose/declaration",
        "ose/complements",
        "rgpd/notification",
        "complaint/complaint",
    }
    assert {duty.concern for duty in duties} == {Concern.OWED}
    assert all(duty.reasons and not duty.missing for duty in duties)


def test_nis2_is_prepared_until_someone_gives_its_date() -> None:
    nis2 = {"nis2/early-warning", "nis2/notification", "nis2/final-report"}
    law = {"regime.nis2": dt.date(2026, 12, 1)}

    def bound(on: dt.date, **options: dict[str, dt.date | None]) -> set[str]:
        return nis2 & names(
            [one for one in duties_for(RANSOMWARE, on=on, **options) if one.in_force]
        )

    assert bound(TODAY) == set()
    assert bound(TODAY, in_force=law) == set()
    assert bound(dt.date(2026, 12, 1), in_force=law) == nis2
    assert nis2 <= names(duties_for(RANSOMWARE, on=TODAY))


def test_a_regime_in_force_can_be_switched_off() -> None:
    duties = duties_for(RANSOMWARE, on=TODAY, in_force={"regime.ose": None})

    assert [one.in_force for one in duties if one.regime.id == "regime.ose"] == [False, False]


def test_what_is_not_known_is_to_check_and_says_what_to_ask() -> None:
    duties = duties_for({"is_ose": True, "sie_affected": True}, on=TODAY)
    [ose, _] = [duty for duty in duties if duty.regime.id == "regime.ose"]

    assert ose.concern is Concern.TO_CHECK
    assert [fact.id for fact in ose.missing] == ["essential_service_impact"]
    assert ose.reasons[0].fr == "la structure est opérateur de services essentiels"


def test_one_no_is_enough_to_drop_a_regime() -> None:
    assert "rgpd/notification" not in names(duties_for({"risk_to_persons": False}, on=TODAY))


def test_an_incident_before_a_regime_existed_owes_it_nothing() -> None:
    in_2019 = names(duties_for(RANSOMWARE, on=dt.date(2019, 11, 15)))

    assert "complaint/complaint" not in in_2019
    assert "rgpd/notification" in in_2019


def test_what_is_not_confirmed_stays_marked() -> None:
    every = duties_for({}, on=TODAY)
    confirmed = {duty.regime.id: duty.confirmed for duty in every}

    assert confirmed["regime.hds"] is False
    assert confirmed["regime.rgpd-processor"] is False
    assert confirmed["regime.rgpd"] is True


def test_the_dates_of_a_night_in_guadeloupe() -> None:
    """Known on Saturday 31 January 2026 at 22:15 there: 02:15 UTC on 1 February."""
    zone = ZoneInfo("America/Guadeloupe")
    known = dt.datetime(2026, 1, 31, 22, 15, tzinfo=zone)
    anchors = {"aware_at": known, "nis2_notified_at": known, "eigs_declared_at": known}
    holidays = holidays_of("971")
    ends = {
        f"{duty.regime.id}/{duty.step.id}": due(
            duty.step.clock, anchors, zone=zone, holidays=holidays
        ).at
        for duty in duties_for({}, on=TODAY)
    }

    assert ends["regime.csp/declaration"] == known
    # Three times 24 hours, the week-end included.
    assert ends["regime.rgpd/notification"] == dt.datetime(2026, 2, 4, 2, 15, tzinfo=dt.UTC)
    assert ends["regime.complaint/complaint"] == ends["regime.rgpd/notification"]
    assert ends["regime.nis2/early-warning"] == dt.datetime(2026, 2, 2, 2, 15, tzinfo=dt.UTC)
    # 28 February is a Saturday: Monday 2 March, to midnight there (04:00 UTC).
    assert ends["regime.nis2/final-report"] == dt.datetime(2026, 3, 3, 3, 59, 59, tzinfo=dt.UTC)
    # Three months: 30 April, to midnight there.
    assert ends["regime.eigs/part-2"] == dt.datetime(2026, 5, 1, 3, 59, 59, tzinfo=dt.UTC)


def test_every_regime_is_complete_in_both_languages() -> None:
    for regime in regimes_as_of(TODAY):
        words = [regime.label, regime.declarant, regime.recipient.label]
        words += [step.label for step in regime.steps]
        assert all(text.fr and text.en for text in words)
        assert len({step.id for step in regime.steps}) == len(regime.steps)
    assert len(regimes_as_of(TODAY)) == 11


def test_every_question_serves_a_regime() -> None:
    asked = {fact.id for duty in duties_for({}, on=TODAY) for fact in duty.missing}

    assert asked == set(facts_as_of(TODAY)) == set(RANSOMWARE)


def test_only_without_delay_has_no_figure() -> None:
    steps = [step for regime in regimes_as_of(TODAY) for step in regime.steps]

    assert {step.clock.unit for step in steps} == {Unit.WITHOUT_DELAY, Unit.HOURS, Unit.MONTHS}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("fact: risk_to_persons", "fact: weather"),
        ("anchor: aware_at", "anchor: doomsday"),
        ("steps:", "etapes:"),
    ],
)
def test_a_regime_that_makes_no_sense_is_refused(old: str, new: str) -> None:
    [document] = [one for one in load_folder("regimes") if one.id == "regime.rgpd"]
    text = (
        "id: regime.rgpd\nversion: x\nvalid_from: 2018-05-25\nvalid_to: null\ntitle: T\n"
        "authored: A\nsource: {title: S, url: '', confidence: A}\nin_force_from: null\n"
        "label: {fr: a, en: a}\ndeclarant: {fr: a, en: a}\n"
        "recipient: {id: a, label: {fr: a, en: a}}\nwhen: [{fact: risk_to_persons}]\n"
        "steps:\n- {id: s, label: {fr: a, en: a}, clock: {anchor: aware_at, unit: without_delay},"
        " source: {title: S, url: '', confidence: A}}\n"
    )
    facts = facts_as_of(TODAY)

    assert (
        read_regime(parse_document(text.encode(), name="essai.yaml"), facts).in_force_from is None
    )
    assert read_regime(document, facts).steps[0].clock.amount == 72
    with pytest.raises(ReferentialError):
        read_regime(parse_document(text.replace(old, new).encode(), name="essai.yaml"), facts)
