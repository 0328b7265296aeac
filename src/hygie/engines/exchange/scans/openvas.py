"""Read a report of OpenVAS / Greenbone (GMP XML).

A machine finished by the same task, in a report that hides nothing, proves the repair.

Source: https://docs.greenbone.net/API/GMP/gmp-22.5.html (element report).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hygie.engines.exchange.scans.cells import (
    bounded,
    cves_in,
    host_from,
    key_of,
    line_of,
    number_from,
    port_from,
    time_from,
    wrong,
)
from hygie.engines.exchange.scans.report import Issue, Scan, subject_of
from hygie.engines.exchange.structured import parse_xml_bounded
from hygie.vocabulary.enums import Severity
from hygie.vocabulary.severity import severity_of_score

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET  # nosec B405

TOOL: Final = "openvas"

_ALL_LEVELS: Final = frozenset("hml")
_MIN_QUALITY: Final = 70.0
"""Greenbone's own bound: below, a detection is a guess."""


def parse_openvas(document: bytes, *, source: str) -> Scan:
    """Return what one report of Greenbone says.

    Raises:
        InputError: if the document is not one.
    """
    root = parse_xml_bounded(document, source=source)
    report = next((each for each in root.iter("report") if each.find("results") is not None), None)
    if report is None:
        raise wrong("OpenVAS / Greenbone (XML)", source=source)
    issues: list[Issue] = []
    names: dict[str, tuple[str, ...]] = {}
    ignored = 0
    for result in bounded(report.iterfind("results/result"), source=source):
        issue, name = _issue(result)
        if issue is None:
            ignored += 1
            continue
        issues.append(issue)
        host = host_from(_text_of(result.find("host")))
        if name and name != host:
            names[host] = (name,)
    return Scan(
        tool=TOOL,
        version=line_of(report.findtext("gmp/version") or report.findtext("omp/version"), 60),
        taken_at=time_from(report.findtext("scan_end")),
        hosts=_finished(report) if _hides_nothing(report) else {},
        issues=tuple(issues),
        names=names,
        scope=_task(report),
        ignored=ignored,
    )


def _issue(result: ET.Element) -> tuple[Issue | None, str]:
    element, nvt = result.find("host"), result.find("nvt")
    host = host_from(_text_of(element))
    score = number_from(result.findtext("severity"))
    quality = number_from(result.findtext("qod/value"))
    if nvt is None or not host or score is None or score <= 0:
        return None, ""
    if quality is not None and quality < _MIN_QUALITY:
        return None, ""
    port = port_from((result.findtext("port") or "").partition("/")[0])
    refs = [
        ref.get("id")
        for ref in nvt.iterfind("refs/ref")
        if (ref.get("type") or "").lower() == "cve"
    ]
    name = host_from(element.findtext("hostname")) if element is not None else ""
    severity = severity_of_score(score)
    return Issue(
        key=key_of(nvt.get("oid")),
        subject=subject_of(host, port) if port else host,
        title=line_of(result.findtext("name") or nvt.findtext("name")),
        severity=severity if severity != Severity.INFO else Severity.MINOR,
        cves=cves_in(*refs, nvt.findtext("cve")),
        facts={
            "cvss": score,
            "quality": quality,
            "description": line_of(result.findtext("description")),
            "solution": line_of(nvt.findtext("solution")),
        },
    ), name


def _finished(report: ET.Element) -> dict[str, frozenset[int] | None]:
    """Return the machines whose scan came to its end."""
    return {
        host: None
        for element in report.iterfind("host")
        if (host := host_from(element.findtext("ip"))) and time_from(element.findtext("end"))
    }


def _hides_nothing(report: ET.Element) -> bool:
    """Tell whether the report holds every level of severity."""
    if line_of(report.findtext("scan_run_status"), 20) != "Done":
        return False
    for word in (report.findtext("filters/term") or "")[:2000].split():
        name, _, value = word.partition("=")
        if name == "levels" and not set(value) >= _ALL_LEVELS:
            return False
        if name == "first" and value not in ("1", ""):
            return False
    return True


def _task(report: ET.Element) -> str:
    task = report.find("task")
    identifier = key_of(task.get("id")) if task is not None else ""
    return f"task {identifier}" if identifier else ""


def _text_of(element: ET.Element | None) -> str:
    return (element.text or "") if element is not None else ""
