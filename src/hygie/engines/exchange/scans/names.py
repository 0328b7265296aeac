"""Names read from files: exports of certificate transparency, zone files of the owner.

A name found is proposed to the establishment, never probed before it says yes.

Sources: https://crt.sh/?output=json (JSON), any CSV with a column of names; RFC 1035 § 5 (zones).
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import dns.exception
import dns.rdataset
import dns.rdatatype
import dns.zone

from hygie.engines.exchange.estate_fields import FieldError, read_domain
from hygie.engines.exchange.reading import decode_text
from hygie.engines.exchange.scans.cells import bounded, host_from, line_of, objects_in, wrong
from hygie.engines.exchange.structured import parse_json_bounded
from hygie.vocabulary.errors import InputError, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sized

    from hygie.vocabulary.facts import Json

MAX_NAMES: Final = 50_000
MAX_ZONE_BYTES: Final = 16 << 20

_CT_COLUMNS: Final = ("name_value", "common_name", "dns_names", "parsed.names", "name", "domain")
_DIRECTIVES: Final = ("$ORIGIN", "$TTL")
"""Neither $INCLUDE, which reads other files, nor $GENERATE, which makes a million names."""


@dataclass(frozen=True, slots=True)
class Found:
    """A name or an address, and where it was found, in words."""

    name: str
    found_in: str


def parse_ct(document: bytes, *, source: str) -> tuple[Found, ...]:
    """Return the names of certificates, each once; a wildcard stands for the name under it.

    Raises:
        InputError: if the document is neither crt.sh's JSON nor a CSV with a column of names.
    """
    rows = (
        _json_rows(document, source)
        if document.lstrip()[:1] in b"[{"
        else _csv_rows(document, source)
    )
    found: dict[str, Found] = {}
    for names, origin in bounded(rows, source=source):
        for text in names.replace(",", "\n").split():
            name = plain_name(text)
            if name and name not in found:
                found[name] = Found(name, origin)
                _check_count(found, source)
    return tuple(found.values())


def parse_zone(document: bytes, *, source: str, origin: str = "") -> tuple[Found, ...]:
    """Return the names of a zone that have an address or an alias, and those addresses.

    Args:
        document: the zone file.
        source: its name, for messages.
        origin: name of the zone, when the file does not say it ($ORIGIN).

    Raises:
        InputError: if it is not a zone file.
        TooLargeError: if it is larger than MAX_ZONE_BYTES or holds more than MAX_NAMES names.
    """
    if len(document) > MAX_ZONE_BYTES:
        raise TooLargeError(f"zone de plus de {MAX_ZONE_BYTES >> 20} Mio", source=source)
    text = decode_text(document, source=source)
    try:
        zone = dns.zone.from_text(
            text, origin=origin or None, relativize=False, check_origin=False,
            allow_include=False, allow_directives=_DIRECTIVES,
        )  # fmt: skip
    except (dns.exception.DNSException, ValueError, KeyError, IndexError) as error:
        raise InputError(_why(error), source=source) from error
    found: dict[str, Found] = {}
    shown = f"zone {zone.origin}".rstrip(".")
    for owner, rdataset in zone.iterate_rdatasets():
        for name in _names_of(str(owner), rdataset):
            found.setdefault(name, Found(name, shown))
            _check_count(found, source)
    return tuple(found.values())


def plain_name(text: str) -> str:
    """Return a name without its wildcard, lower case; empty for an address of mail or no name."""
    try:
        return read_domain(text.strip().removeprefix("*."))
    except FieldError:
        return ""


def _names_of(owner: str, rdataset: dns.rdataset.Rdataset) -> Iterator[str]:
    kinds = (dns.rdatatype.A, dns.rdatatype.AAAA, dns.rdatatype.CNAME)
    if rdataset.rdtype not in kinds:
        return
    if name := plain_name(owner):
        yield name
    if rdataset.rdtype != dns.rdatatype.CNAME:
        yield from filter(None, (host_from(str(record)) for record in rdataset))


def _json_rows(document: bytes, source: str) -> Iterator[tuple[str, str]]:
    rows = objects_in(parse_json_bounded(document, source=source))
    if rows and not any("name_value" in row or "common_name" in row for row in rows):
        raise wrong("de crt.sh (name_value)", source=source)
    for row in rows:
        names = f"{_text(row.get('name_value'))}\n{_text(row.get('common_name'))}"
        until = line_of(row.get("not_after"), 10)
        yield names, f"certificat {line_of(row.get('id'), 20)}, fin {until}".strip()


def _csv_rows(document: bytes, source: str) -> Iterator[tuple[str, str]]:
    text = decode_text(document, source=source, allow_cp1252=True)
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    try:
        columns = [name for name in reader.fieldnames or () if name.strip().lower() in _CT_COLUMNS]
        if not columns:
            raise wrong(f"de certificats (colonne {', '.join(_CT_COLUMNS[:3])})", source=source)
        for row in reader:
            yield "\n".join(row.get(column) or "" for column in columns), "certificat publié"
    except csv.Error as error:
        raise InputError("CSV illisible", source=source, line=reader.line_num) from error


def _text(value: Json) -> str:
    return value[:20_000] if isinstance(value, str) else ""


def _check_count(found: Sized, source: str) -> None:
    if len(found) > MAX_NAMES:
        raise TooLargeError(f"plus de {MAX_NAMES} noms ; découpez le fichier", source=source)


def _why(error: Exception) -> str:
    if isinstance(error, dns.zone.UnknownOrigin):
        return "le fichier ne dit pas sa zone ; donnez-la (--origin ch-exemple.fr)"
    return f"fichier de zone illisible ({line_of(str(error), 120)})"
