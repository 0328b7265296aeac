"""Read nuclei's JSON lines (``-jsonl``), or its JSON array (``-json-export``).

nuclei writes what it found and never what it tried: its report proves no repair.

Source: https://docs.projectdiscovery.io/tools/nuclei/running (output of a result event).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from hygie.engines.exchange.reading import decode_text
from hygie.engines.exchange.scans.cells import (
    bounded,
    cves_in,
    host_from,
    key_of,
    line_of,
    port_from,
    time_from,
    wrong,
)
from hygie.engines.exchange.scans.report import Issue, Scan, subject_of
from hygie.engines.exchange.structured import parse_json_bounded
from hygie.vocabulary.enums import Severity
from hygie.vocabulary.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hygie.vocabulary.facts import Json

TOOL: Final = "nuclei"

SEVERITIES: Final = {
    "critical": Severity.CRITICAL,
    "high": Severity.MAJOR,
    "medium": Severity.MODERATE,
    "low": Severity.MINOR,
    "unknown": Severity.MODERATE,
}
_DEFAULT_PORTS: Final = {"https": 443, "http": 80}


def parse_nuclei(document: bytes, *, source: str) -> Scan:
    """Return what nuclei found.

    Raises:
        InputError: if a line is not a result of nuclei; one bad line refuses the whole.
    """
    hosts: dict[str, frozenset[int] | None] = {}
    names: dict[str, tuple[str, ...]] = {}
    issues: list[Issue] = []
    times, ignored = [], 0
    for event in bounded(_events(document, source), source=source):
        info = event.get("info")
        if not isinstance(info, dict) or not event.get("template-id"):
            raise wrong("nuclei (-jsonl)", source=source)
        host, subject = _subject(event)
        if not host:
            ignored += 1
            continue
        hosts[host] = None
        if address := host_from(event.get("ip")):
            names[host] = (address,)
        if moment := time_from(event.get("timestamp")):
            times.append(moment)
        severity = SEVERITIES.get(line_of(info.get("severity"), 20).lower())
        if severity is None:
            ignored += 1
            continue
        issues.append(_issue(event, info, subject, severity))
    return Scan(
        tool=TOOL,
        taken_at=max(times, default=None),
        hosts=hosts,
        issues=tuple(issues),
        names=names,
        ignored=ignored,
    )


def _events(document: bytes, source: str) -> Iterator[Mapping[str, Json]]:
    if document.lstrip()[:1] == b"[":
        found = parse_json_bounded(document, source=source)
        values = found if isinstance(found, list) else []
    else:
        lines = decode_text(document, source=source).splitlines()
        values = [
            _line(line, number, source) for number, line in enumerate(lines, 1) if line.strip()
        ]
    for value in values:
        if not isinstance(value, dict):
            raise wrong("nuclei (-jsonl)", source=source)
        yield value


def _line(line: str, number: int, source: str) -> Json:
    try:
        return parse_json_bounded(line.encode(), source=source)
    except InputError as error:
        raise InputError(error.message, source=source, line=number) from error


def _subject(event: Mapping[str, Json]) -> tuple[str, str]:
    """Return the host, and ``host:port`` where a port is known."""
    text = line_of(event.get("matched-at") or event.get("host"), 2000)
    try:
        parts = urlsplit(text if "://" in text else f"//{text}")
        host = host_from(parts.hostname or "")
        port = parts.port or port_from(event.get("port")) or _DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        return "", ""
    return host, subject_of(host, port) if host and port else host


def _issue(
    event: Mapping[str, Json], info: Mapping[str, Json], subject: str, severity: Severity
) -> Issue:
    classes = info.get("classification")
    stated = classes.get("cve-id") if isinstance(classes, dict) else None
    template = line_of(event.get("template-id"), 120)
    matched = line_of(event.get("matched-at"), 2000)
    path = urlsplit(matched).path if "://" in matched else ""
    return Issue(
        key=key_of(template),
        subject=subject,
        title=line_of(info.get("name") or template),
        severity=severity,
        place=line_of(" ".join(filter(None, (path, line_of(event.get("matcher-name"), 80)))), 300),
        cves=cves_in(template, *(stated if isinstance(stated, list) else [stated])),
        facts={
            "matched_at": line_of(matched),
            "severity": line_of(info.get("severity"), 20),
            "description": line_of(info.get("description")),
        },
    )
