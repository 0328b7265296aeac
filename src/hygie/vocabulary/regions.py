"""The 18 regions, the ARS of each, and the departments they hold.

Codes are INSEE's (code officiel géographique 2024). Since 2020 Mayotte and La Réunion have
one ARS each. Saint-Barthélemy (977) and Saint-Martin (978) belong to the ARS of Guadeloupe;
Saint-Pierre-et-Miquelon (975) and the Pacific territories (986 to 988) to no ARS.

Sources: https://www.insee.fr/fr/information/7766585 (regions and departments), CSP L.1431-1
and L.1443-1 and following (ARS overseas), reference/DOMAIN.md § 7.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Region:
    """A region.

    Attributes:
        code: INSEE code, two digits.
        name: official name.
        ars_name: name of its regional health agency.
        departments: INSEE codes, two characters, three overseas.
    """

    code: str
    name: str
    ars_name: str
    departments: tuple[str, ...]


def _region(code: str, name: str, departments: str) -> Region:
    return Region(code, name, f"ARS {name}", tuple(departments.split()))


REGIONS: Final = {
    region.code: region
    for region in (
        _region("01", "Guadeloupe", "971 977 978"),
        _region("02", "Martinique", "972"),
        _region("03", "Guyane", "973"),
        _region("04", "La Réunion", "974"),
        _region("06", "Mayotte", "976"),
        _region("11", "Île-de-France", "75 77 78 91 92 93 94 95"),
        _region("24", "Centre-Val de Loire", "18 28 36 37 41 45"),
        _region("27", "Bourgogne-Franche-Comté", "21 25 39 58 70 71 89 90"),
        _region("28", "Normandie", "14 27 50 61 76"),
        _region("32", "Hauts-de-France", "02 59 60 62 80"),
        _region("44", "Grand Est", "08 10 51 52 54 55 57 67 68 88"),
        _region("52", "Pays de la Loire", "44 49 53 72 85"),
        _region("53", "Bretagne", "22 29 35 56"),
        _region("75", "Nouvelle-Aquitaine", "16 17 19 23 24 33 40 47 64 79 86 87"),
        _region("76", "Occitanie", "09 11 12 30 31 32 34 46 48 65 66 81 82"),
        _region("84", "Auvergne-Rhône-Alpes", "01 03 07 15 26 38 42 43 63 69 73 74"),
        _region("93", "Provence-Alpes-Côte d’Azur", "04 05 06 13 83 84"),
        _region("94", "Corse", "2A 2B"),
    )
}
"""Regions by code."""

_REGION_CODES: Final = {
    department: region.code for region in REGIONS.values() for department in region.departments
}


def region_of_department(department: str) -> str:
    """Return the code of the region of a department, empty when it belongs to none."""
    return _REGION_CODES.get(department, "")


def department_of_commune(commune_insee: str) -> str:
    """Return the department of an INSEE commune code of five characters.

    The first two characters, three overseas (97, 98). Saint-Barthélemy and Saint-Martin keep
    in FINESS the communes 97123 and 97127 of Guadeloupe, hence its department.
    """
    return commune_insee[: 3 if commune_insee.startswith(("97", "98")) else 2]
