"""Read testssl.sh's JSON, flat (``--jsonfile``) or pretty (``--jsonfile-pretty``).

Each line names its check, also where all is well: what is there and no longer bad is repaired.

Source: testssl.sh(1), « FILE OUTPUT OPTIONS ».
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hygie.engines.exchange.scans.cells import (
    bounded,
    cves_in,
    host_from,
    key_of,
    line_of,
    objects_in,
    port_from,
    wrong,
)
from hygie.engines.exchange.scans.report import Issue, Scan, subject_of
from hygie.engines.exchange.structured import parse_json_bounded
from hygie.vocabulary.enums import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hygie.vocabulary.facts import Json

TOOL: Final = "testssl"

SEVERITIES: Final = {
    "CRITICAL": Severity.CRITICAL,
    "HIGH": Severity.MAJOR,
    "MEDIUM": Severity.MODERATE,
    "LOW": Severity.MINOR,
}
_FINE: Final = ("OK", "INFO")
_ABOUT_THE_RUN: Final = frozenset(
    {"scanTime", "scanProblem", "engine_problem", "service", "pre_128cipher"}
)

_Line = tuple[str, str, "Mapping[str, Json]"]
"""Host, its other names, one finding."""


def parse_testssl(document: bytes, *, source: str) -> Scan:
    """Return what testssl.sh says of one or several servers.

    Raises:
        InputError: if the document is not its JSON.
    """
    value = parse_json_bounded(document, source=source)
    hosts: dict[str, frozenset[int]] = {}
    names: dict[str, tuple[str, ...]] = {}
    issues: list[Issue] = []
    concluded: set[tuple[str, str]] = set()
    ignored = 0
    for host, address, port, entry in bounded(_lines(value, source), source=source):
        subject, key = subject_of(host, port), key_of(entry.get("id"))
        word = line_of(entry.get("severity"), 20).upper()
        if key in _ABOUT_THE_RUN or not key or word not in (*SEVERITIES, *_FINE):
            ignored += 1  # WARN and DEBUG: the check did not conclude
            continue
        hosts[host] = hosts.get(host, frozenset()) | {port}
        names[host] = (address,) if address and address != host else ()
        concluded.add((subject, key))
        if word in SEVERITIES:
            issues.append(_issue(entry, key, subject, SEVERITIES[word]))
    return Scan(
        tool=TOOL,
        version=line_of(value.get("version"), 60).partition(" ")[0]
        if isinstance(value, dict)
        else "",
        hosts=hosts,
        issues=tuple(issues),
        names=names,
        concluded=frozenset(concluded),
        ignored=ignored,
    )


def _lines(value: Json, source: str) -> Iterator[tuple[str, str, int, Mapping[str, Json]]]:
    """Yield (host, address, port, finding) whatever the shape of the document."""
    if isinstance(value, dict) and "scanResult" in value:
        for server in objects_in(value["scanResult"]):
            host, port = host_from(server.get("targetHost")), port_from(server.get("port"))
            if not host or port is None:
                continue  # a summary of what could not be reached
            for section in server.values():
                if isinstance(section, list):
                    for entry in objects_in(section):
                        yield host, host_from(server.get("ip")), port, entry
        return
    if not isinstance(value, list) or not all(
        isinstance(entry, dict) and "id" in entry for entry in value
    ):
        raise wrong("testssl.sh (--jsonfile)", source=source)
    for entry in objects_in(value):
        name, _, address = line_of(entry.get("ip"), 300).partition("/")
        host, port = host_from(name) or host_from(address), port_from(entry.get("port"))
        if host and port is not None:
            yield host, host_from(address), port, entry


def _issue(entry: Mapping[str, Json], key: str, subject: str, severity: Severity) -> Issue:
    said = line_of(entry.get("finding"))
    return Issue(
        key=key,
        subject=subject,
        title=line_of(f"{key} : {said}"),
        severity=severity,
        cves=cves_in(entry.get("cve")),
        facts={"finding": said, "severity": line_of(entry.get("severity"), 20)},
    )
