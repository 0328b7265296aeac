"""Read the FINESS+ JSON flow "structures", streamed: 750 MB pass without being held.

``pmej[]`` are legal entities with their establishments in ``ege[]``; ``gcc[]`` are groups, of
which type 001 is a GHT, with members (role S support, M member) named by the internal number
of a legal entity. Names of keys differ between the schema and real files by case and
underscores, and coded values stand bare or in ``{"code": …}``: both are read.

Source: https://github.com/ansforge/finess (schema v1) and its published example.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import ijson
from ijson.common import ObjectBuilder

from hygie.engines.exchange.finess_categories import CATEGORY_LABELS
from hygie.engines.exchange.finess_records import (
    EstablishmentRecord,
    FinessFileError,
    FinessReading,
    GhtMember,
    GhtRecord,
    LegalEntityRecord,
    date_of,
    status_of_code,
)
from hygie.engines.exchange.reading import open_bounded
from hygie.vocabulary.errors import TooLargeError
from hygie.vocabulary.regions import REGIONS, department_of_commune, region_of_department

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

MAX_EVENTS_PER_OBJECT: Final = 200_000
MAX_DEPTH: Final = 32
MAX_TEXT_BYTES: Final = 4 << 20
MAX_GROUPS: Final = 10_000

_GHT_TYPE: Final = "001"
_ROLES: Final = {"S": "support", "M": "member"}
_OPENING: Final = frozenset({"start_map", "start_array"})
_CLOSING: Final = frozenset({"end_map", "end_array"})
_STRUCTURE: Final = _OPENING | _CLOSING | {"map_key"}
_LIST_DEPTH: Final = 2  # the root object, then the list of a section
_SECTIONS: Final = frozenset({"pmej", "gcc"})


def read_finess_plus(path: Path, *, max_bytes: int) -> FinessReading:
    """Return legal entities, establishments and GHT of a file.

    A member whose legal entity is not in the file is a problem; its GHT keeps the others.

    Raises:
        FinessFileError: if the JSON is cut, damaged, or holds neither ``pmej`` nor ``gcc``.
        TooLargeError: if one object holds more than MAX_EVENTS_PER_OBJECT values, or values
            nest deeper than MAX_DEPTH.
        InputError: if the file cannot be read.
    """
    reading = FinessReading()
    numbers: dict[str, str] = {}
    groups: list[tuple[int, dict[str, Any]]] = []
    ranks = dict.fromkeys(_SECTIONS, 0)
    with open_bounded(path, max_bytes=max_bytes) as stream:
        for section, value in _objects(stream, source=path.name):
            if section not in _SECTIONS:
                reading.as_of = date_of(_text(value))
                continue
            ranks[section] += 1
            if not isinstance(value, dict):
                reading.refuse(ranks[section], f"{section} : un objet est attendu")
            elif section == "pmej":
                _add_legal_entity(ranks[section], value, reading, numbers)
            elif _code(value.get("typegcc")) == _GHT_TYPE:
                groups.append((ranks[section], value))
                if len(groups) > MAX_GROUPS:
                    raise TooLargeError(f"plus de {MAX_GROUPS} GHT", source=path.name)
    if not any(ranks.values()):
        raise FinessFileError(
            "ce JSON n’est pas le flux FINESS+ « structures » : ni pmej ni gcc", source=path.name
        )
    for rank, group in groups:
        _add_group(rank, group, reading, numbers)
    return reading


class _Watched:
    """A stream that refuses to go on when its bytes bring no value: one endless text."""

    def __init__(self, stream: BinaryIO, *, source: str) -> None:
        self._stream = stream
        self._source = source
        self.silent_bytes = 0

    def read(self, size: int) -> bytes:
        chunk = self._stream.read(size)
        self.silent_bytes += len(chunk)
        if self.silent_bytes > MAX_TEXT_BYTES:
            raise TooLargeError("un texte du JSON est démesuré", source=self._source)
        return chunk


def _objects(stream: BinaryIO, *, source: str) -> Iterator[tuple[str, Any]]:
    """Yield each object of ``pmej`` and ``gcc``, its keys folded, and ``generatedAt``."""
    section = ""
    depth = 0
    builder: ObjectBuilder | None = None
    events = 0
    for event, value in _events(stream, source=source):
        depth += (event in _OPENING) - (event in _CLOSING)
        if depth > MAX_DEPTH:
            raise TooLargeError(f"JSON imbriqué sur plus de {MAX_DEPTH} niveaux", source=source)
        if depth == 1 and event == "map_key":
            section = _folded(value)
        elif depth == 1 and section == "generatedat" and event == "string":
            yield section, value
        elif section in _SECTIONS and (depth > _LIST_DEPTH or builder):
            if builder is None:
                builder, events = ObjectBuilder(), 0
            events += 1
            if events > MAX_EVENTS_PER_OBJECT:
                raise TooLargeError("un objet FINESS+ est démesuré", source=source)
            builder.event(event, _folded(value) if event == "map_key" else value)
            if depth == _LIST_DEPTH:
                yield section, builder.value
                builder = None
        elif section in _SECTIONS and depth == _LIST_DEPTH and event not in _STRUCTURE:
            yield section, value  # not an object: the caller says so


def _events(stream: BinaryIO, *, source: str) -> Iterator[tuple[str, Any]]:
    watched = _Watched(stream, source=source)
    try:
        for event in ijson.basic_parse(watched):
            watched.silent_bytes = 0
            yield event
    except (ijson.JSONError, UnicodeError, ValueError) as error:
        raise FinessFileError(
            "JSON illisible ou tronqué ; téléchargez le fichier de nouveau", source=source
        ) from error


def _add_legal_entity(
    rank: int, entity: dict[str, Any], reading: FinessReading, numbers: dict[str, str]
) -> None:
    general = _dict(entity.get("informationsgeneralespmej"))
    finess = _text(general.get("numfinesspm"))
    address = _first(entity.get("adresse"))
    department = department_of_commune(_text(address.get("cogcommune")))
    status = status_of_code(_code(general.get("statutjuridique")))
    reading.add_legal_entity(
        LegalEntityRecord(
            finess=finess,
            name=_text(general.get("denominationlonguepmsmsse"))
            or _text(general.get("denominationpm")),
            siren=_text(general.get("siren")),
            legal_status=status,
            region_code=region_of_department(department),
            department=department,
            opened_on=date_of(_text(general.get("datecreation"))),
            closed_on=date_of(_text(general.get("datefermeture"))),
            source_line=rank,
        )
    )
    if internal := _text(general.get("pmsmsseid")):
        numbers[internal] = finess
    for site in _list(entity.get("ege")):
        reading.add_establishment(_establishment(rank, _dict(site), finess, status))


def _establishment(
    rank: int, site: dict[str, Any], finess_ej: str, legal_status: str
) -> EstablishmentRecord:
    general = _dict(site.get("informationsgeneralesege"))
    address = _first(site.get("adresse"))
    point = _dict(address.get("coordonneesgeographique"))
    commune = _text(address.get("cogcommune"))
    department = department_of_commune(commune)
    category = _code(site.get("categorieentitegeographiqueexercice"))
    return EstablishmentRecord(
        finess_et=_text(general.get("numfinessege")),
        finess_ej=finess_ej or None,
        name=_text(general.get("nomegelong")) or _text(general.get("nomegecourt")),
        category_code=category,
        category_label=CATEGORY_LABELS.get(category, ""),
        legal_status=legal_status,
        region_code=region_of_department(department),
        department=department,
        commune_insee=commune,
        commune=_text(address.get("ligneacheminement")),
        address=_text(address.get("lignequatre")),
        postal_code=_text(address.get("codepostal")),
        siret=_text(general.get("siret")) or _text(site.get("siret")),
        latitude=_degrees(point.get("directionlatitude"), limit=90),
        longitude=_degrees(point.get("directionlongitude"), limit=180),
        phone=_text(_dict(_first(site.get("contact")).get("telecom")).get("telephone")),
        opened_on=date_of(_text(general.get("dateouverture"))),
        closed_on=date_of(_text(general.get("datefermeture"))),
        source_line=rank,
    )


def _add_group(
    rank: int, group: dict[str, Any], reading: FinessReading, numbers: dict[str, str]
) -> None:
    name = _text(group.get("nomgcc"))
    code = _text(group.get("gccidentifiantexterne")) or _text(group.get("gccid"))
    if not name or not code:
        reading.refuse(rank, "GHT sans nom ou sans identifiant")
        return
    members: list[GhtMember] = []
    for item in map(_dict, _list(group.get("pmejdugcc"))):
        internal = _text(item.get("pmsmsseid"))
        role = _ROLES.get(_code(item.get("typeroleentitegroupe")))
        record = reading.legal_entities.get(numbers.get(internal, ""))
        if role and record:
            members.append(GhtMember(finess_ej=record.finess, role=role, name=record.name))
        else:
            what = "absent du fichier" if role else "sans rôle connu"
            reading.problem(rank, f"GHT {name[:60]} : membre {internal[:20]} {what}")
    region = code[:2] if code[:2] in REGIONS else ""
    reading.groups.append(GhtRecord(code, name, region, tuple(members)))


def _folded(key: str) -> str:
    return key.replace("_", "").lower()


def _text(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _code(value: object) -> str:
    return _text(value.get("code") if isinstance(value, dict) else value)


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _first(value: object) -> dict[str, Any]:
    return _dict(next(iter(_list(value)), None))


def _degrees(value: object, *, limit: int) -> float | None:
    """Return a coordinate; one that is not a number or out of range is not known."""
    try:
        degrees = float(_text(value))
    except ValueError:
        return None
    return degrees if -limit <= degrees <= limit else None
