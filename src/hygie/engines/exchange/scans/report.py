"""What a report of another tool says, whatever the tool: weaknesses, services, and its reach.

A report is believed for what it shows. What it does not show is repaired only where the tool
really looked again (``Scan.settles``): a scan of one port proves nothing of the others.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hygie.vocabulary.subjects import host_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from hygie.vocabulary.enums import Severity
    from hygie.vocabulary.facts import Json


@dataclass(frozen=True, slots=True)
class Issue:
    """One weakness as the tool names it.

    Attributes:
        key: the tool's own identifier, at most 60 characters, stable from report to report.
        subject: ``host:port``, a host, or a directory domain.
        title: the tool's words, one line.
        severity: on our scale; the tool's own word is in ``facts``.
        place: where inside the subject (a path, an account), empty when the subject says it all.
        cves: identifiers, sorted.
        facts: plain values that a person may check.
    """

    key: str
    subject: str
    title: str
    severity: Severity
    place: str = ""
    cves: tuple[str, ...] = ()
    facts: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Service:
    """A product that answered.

    Attributes:
        subject: ``host:port``.
        product: ``vendor/product`` or ``product``, lower case.
        version: as written, empty when not told.
        banner: what the tool read, at most 300 characters.
    """

    subject: str
    product: str
    version: str
    banner: str = ""


@dataclass(frozen=True, slots=True)
class Directory:
    """An Active Directory domain as an audit found it.

    Attributes:
        domain: its DNS name, lower case.
        level: 1 (worst) to 5: the lowest level that has an open point.
        open_points: (ANSSI identifier, level) of each open point, sorted.
        unplaced: weaknesses of the tool that no point of the ANSSI names.
    """

    domain: str
    level: int
    open_points: tuple[tuple[str, int], ...]
    unplaced: int


@dataclass(frozen=True, slots=True)
class Scan:
    """A whole report.

    Attributes:
        tool: ``nmap``, ``nuclei``…
        version: of the tool, empty when not told.
        taken_at: aware time of the scan, None when not told.
        hosts: each host that answered -> the ports looked at, None for all of them.
        issues: without those of information only.
        services: products recognised.
        names: other names and addresses of the hosts, as the report links them.
        checks: keys that this run concluded on every host and port it looked at.
        concluded: (subject, key) pairs on which it concluded.
        scope: what else makes two runs comparable (a task, a policy), empty for nothing.
        directory: for audits of Active Directory.
        ignored: entries of information only, or not understood.
    """

    tool: str
    version: str = ""
    taken_at: dt.datetime | None = None
    hosts: Mapping[str, frozenset[int] | None] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()
    services: tuple[Service, ...] = ()
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    checks: frozenset[str] = frozenset()
    concluded: frozenset[tuple[str, str]] = frozenset()
    scope: str = ""
    directory: Directory | None = None
    ignored: int = 0

    def settles(self, key: str, subject: str, scope: str = "") -> bool:
        """Tell whether the absence of a weakness from this report proves it repaired.

        Args:
            key: of the weakness.
            subject: of the weakness.
            scope: ``scope`` of the report that showed it last.
        """
        if (subject, key) in self.concluded:
            return True
        host = host_of(subject)
        if host not in self.hosts or not self._looked_at(host, subject):
            return False
        return key in self.checks or (bool(scope) and scope == self.scope)

    def _looked_at(self, host: str, subject: str) -> bool:
        ports = self.hosts[host]
        if ports is None or subject == host:
            return True
        return int(subject.rpartition(":")[2]) in ports


def subject_of(host: str, port: int) -> str:
    """Return ``host:port``, with brackets around an IPv6 address."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
