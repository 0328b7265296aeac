"""Read the composition of the GHT from tables.

Two forms: a table of groups (``ght_code``, ``nom``, ``region``) with a table of members
(``ght_code``, ``finess_ej``, ``role``); or the one table of the DGOS with one row a member
(``GHT_CODE``, ``GHT_LIB``, ``ARS_CODE``, ``ES_FINESS``, ``GHT_SUPPORT`` = O), whose column
names vary and are matched loosely.

Sources: DGOS "Liste des GHT", CSP L.6132-1 to L.6132-7, reference/DOMAIN.md § 7.3.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from hygie.engines.exchange.columns import loose_name, require_columns, suggest_mapping
from hygie.engines.exchange.finess_records import GhtMember, GhtRecord
from hygie.engines.exchange.tabular import MAX_TABLE_BYTES, read_table
from hygie.vocabulary.finess import FinessError, parse_finess
from hygie.vocabulary.regions import REGIONS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hygie.engines.exchange.finess_records import FinessReading
    from hygie.engines.exchange.tabular import Row, Table

_GROUP_COLUMNS: Final = {
    "code": ("ght_code", "code_ght", "id_ght", "numero ght", "code"),
    "name": ("ght_lib", "nom", "nom_ght", "ght_nom", "libelle_ght", "lib_ght", "ght"),
    "region": ("region", "ars_code", "code_ars", "code_region", "region_code", "reg"),
}
_MEMBER_COLUMNS: Final = {
    "code": _GROUP_COLUMNS["code"],
    "finess": (
        "finess_ej",
        "es_finess",
        "finess",
        "finess_es",
        "nofinessej",
        "finess_juridique",
        "num_finess",
        "finess_entite_juridique",
    ),
    "member_name": ("nom", "es_lib", "es_nom", "raison_sociale", "etablissement", "es_rs"),
    "support": (
        "role",
        "ght_support",
        "support",
        "etablissement_support",
        "es_support",
        "support_ght",
    ),
}
_DGOS_COLUMNS: Final = {
    "code": _GROUP_COLUMNS["code"],
    "name": ("ght_lib", "nom_ght", "ght_nom", "libelle_ght", "lib_ght", "ght"),
    "region": _GROUP_COLUMNS["region"],
    "finess": _MEMBER_COLUMNS["finess"],
    "member_name": _MEMBER_COLUMNS["member_name"],
    "support": _MEMBER_COLUMNS["support"],
}
_SUPPORT_WORDS: Final = frozenset(
    {"o", "oui", "1", "x", "s", "y", "yes", "vrai", "true", "support", "etablissementsupport"}
    | {"supportpresume"}
)
_MEMBER_WORDS: Final = frozenset(
    {
        "",
        "n",
        "non",
        "0",
        "m",
        "no",
        "faux",
        "false",
        "membre",
        "member",
        "partie",
        "etablissementpartie",
    }
)


@dataclass(slots=True)
class _Group:
    name: str
    region_code: str
    line: int
    members: list[GhtMember] = field(default_factory=list)


def read_ght_pair(
    groups_path: Path,
    members_path: Path,
    reading: FinessReading,
    *,
    max_bytes: int = MAX_TABLE_BYTES,
) -> None:
    """Add the GHT of a table of groups and a table of members to a reading.

    ``support_presume`` reads as support: the caller says that it is presumed.

    Raises:
        TableFormatError: if a column is missing.
        InputError: if a file cannot be read.
    """
    table = read_table(groups_path, max_bytes=max_bytes)
    mapping = _mapping(table, _GROUP_COLUMNS, ("code", "name"), source=groups_path.name)
    groups: dict[str, _Group] = {}
    for row in table.rows:
        _add_group(row, mapping, groups, reading)
    members = read_table(members_path, max_bytes=max_bytes)
    mapping = _mapping(members, _MEMBER_COLUMNS, ("code", "finess"), source=members_path.name)
    _add_members(members, mapping, groups, reading)
    _finish(groups, reading)


def read_ght_table(path: Path, reading: FinessReading, *, max_bytes: int = MAX_TABLE_BYTES) -> None:
    """Add the GHT of a table with one row a member to a reading.

    Raises:
        TableFormatError: if a column is missing.
        InputError: if the file cannot be read.
    """
    table = read_table(path, max_bytes=max_bytes)
    mapping = _mapping(
        table, _DGOS_COLUMNS, ("code", "name", "finess", "support"), source=path.name
    )
    groups: dict[str, _Group] = {}
    for row in table.rows:
        if row.cells[mapping["code"]] not in groups:
            _add_group(row, mapping, groups, reading)
    _add_members(table, mapping, groups, reading)
    _finish(groups, reading)


def _mapping(
    table: Table,
    wanted: Mapping[str, tuple[str, ...]],
    required: tuple[str, ...],
    *,
    source: str,
) -> dict[str, str]:
    mapping = suggest_mapping(table.header, wanted)
    missing = [wanted[name][0] for name in required if name not in mapping]
    require_columns({}, missing, header=table.header, source=source)
    return mapping


def _cell(row: Row, mapping: Mapping[str, str], name: str) -> str:
    return row.cells[mapping[name]] if name in mapping else ""


def _add_group(
    row: Row, mapping: Mapping[str, str], groups: dict[str, _Group], reading: FinessReading
) -> None:
    code, name = _cell(row, mapping, "code"), _cell(row, mapping, "name")
    stated = _cell(row, mapping, "region")
    region = stated.upper().removeprefix("R").zfill(2) if stated else ""
    if not code or not name:
        reading.refuse(row.line, "GHT sans code ou sans nom")
        return
    if code in groups:
        reading.refuse(row.line, f"le GHT {code} figure déjà à la ligne {groups[code].line}")
        return
    if region and region not in REGIONS:
        reading.problem(row.line, f"« {stated[:20]} » n’est pas un code de région")
        region = ""
    groups[code] = _Group(name=name, region_code=region, line=row.line)


def _add_members(
    table: Table,
    mapping: Mapping[str, str],
    groups: Mapping[str, _Group],
    reading: FinessReading,
) -> None:
    for problem in table.problems:
        reading.refuse(problem.line, problem.message)
    seen: dict[str, int] = {}
    for row in table.rows:
        group = groups.get(_cell(row, mapping, "code"))
        try:
            member = _member(row, mapping)
        except FinessError as error:
            reading.refuse(row.line, error.message)
            continue
        if group is None:
            reading.refuse(row.line, f"GHT {_cell(row, mapping, 'code')[:20]} inconnu")
        elif member.finess_ej in seen:
            line = seen[member.finess_ej]
            reading.refuse(row.line, f"{member.finess_ej} est déjà membre à la ligne {line}")
        else:
            seen[member.finess_ej] = row.line
            group.members.append(member)


def _member(row: Row, mapping: Mapping[str, str]) -> GhtMember:
    word = loose_name(_cell(row, mapping, "support"))
    if word not in _SUPPORT_WORDS | _MEMBER_WORDS:
        raise FinessError(f"rôle « {word[:20]} » inconnu : O (support) ou N attendu")
    return GhtMember(
        finess_ej=parse_finess(_cell(row, mapping, "finess")),
        role="support" if word in _SUPPORT_WORDS else "member",
        name=_cell(row, mapping, "member_name"),
    )


def _finish(groups: Mapping[str, _Group], reading: FinessReading) -> None:
    for code, group in groups.items():
        supports = sum(member.role == "support" for member in group.members)
        if supports != 1:
            reading.problem(
                group.line, f"GHT {code} : {supports} établissement support, un attendu"
            )
        members = tuple(group.members)
        reading.groups.append(GhtRecord(code, group.name, group.region_code, members))
