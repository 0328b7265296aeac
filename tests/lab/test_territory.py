from __future__ import annotations

import datetime as dt

from hygie.lab.territory import load_territory
from hygie.vocabulary.finess import is_finess

TERRITORY = load_territory()
TODAY = dt.date(2026, 11, 24)


def test_it_has_two_regions_three_ghts_eight_entities_and_fifteen_establishments() -> None:
    sizes = [
        len(part)
        for part in (
            TERRITORY.regions,
            TERRITORY.ghts,
            TERRITORY.legal_entities,
            TERRITORY.establishments,
        )
    ]

    assert sizes == [2, 3, 8, 15]


def test_every_finess_number_is_right_and_lies_in_a_department_that_does_not_exist() -> None:
    numbers = [e.finess for e in (*TERRITORY.legal_entities, *TERRITORY.establishments)]

    assert len(set(numbers)) == len(numbers)
    assert all(is_finess(number) and number.startswith("99") for number in numbers)
    assert all(e.postal_code.startswith("99") for e in TERRITORY.establishments)


def test_no_region_has_an_insee_code() -> None:
    assert not [region for region in TERRITORY.regions if region.code.isdigit()]


def test_phone_numbers_lie_in_the_ranges_kept_for_fiction() -> None:
    fiction = ("01 99 00 ", "02 61 91 ")

    assert all(e.phone.startswith(fiction) for e in TERRITORY.establishments)


def test_everything_hangs_together() -> None:
    regions = {region.code for region in TERRITORY.regions}
    entities = {entity.finess for entity in TERRITORY.legal_entities}
    ghts = {ght.code for ght in TERRITORY.ghts}

    assert {ght.region for ght in TERRITORY.ghts} <= regions
    assert {entity.region for entity in TERRITORY.legal_entities} <= regions
    assert {e.legal_entity for e in TERRITORY.establishments} == entities
    assert {m.ght for m in TERRITORY.memberships} == ghts
    assert {m.legal_entity for m in TERRITORY.memberships} <= entities
    assert len({e.slug for e in TERRITORY.establishments}) == len(TERRITORY.establishments)


def test_each_ght_has_one_support_establishment_today() -> None:
    supports = [m.ght for m in TERRITORY.memberships if m.support and m.runs_on(TODAY)]

    assert sorted(supports) == sorted(ght.code for ght in TERRITORY.ghts)


def test_no_legal_entity_is_in_two_ghts_at_once() -> None:
    for day in (dt.date(2017, 1, 1), dt.date(2022, 12, 31), dt.date(2023, 1, 1), TODAY):
        members = [m.legal_entity for m in TERRITORY.memberships if m.runs_on(day)]

        assert len(set(members)) == len(members)


def test_one_membership_has_ended_and_another_took_over_the_same_day() -> None:
    [past] = [m for m in TERRITORY.memberships if m.valid_to is not None]
    [present] = [
        m for m in TERRITORY.memberships if m.legal_entity == past.legal_entity and m.runs_on(TODAY)
    ]

    assert present.valid_from == past.valid_to
    assert present.ght != past.ght


def test_one_legal_entity_is_outside_any_ght() -> None:
    members = {m.legal_entity for m in TERRITORY.memberships}

    [outside] = [e for e in TERRITORY.legal_entities if e.finess not in members]

    assert outside.status == "private"
