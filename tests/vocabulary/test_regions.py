from __future__ import annotations

import pytest

from hygie.vocabulary.regions import REGIONS, department_of_commune, region_of_department


def test_there_are_18_regions_each_with_its_ars() -> None:
    assert len(REGIONS) == 18
    assert REGIONS["53"].ars_name == "ARS Bretagne"


def test_every_department_belongs_to_one_region() -> None:
    departments = [code for region in REGIONS.values() for code in region.departments]

    assert len(departments) == len(set(departments)) == 101 + 2
    mainland = {f"{number:02}" for number in range(1, 96)} - {"20"}
    assert mainland <= set(departments)


@pytest.mark.parametrize(
    ("department", "code"), [("01", "84"), ("2A", "94"), ("974", "04"), ("986", ""), ("", "")]
)
def test_a_department_gives_its_region(department: str, code: str) -> None:
    assert region_of_department(department) == code


@pytest.mark.parametrize(
    ("commune", "department"),
    [("01451", "01"), ("2A004", "2A"), ("97411", "974"), ("98613", "986")],
)
def test_a_commune_gives_its_department(commune: str, department: str) -> None:
    assert department_of_commune(commune) == department
