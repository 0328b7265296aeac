from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygie.engines.clocks.explaining import anchor_label, anchors
from hygie.engines.clocks.regimes import regimes_as_of
from hygie.referentials.catalogue import Catalogue, Per, Standing, TimerKind
from hygie.referentials.catalogues import (
    catalogue_as_of,
    catalogues_as_of,
    load_catalogues,
    read_catalogue,
)
from hygie.referentials.clock import Unit
from hygie.referentials.reading import parse_document
from hygie.referentials.section import Confidence, ReferentialError

TODAY = dt.date(2026, 11, 24)


def catalogue(name: str) -> Catalogue:
    return catalogue_as_of(f"catalogue.{name}", on=TODAY)


def test_the_catalogues_in_force_today() -> None:
    assert [one.id.removeprefix("catalogue.") for one in catalogues_as_of(TODAY)] == [
        "care-d1", "care-d2", "hds", "hospiconnect", "hygiene", "ministry-2025",
        "nis2-registration", "oiv", "ose", "ose-designation", "pgssi-s", "recyf",
    ]  # fmt: skip


def test_a_catalogue_that_is_not_whole_says_so() -> None:
    whole = {one.id for one in catalogues_as_of(TODAY) if one.complete}

    assert whole == {f"catalogue.{name}" for name in ("care-d2", "hygiene", "ose", "recyf")}
    assert catalogue("hds").announced == 31


def test_what_is_only_prepared_or_advised_binds_nobody() -> None:
    standing = {one.id.removeprefix("catalogue."): one.standing for one in catalogues_as_of(TODAY)}

    assert standing["ose"] is Standing.LAW
    assert standing["recyf"] is standing["nis2-registration"] is Standing.PREPARED
    assert standing["hygiene"] is Standing.GUIDE
    assert standing["care-d2"] is Standing.CALL


def test_the_23_rules_have_their_six_indicators_and_their_delays() -> None:
    ose = catalogue("ose")
    delays = [timer for timer in ose.timers if timer.id.startswith("apply-rule")]

    assert [one.id for one in ose.requirements] == [str(n) for n in range(1, 24)]
    assert all(one.evidence for one in ose.requirements)
    assert [one.id for one in ose.indicators] == [
        "MCS-1", "MCS-2", "ACC-1", "ACC-2", "ADM-1", "ADM-2",
    ]  # fmt: skip
    assert [timer.requirement for timer in delays] == [str(n) for n in range(1, 24)]


def test_delays_that_nobody_read_are_never_shown_as_confirmed() -> None:
    delays = [one for one in catalogue("ose").timers if one.id.startswith("apply-rule")]
    contact = [one for one in catalogue("ose-designation").timers if one.id == "contact-point"]

    assert {one.source.confidence for one in delays + contact} == {Confidence.C}
    assert all("confirmer" in one.label.fr for one in delays + contact)


def test_the_delays_stay_in_the_range_that_is_sourced() -> None:
    """Three months to three years from the designation."""
    months = {Unit.MONTHS: 1, Unit.YEARS: 12}
    lengths = {
        one.clock.amount * months[one.clock.unit]
        for one in catalogue("ose").timers
        if one.id.startswith("apply-rule")
    }

    assert (min(lengths), max(lengths)) == (3, 36)


def test_recyf_counts_its_measures_as_the_text_does() -> None:
    recyf = catalogue("recyf")

    assert sum(one.measures.get("EI", 0) for one in recyf.requirements) == 76
    assert sum(one.measures["EE"] for one in recyf.requirements) == 152
    assert [one.id for one in recyf.requirements if "EI" not in one.levels] == [
        "16", "17", "18", "19", "20",
    ]  # fmt: skip


def test_the_hygiene_guide_has_42_measures_in_ten_chapters_and_two_levels() -> None:
    guide = catalogue("hygiene")
    reinforced_only = [one.id for one in guide.requirements if one.levels == ("renforcé",)]

    assert (len(guide.requirements), len(guide.chapters)) == (42, 10)
    assert reinforced_only == ["38", "41", "42"]
    assert sum(len(one.levels) == 2 for one in guide.requirements) == 19


def test_every_requirement_belongs_to_a_chapter_and_speaks_both_languages() -> None:
    for one in load_catalogues():
        chapters = {chapter.id for chapter in one.chapters}
        assert all(requirement.chapter in chapters for requirement in one.requirements)
        words = [one.name, *(requirement.meaning for requirement in one.requirements)]
        words += [proof for requirement in one.requirements for proof in requirement.evidence]
        words += [timer.label for timer in one.timers]
        assert all(text.fr.strip() and text.en.strip() for text in words)


def test_french_punctuation_never_begins_a_line() -> None:
    for one in load_catalogues():
        for requirement in one.requirements:
            text = requirement.meaning.fr + requirement.title
            assert not any(f" {mark}" in text for mark in ":;?!%»")
            assert "'" not in text


def test_every_event_that_is_declared_serves_and_every_one_used_is_declared() -> None:
    used = {timer.clock.anchor for one in load_catalogues() for timer in one.timers}
    used |= {step.clock.anchor for regime in regimes_as_of(TODAY) for step in regime.steps}

    assert all(anchor_label(name) for name in used)
    assert used == set(anchors())


def test_a_timer_says_what_its_date_means() -> None:
    kinds = {timer.id: timer.kind for timer in catalogue("ose").timers}

    assert kinds["keep-log"] is TimerKind.KEEP_UNTIL
    assert kinds["homologation-renewal"] is TimerKind.DEADLINE
    assert {timer.per for timer in catalogue("ose").timers} == set(Per)


def test_a_requirement_is_found_by_its_number() -> None:
    assert catalogue("ose").requirement("23").title == "Gestion de crises"
    with pytest.raises(ReferentialError, match="24"):
        catalogue("ose").requirement("24")


def test_a_catalogue_applies_from_its_first_day() -> None:
    with pytest.raises(ReferentialError, match="16/03/2026"):
        catalogue_as_of("catalogue.recyf", on=dt.date(2026, 3, 16))
    assert catalogue_as_of("catalogue.recyf", on=dt.date(2026, 3, 17)).applies(TODAY)


WORDS = "{fr: a, en: b}"
SOURCE = '{title: S, url: "", confidence: B}'
OWN = f"""
id: catalogue.region
version: "1"
valid_from: 2026-01-01
valid_to: null
title: "Référentiel d’une région"
authored: "ARS inventée"
source: {SOURCE}
name: {WORDS}
standing: guide
complete: true
announced: 1
chapters:
  - {{id: c, title: C, title_en: C}}
  - {{id: d, title: D, title_en: D, parent: c}}
requirements:
  - {{id: "1", chapter: d, title: T, title_en: T, meaning: {WORDS}, confidence: C}}
timers:
  - id: t
    label: {WORDS}
    requirement: "1"
    per: sie
    clock: {{anchor: designated_on, unit: days, amount: 3}}
    source: {SOURCE}
indicators:
  - {{id: i, requirement: "1", label: {WORDS}, numerator: {WORDS}, denominator: {WORDS}}}
"""


def read(text: str) -> Catalogue:
    return read_catalogue(parse_document(text.encode(), name="essai.yaml"))


def test_a_region_writes_its_own_catalogue() -> None:
    own = read(OWN)

    assert own.requirements[0].confidence is Confidence.C
    assert (own.timers[0].requirement, own.chapters[1].parent) == ("1", "c")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("chapter: d", "chapter: z", id="unknown chapter"),
        pytest.param("parent: c", "parent: z", id="unknown parent"),
        pytest.param("id: d, title", "id: c, title", id="a chapter twice"),
        pytest.param('    requirement: "1"', '    requirement: "2"', id="a timer of nothing"),
        pytest.param('i, requirement: "1"', 'i, requirement: "2"', id="an indicator of none"),
        pytest.param("standing: guide", "standing: rumour", id="unknown standing"),
        pytest.param("announced: 1", "announced: 2", id="not as many as announced"),
        pytest.param("per: sie", "per: nobody", id="unknown subject"),
        pytest.param("indicators:", "indices:", id="unknown key"),
        pytest.param("name: {fr: a, en: b}", "name: {fr: a}", id="one language only"),
    ],
)  # fmt: skip
def test_a_catalogue_that_contradicts_itself_is_refused(old: str, new: str) -> None:
    assert old in OWN
    with pytest.raises(ReferentialError, match=r"essai\.yaml"):
        read(OWN.replace(old, new))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_catalogue_is_read_or_refused(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(OWN)))
    end = data.draw(st.integers(start, min(len(OWN), start + 12)))
    damaged = OWN[:start] + data.draw(st.text("abc{}[]:,-1 \n", max_size=6)) + OWN[end:]
    try:
        read(damaged)
    except ReferentialError as error:
        assert "\n" not in str(error)  # noqa: PT017 - either outcome is right
