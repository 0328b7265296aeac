"""Read nmap's XML (``-oX``).

A port open to the Internet whose service should never be there is a weakness; so is a script
that says VULNERABLE. A port scanned and not open proves the repair of what was seen on it.

Source: https://nmap.org/book/nmap-dtd.html (xmloutputversion 1.05).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hygie.engines.exchange.scans.cells import (
    bounded,
    cves_in,
    host_from,
    is_public,
    key_of,
    line_of,
    port_from,
    time_from,
    wrong,
)
from hygie.engines.exchange.scans.report import Issue, Scan, Service, subject_of
from hygie.engines.exchange.structured import parse_xml_bounded
from hygie.vocabulary.enums import Severity

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET  # nosec B405
    from collections.abc import Iterator

TOOL: Final = "nmap"

RISKY: Final = {
    "telnet": Severity.CRITICAL, "ms-wbt-server": Severity.CRITICAL, "vnc": Severity.CRITICAL,
    "microsoft-ds": Severity.CRITICAL, "netbios-ssn": Severity.CRITICAL,
    "acr-nema": Severity.CRITICAL, "dicom": Severity.CRITICAL, "hl7": Severity.CRITICAL,
    "mongod": Severity.CRITICAL, "mongodb": Severity.CRITICAL, "redis": Severity.CRITICAL,
    "docker": Severity.CRITICAL, "x11": Severity.CRITICAL, "login": Severity.CRITICAL,
    "shell": Severity.CRITICAL, "exec": Severity.CRITICAL, "modbus": Severity.CRITICAL,
    "bacnet": Severity.CRITICAL, "mysql": Severity.MAJOR, "ms-sql-s": Severity.MAJOR,
    "postgresql": Severity.MAJOR, "oracle-tns": Severity.MAJOR, "ldap": Severity.MAJOR,
    "elasticsearch": Severity.MAJOR, "memcached": Severity.MAJOR, "rsync": Severity.MAJOR,
    "nfs": Severity.MAJOR, "snmp": Severity.MAJOR, "ipp": Severity.MAJOR,
    "jetdirect": Severity.MAJOR,
    "ftp": Severity.MODERATE, "tftp": Severity.MODERATE,
}  # fmt: skip
"""nmap's name of a service -> how bad it is on the Internet."""

_OPEN: Final = "open-"
_MAX_PORTS: Final = 65_536


def parse_nmap(document: bytes, *, source: str) -> Scan:
    """Return what one run of nmap saw.

    Raises:
        InputError: if the document is not nmap's XML.
    """
    root = parse_xml_bounded(document, source=source, doctype="nmaprun")
    if root.tag != "nmaprun":
        raise wrong("nmap (-oX)", source=source)
    ports = _ports_scanned(root)
    hosts: dict[str, frozenset[int] | None] = {}
    names: dict[str, tuple[str, ...]] = {}
    issues: list[Issue] = []
    services: list[Service] = []
    for element in bounded(root.iter("host"), source=source):
        host, others = _host(element)
        if not host or _state(element.find("status")) != "up":
            continue
        hosts[host], names[host] = ports, others
        for port in element.iterfind("ports/port"):
            issues += _issues(port, host, element)
            services += _service(port, host)
        issues += _script_issues(element.iterfind("hostscript/script"), host)
    return Scan(
        tool=TOOL,
        version=line_of(root.get("version"), 60),
        taken_at=time_from(root.get("start")),
        hosts=hosts,
        issues=tuple(issues),
        services=tuple(services),
        names=names,
        checks=frozenset(_OPEN + name for name in RISKY),
        scope=_scripts_run(root),
    )


def _host(element: ET.Element) -> tuple[str, tuple[str, ...]]:
    """Return the host as it was asked for, and its other names and addresses."""
    named = list(element.iterfind("hostnames/hostname"))
    asked = [host_from(name.get("name")) for name in named if name.get("type") == "user"]
    others = [host_from(name.get("name")) for name in named if name.get("type") != "user"]
    addresses = [
        host_from(address.get("addr"))
        for address in element.iterfind("address")
        if address.get("addrtype") != "mac"
    ]
    found = [name for name in dict.fromkeys([*asked, *addresses, *others]) if name]
    return (found[0], tuple(found[1:])) if found else ("", ())


def _ports_scanned(root: ET.Element) -> frozenset[int]:
    """Return every TCP port of the run, from the ranges of ``scaninfo``."""
    ports: set[int] = set()
    for info in root.iterfind("scaninfo"):
        if info.get("protocol") != "tcp":
            continue
        for part in (info.get("services") or "").split(",")[:_MAX_PORTS]:
            first, _, last = part.partition("-")
            low, high = port_from(first), port_from(last or first)
            if low is not None and high is not None:
                ports.update(range(low, high + 1))
    return frozenset(ports)


def _scripts_run(root: ET.Element) -> str:
    """Return the scripts asked for, so that only the same ones prove a repair."""
    words = (root.get("args") or "")[:20_000].split()
    asked = [
        words[at + 1] if word == "--script" and at + 1 < len(words) else word.partition("=")[2]
        for at, word in enumerate(words)
        if word == "--script" or word.startswith("--script=")
    ]
    return line_of(f"scripts {','.join(sorted(asked))}", 200) if asked else ""


def _issues(port: ET.Element, host: str, element: ET.Element) -> Iterator[Issue]:
    number = port_from(port.get("portid"))
    if number is None or _state(port.find("state")) != "open" or port.get("protocol") != "tcp":
        return
    subject = subject_of(host, number)
    service = port.find("service")
    name = line_of(service.get("name"), 40) if service is not None else ""
    addresses = [host_from(one.get("addr")) for one in element.iterfind("address")]
    if name in RISKY and any(map(is_public, addresses)):
        yield Issue(
            key=_OPEN + name,
            subject=subject,
            title=f"Service {name} ouvert sur Internet",
            severity=RISKY[name],
            facts={"service": name, "port": number},
        )
    yield from _script_issues(port.iterfind("script"), subject)


def _script_issues(scripts: Iterator[ET.Element], subject: str) -> Iterator[Issue]:
    """Yield what a script of the ``vuln`` library reports as vulnerable."""
    for script in scripts:
        output = script.get("output") or ""
        if "VULNERABLE" not in output or "NOT VULNERABLE" in output:
            continue
        yield Issue(
            key=key_of(script.get("id")),
            subject=subject,
            title=f"nmap {line_of(script.get('id'), 60)} : vulnérable",
            severity=Severity.MAJOR,
            cves=cves_in(output),
            facts={"output": line_of(output)},
        )


def _service(port: ET.Element, host: str) -> Iterator[Service]:
    service, number = port.find("service"), port_from(port.get("portid"))
    if service is None or number is None or _state(port.find("state")) != "open":
        return
    product = line_of(service.get("product"), 120).lower()
    for cpe in service.iterfind("cpe"):
        parts = (cpe.text or "").removeprefix("cpe:/").split(":")
        if len(parts) >= 3 and parts[0] == "a":  # noqa: PLR2004 - part, vendor, product
            product = f"{line_of(parts[1], 80)}/{line_of(parts[2], 80)}"
            break
    if product:
        version = line_of(service.get("version"), 120)
        yield Service(subject_of(host, number), product, version, line_of(service.get("extrainfo")))


def _state(element: ET.Element | None) -> str:
    return (element.get("state") or "") if element is not None else ""
