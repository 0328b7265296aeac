"""Read indicators of compromise: a CSV table, a STIX 2.1 bundle, a MISP event.

What cannot be read as one of our kinds is told, never dropped in silence: a list with holes
reads as "nothing there". A broken document is refused whole.
Sources: STIX 2.1 section 9.8 (single comparisons), MISP core format section 2.4.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from hygie.engines.exchange.bulletins.indicators import (
    Indicator,
    IndicatorKind,
    kind_of,
    normal_value,
)
from hygie.engines.exchange.structured import parse_json_bounded
from hygie.engines.exchange.table_csv import parse_csv
from hygie.vocabulary.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_INDICATORS: Final = 100_000

_HASH_NAMES: Final = {
    "MD5": IndicatorKind.MD5,
    "SHA-1": IndicatorKind.SHA1,
    "SHA-256": IndicatorKind.SHA256,
}
_PATHS: Final = {
    "ipv4-addr:value": IndicatorKind.IPV4,
    "ipv6-addr:value": IndicatorKind.IPV6,
    "domain-name:value": IndicatorKind.DOMAIN,
    "url:value": IndicatorKind.URL,
    "email-addr:value": IndicatorKind.EMAIL,
    "file:name": IndicatorKind.FILENAME,
} | {f"file:hashes.{name}": kind for name, kind in _HASH_NAMES.items()}
_COMPARISON: Final = re.compile(r"([a-z0-9-]+:[a-zA-Z_.'0-9-]+) *= *'((?:[^'\\]|\\.)*)'")
_MISP_KINDS: Final = {
    "domain": IndicatorKind.DOMAIN,
    "hostname": IndicatorKind.DOMAIN,
    "url": IndicatorKind.URL,
    "uri": IndicatorKind.URL,
    "email": IndicatorKind.EMAIL,
    "email-src": IndicatorKind.EMAIL,
    "email-dst": IndicatorKind.EMAIL,
    "md5": IndicatorKind.MD5,
    "sha1": IndicatorKind.SHA1,
    "sha256": IndicatorKind.SHA256,
    "filename": IndicatorKind.FILENAME,
}
# What a MISP event says besides what to look for.
_MISP_TEXTS: Final = frozenset({"text", "comment", "link", "vulnerability", "other", "datetime"})


@dataclass(slots=True)
class IndicatorList:
    """What a file held.

    Attributes:
        indicators: each kind and value once, in the order of the file.
        left_out: one sentence for each thing that could not be read.
    """

    indicators: list[Indicator] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    _seen: set[tuple[IndicatorKind, str]] = field(default_factory=set)

    def take(self, kind: IndicatorKind | None, text: str, **rest: Any) -> None:  # noqa: ANN401 - fields of Indicator
        """Keep one value, or say why not."""
        if len(self.indicators) + len(self.left_out) >= MAX_INDICATORS:
            raise InputError(f"plus de {MAX_INDICATORS} indicateurs ; coupez le fichier")
        if kind is None:
            self.left_out.append(f"« {text[:80]} » : type d’indicateur non reconnu")
            return
        try:
            value = normal_value(kind, text)
        except InputError as error:
            self.left_out.append(str(error))
            return
        if (kind, value) not in self._seen:
            self._seen.add((kind, value))
            self.indicators.append(Indicator(kind, value, **rest))


def read_indicators(document: bytes, *, source: str, now: dt.datetime) -> IndicatorList:
    """Return the indicators of a CSV, STIX or MISP document, told apart by its content.

    Args:
        document: at most what the caller's bound lets through.
        source: name to put in errors.
        now: aware; taken where the document does not date a value.

    Raises:
        InputError: if it is none of the three, or holds too much.
    """
    if document.lstrip()[:1] != b"{":
        return _from_csv(document, source=source, now=now)
    root = parse_json_bounded(document, source=source)
    fields = root if isinstance(root, dict) else {}
    if fields.get("type") == "bundle":
        return _from_stix(fields, now=now)
    event = fields.get("Event")
    if isinstance(event, dict):
        return _from_misp(event, now=now)
    raise InputError(
        "ni lot STIX 2.1, ni évènement MISP : donnez l’un des deux, ou un tableau CSV",
        source=source,
    )


def _from_csv(document: bytes, *, source: str, now: dt.datetime) -> IndicatorList:
    """Read columns ``value`` (or ``valeur``) and, if there, ``type``, ``until``, ``comment``.

    A table of one column without a known name is a bare list, its first line a value too.
    """
    found = IndicatorList()
    table = parse_csv(document, source=source, max_rows=MAX_INDICATORS)
    found.left_out += [f"ligne {one.line} : {one.message}" for one in table.problems]
    column = next((name for name in table.header if name.lower() in ("value", "valeur")), "")
    if not column and len(table.header) == 1:
        [column] = table.header
        found.take(kind_of(column), column, seen_at=now)
    if not column:
        raise InputError("colonne « valeur » absente : nommez ainsi celle à lire", source=source)
    for row in table.rows:
        cells = {name.lower(): text for name, text in row.cells.items()}
        named = cells.get("type", "").lower()
        known = IndicatorKind(named) if named in set(IndicatorKind) else None
        found.take(
            known or (None if named else kind_of(row.cells[column])),
            row.cells[column],
            seen_at=_moment(cells.get("seen")) or now,
            until=_moment(cells.get("until") or cells.get("fin")),
            comment=(cells.get("comment") or cells.get("commentaire") or "")[:500],
        )
    return found


def _from_stix(bundle: dict[str, Any], *, now: dt.datetime) -> IndicatorList:
    found = IndicatorList()
    for one in _dicts(bundle.get("objects")):
        if one.get("type") != "indicator" or one.get("revoked") is True:
            continue
        pattern = str(one.get("pattern", ""))
        read = list(_comparisons(pattern)) if one.get("pattern_type", "stix") == "stix" else []
        if not read:
            found.left_out.append(f"motif non lu : {pattern[:120]}")
        for kind, value in read:
            found.take(
                kind,
                value,
                seen_at=_moment(one.get("valid_from")) or now,
                until=_moment(one.get("valid_until")),
                comment=str(one.get("description") or one.get("name") or "")[:500],
            )
    return found


def _comparisons(pattern: str) -> Iterator[tuple[IndicatorKind, str]]:
    """Yield the values of a pattern that is one comparison, or several joined by OR.

    AND, FOLLOWED BY and other operators say more than a list of values can: not read.
    """
    rest = _COMPARISON.sub("", pattern)
    if re.sub(r"[\s\[\]()]|OR", "", rest):
        return
    for path, value in _COMPARISON.findall(pattern):
        kind = _PATHS.get(path.replace("'", ""))
        if kind is not None:
            yield kind, re.sub(r"\\(.)", r"\1", value)


def _from_misp(event: dict[str, Any], *, now: dt.datetime) -> IndicatorList:
    found = IndicatorList()
    objects = _dicts(event.get("Object"))
    groups = [event.get("Attribute"), *(one.get("Attribute") for one in objects)]
    for attribute in (one for group in groups for one in _dicts(group)):
        name, value = str(attribute.get("type", "")), str(attribute.get("value", ""))
        if name in _MISP_TEXTS or attribute.get("deleted") is True:
            continue
        kind = kind_of(value) if name in ("ip-dst", "ip-src") else _MISP_KINDS.get(name)
        found.take(
            kind,
            value,
            seen_at=_moment(attribute.get("first_seen")) or now,
            until=_moment(attribute.get("last_seen")) if attribute.get("to_ids") is False else None,
            comment=str(attribute.get("comment") or "")[:500],
        )
    return found


def _dicts(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _moment(value: object) -> dt.datetime | None:
    """Return an ISO 8601 moment, in UTC where it has no zone; None for anything else."""
    if not isinstance(value, str) or not value.strip():
        return None
    try:
        read = dt.datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=dt.UTC)
