"""Small values of reports, read with bounds: text on one line, hosts, ports, times, CVEs."""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
from typing import TYPE_CHECKING, Final, TypeVar

from hygie.vocabulary.cve import CVE_PATTERN
from hygie.vocabulary.errors import InputError, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hygie.vocabulary.facts import Json

T = TypeVar("T")

MAX_BYTES: Final = 128 << 20
"""A Nessus file of a thousand machines weighs some tens of mebibytes."""
MAX_ENTRIES: Final = 500_000
MAX_PORT: Final = 65_535

_HOST: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9])?")
_KEY: Final = re.compile(r"[^A-Za-z0-9._:-]+")


def line_of(value: object, limit: int = 300) -> str:
    """Return a text on one line, without control characters, cut at ``limit``."""
    if not isinstance(value, str | int | float):
        return ""
    plain = " ".join(str(value)[: limit * 4].split())
    return "".join(sign for sign in plain if sign.isprintable())[:limit]


def key_of(value: object) -> str:
    """Return an identifier that fits a finding: letters, digits, ``. _ : -``, 60 at most."""
    return _KEY.sub("-", line_of(value, 60)).strip("-")


def host_from(value: object) -> str:
    """Return a name or an address in canonical form, empty when it is neither."""
    text = line_of(value, 260).lower().strip("[]").rstrip(".")
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return text if _HOST.fullmatch(text) else ""


def port_from(value: object) -> int | None:
    """Return a port, None when the value is none."""
    text = line_of(value, 12)
    port = int(text) if text.isascii() and text.isdigit() else 0
    return port if 0 < port <= MAX_PORT else None


def number_from(value: object) -> float | None:
    """Return a finite number, None when the value is none."""
    try:
        number = float(line_of(value, 40))
    except ValueError:
        return None
    return number if abs(number) < float("inf") else None


def time_from(value: object) -> dt.datetime | None:
    """Return an aware UTC time from ISO 8601 or from seconds since 1970, None when neither."""
    text = line_of(value, 60)
    try:
        if text.isascii() and text.isdigit():
            return dt.datetime.fromtimestamp(int(text), dt.UTC)
        found = dt.datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return None
    return found.astimezone(dt.UTC) if found.tzinfo else found.replace(tzinfo=dt.UTC)


def cves_in(*texts: object) -> tuple[str, ...]:
    """Return every CVE that the texts name, sorted, a hundred at most."""
    found = {
        match.upper()
        for text in texts
        if isinstance(text, str)
        for match in CVE_PATTERN.findall(text.upper())
    }
    return tuple(sorted(found)[:100])


def is_public(host: str) -> bool:
    """Tell whether a host is an address of the Internet; a name is not known to be."""
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return False


def bounded(entries: Iterable[T], *, source: str) -> Iterator[T]:
    """Yield entries, at most MAX_ENTRIES.

    Raises:
        TooLargeError: past the bound.
    """
    for count, entry in enumerate(entries):
        if count >= MAX_ENTRIES:
            raise TooLargeError(
                f"plus de {MAX_ENTRIES} entrées ; découpez le rapport", source=source
            )
        yield entry


def objects_in(value: Json) -> list[Mapping[str, Json]]:
    """Return the objects of a list, or one object alone; anything else is left out."""
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, dict)]


def wrong(tool: str, *, source: str) -> InputError:
    """Return the error of a document that is not a report of ``tool``."""
    return InputError(
        f"ce n’est pas un rapport {tool} ; vérifiez le fichier et le format", source=source
    )
