"""Read the results of an Active Directory audit in the ANSSI's control points (ADS, ORADAD).

The service gives its result on its own site and publishes no file format; two simple ones are
read, which its table is easily turned into. JSON::

    {"domain": "ch-exemple.local", "date": "2026-03-04",
     "points": [{"id": "vuln_krbtgt", "level": 2, "objects": ["krbtgt"]}]}

or CSV, one open point a line, with the columns ``domain``, ``id``, ``level`` and optionally
``date`` and ``objects`` (``;`` or ``,`` between columns). A complete audit proves the repair of
every point that it does not list.

Source: https://www.cert.ssi.gouv.fr/uploads/ad_checklist.html
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

from hygie.engines.exchange.reading import decode_text
from hygie.engines.exchange.scans.cells import (
    bounded,
    host_from,
    line_of,
    objects_in,
    time_from,
    wrong,
)
from hygie.engines.exchange.scans.control_points import SEVERITIES, control_points, directory_of
from hygie.engines.exchange.scans.report import Issue, Scan
from hygie.engines.exchange.structured import parse_json_bounded
from hygie.vocabulary.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hygie.vocabulary.facts import Json

TOOL: Final = "oradad"

_COLUMNS: Final = {"domain", "id", "level"}
_FRENCH: Final = {"domaine": "domain", "niveau": "level", "objets": "objects"}


def parse_oradad(document: bytes, *, source: str) -> Scan:
    """Return the open points of one directory, and its level.

    Raises:
        InputError: if the document has another shape, or names a point or a level that the ANSSI
            does not publish.
    """
    if document.lstrip()[:1] == b"{":
        domain, date, rows = _from_json(document, source)
    else:
        domain, date, rows = _from_csv(document, source)
    if not domain:
        raise InputError("le domaine Active Directory n’est pas donné", source=source)
    read = [_point(row, source, place=f"points[{at}]") for at, row in enumerate(rows)]
    return Scan(
        tool=TOOL,
        taken_at=time_from(date),
        hosts={domain: None},
        issues=tuple(
            Issue(
                key=identifier,
                subject=domain,
                title=control_points()[identifier].title,
                severity=SEVERITIES[level],
                facts={"level": level, "objects": objects},
            )
            for identifier, level, objects in read
        ),
        checks=frozenset(control_points()),
        directory=directory_of(domain, [(each[0], each[1]) for each in read], unplaced=0),
    )


def _from_json(document: bytes, source: str) -> tuple[str, Json, Sequence[Mapping[str, Json]]]:
    value = parse_json_bounded(document, source=source)
    points = value.get("points") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(points, list):
        raise wrong("d’audit Active Directory (domain, points)", source=source)
    return host_from(value.get("domain")), value.get("date"), objects_in(points)


def _from_csv(document: bytes, source: str) -> tuple[str, Json, Sequence[Mapping[str, Json]]]:
    text = decode_text(document, source=source, allow_cp1252=True)
    first = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in first else ",")
    try:
        heads = [head.strip().lower() for head in reader.fieldnames or ()]
        reader.fieldnames = [_FRENCH.get(head, head) for head in heads]
        rows = list(bounded(reader, source=source))
    except csv.Error as error:
        raise InputError("CSV illisible", source=source, line=reader.line_num) from error
    if not set(reader.fieldnames) >= _COLUMNS:
        raise wrong("d’audit Active Directory (colonnes domain, id, level)", source=source)
    domains = {host_from(row.get("domain")) for row in rows}
    if len(domains) > 1:
        raise InputError("un seul domaine par fichier ; découpez-le", source=source)
    return next(iter(domains), ""), rows[0].get("date") if rows else "", rows


def _point(row: Mapping[str, Json], source: str, *, place: str) -> tuple[str, int, str]:
    identifier, text = line_of(row.get("id"), 80), line_of(row.get("level"), 4)
    known = control_points().get(identifier)
    if known is None:
        raise InputError(
            f"point de contrôle inconnu : « {identifier} »", source=source, place=place
        )
    level = int(text) if text.isascii() and text.isdigit() else 0
    if level not in known.levels:
        levels = ", ".join(map(str, known.levels))
        raise InputError(
            f"niveau inattendu pour {identifier} : {levels}", source=source, place=place
        )
    objects = row.get("objects")
    shown = ", ".join(map(line_of, objects)) if isinstance(objects, list) else objects
    return identifier, level, line_of(shown)
