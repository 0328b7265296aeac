"""Read Nessus's export (``.nessus``, NessusClientData_v2).

A machine scanned again with the same plugins, and without the weakness, proves the repair.

Source: https://static.tenable.com/documentation/nessus_v2_file_format.pdf
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

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
from hygie.engines.exchange.structured import parse_xml_bounded
from hygie.vocabulary.enums import Severity

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET  # nosec B405
    from collections.abc import Iterator

TOOL: Final = "nessus"

SEVERITIES: Final = {
    "4": Severity.CRITICAL,
    "3": Severity.MAJOR,
    "2": Severity.MODERATE,
    "1": Severity.MINOR,
}


def parse_nessus(document: bytes, *, source: str) -> Scan:
    """Return what one scan of Nessus found.

    Raises:
        InputError: if the document is not its export.
    """
    root = parse_xml_bounded(document, source=source)
    if root.tag != "NessusClientData_v2":
        raise wrong("Nessus (.nessus)", source=source)
    hosts: dict[str, frozenset[int] | None] = {}
    names: dict[str, tuple[str, ...]] = {}
    issues: list[Issue] = []
    times, ignored = [], 0
    for element in bounded(root.iter("ReportHost"), source=source):
        tags = {tag.get("name"): tag.text or "" for tag in element.iterfind("HostProperties/tag")}
        host = host_from(element.get("name"))
        if not host:
            ignored += 1
            continue
        if finished := time_from(tags.get("HOST_END_TIMESTAMP")):
            times.append(finished)
            hosts[host] = None  # a machine that was not finished proves nothing
        others = (host_from(tags.get(name)) for name in ("host-ip", "host-fqdn", "netbios-name"))
        names[host] = tuple(dict.fromkeys(name for name in others if name and name != host))
        found = list(_issues(element, host))
        issues += found
        ignored += sum(1 for _ in element.iterfind("ReportItem")) - len(found)
    return Scan(
        tool=TOOL,
        taken_at=max(times, default=None),
        hosts=hosts,
        issues=tuple(issues),
        names=names,
        checks=_plugins(root),
        ignored=ignored,
    )


def _issues(element: ET.Element, host: str) -> Iterator[Issue]:
    for item in element.iterfind("ReportItem"):
        severity = SEVERITIES.get(item.get("severity") or "")
        plugin = key_of(item.get("pluginID"))
        if severity is None or not plugin:
            continue
        port = port_from(item.get("port"))
        yield Issue(
            key=plugin,
            subject=subject_of(host, port) if port else host,
            title=line_of(item.get("pluginName")),
            severity=severity,
            place=line_of(item.get("protocol"), 10) if item.get("protocol") == "udp" else "",
            cves=cves_in(*(cve.text for cve in item.iterfind("cve"))),
            facts={
                "family": line_of(item.get("pluginFamily"), 80),
                "synopsis": line_of(item.findtext("synopsis")),
                "solution": line_of(item.findtext("solution")),
                "cvss": line_of(item.findtext("cvss3_base_score"), 10),
            },
        )


def _plugins(root: ET.Element) -> frozenset[str]:
    """Return the plugins that the scan ran, as its preferences list them."""
    for preference in root.iterfind("Policy/Preferences/ServerPreferences/preference"):
        if preference.findtext("name") == "plugin_set":
            listed = (preference.findtext("value") or "").split(";")
            return frozenset(filter(None, map(key_of, listed)))
    return frozenset()
