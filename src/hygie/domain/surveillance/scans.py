"""Take a report of another tool into account: the same reconcile as a round, its tool as source.

What concerns machines that the estate does not hold is left aside and their names are proposed.
A report closes only what its own tool looked at again; an old one changes nothing more recent.
"""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from django.db import transaction

from hygie.domain.estate.models import Asset
from hygie.domain.findings.models import Finding, Origin
from hygie.domain.findings.reconcile import Outcome, Seen, reconcile
from hygie.domain.journal.actions import Act, record
from hygie.domain.surveillance.discovery import propose
from hygie.domain.surveillance.models import DirectoryLevel, NameSource, ScanImport
from hygie.domain.surveillance.services import record_services
from hygie.domain.surveillance.translating import translate
from hygie.engines.exchange.scans.names import Found
from hygie.engines.exchange.scans.readers import NAMES
from hygie.vocabulary.subjects import host_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from hygie.domain.territory.models import Node
    from hygie.engines.exchange.scans.report import Issue, Scan

OUTSIDE_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class Report:
    """A report that was read, with its file."""

    scan: Scan
    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What a report changes, or changed.

    Attributes:
        findings: counts, as a round gives them.
        services: products recognised on the estate's machines.
        outside: machines that the estate does not hold -> weaknesses left aside there.
        proposed: names newly proposed.
        level: level of the directory, None for other reports.
        ignored: entries of information only.
        made: the import, None for a trial.
    """

    findings: Outcome
    services: int
    outside: Mapping[str, int]
    proposed: int
    level: int | None
    ignored: int
    made: ScanImport | None


def report_of(scan: Scan, document: bytes, name: str) -> Report:
    """Return a report with the fingerprint of its file."""
    return Report(scan, name[:200], hashlib.sha256(document).hexdigest())


def take(
    node: Node, report: Report, *, actor: str, now: dt.datetime, dry_run: bool = False
) -> Taken:
    """Bring the findings up to date with a report; whole or not at all, nothing for a trial."""
    with transaction.atomic():
        taken = _take(node, report, actor, now)
        if dry_run:
            transaction.set_rollback(True)
    return taken


def _take(node: Node, report: Report, actor: str, now: dt.datetime) -> Taken:
    assets = {
        asset.name.lower(): asset
        for asset in Asset.objects.filter(node=node, removed_at__isnull=True)
    }
    mine = translate(report.scan, assets.keys(), [name for name in assets if _is_network(name)])
    scan, since = mine.scan, mine.scan.taken_at or now
    findings = reconcile(
        node,
        Origin.SCAN,
        _seen(node, scan, assets, since),
        answered=lambda finding: _proves(scan, finding, since),
        now=now,
    )
    findings.unknown -= _of_others(node, scan.tool)
    proposed = propose(
        node,
        NameSource.SCAN,
        [Found(host, NAMES[scan.tool]) for host in list(mine.outside)[:OUTSIDE_SHOWN]],
        actor=actor,
        now=now,
    )
    services = record_services(node, scan, now=now)
    made = _keep(node, report, scan, findings, actor, now)
    return Taken(
        findings=findings,
        services=services,
        outside=mine.outside,
        proposed=len(proposed),
        level=scan.directory.level if scan.directory else None,
        ignored=scan.ignored,
        made=made,
    )


def _seen(node: Node, scan: Scan, assets: Mapping[str, Asset], since: dt.datetime) -> list[Seen]:
    """Return what the report shows, without what was closed after it was taken."""
    closed = set(
        Finding.objects.filter(node=node, origin=Origin.SCAN, closed_at__gt=since).values_list(
            "identity", flat=True
        )
    )
    every = [_as_seen(scan, issue, assets) for issue in scan.issues]
    return [one for one in every if one.identity(node.pk) not in closed]


def _as_seen(scan: Scan, issue: Issue, assets: Mapping[str, Asset]) -> Seen:
    asset = assets.get(host_of(issue.subject).lower())
    facts = {
        "tool": f"{NAMES[scan.tool]} {scan.version}".strip(),
        **issue.facts,
        "cves": list(issue.cves),
        "scope": scan.scope,
    }
    return Seen(
        origin=Origin.SCAN,
        key=f"{scan.tool}:{issue.key}",
        subject=issue.subject[:300],
        place=issue.place[:300],
        title=issue.title,
        severity=issue.severity,
        probe=scan.tool,
        asset_id=asset.pk if asset else None,
        facts=facts,
    )


def _proves(scan: Scan, finding: Finding, since: dt.datetime) -> bool:
    tool, _, key = finding.rule_id.partition(":")
    if tool != scan.tool or (finding.last_seen_at > since and finding.last_reached_at > since):
        return False
    return scan.settles(key, finding.subject, str(finding.facts.get("scope", "")))


def _of_others(node: Node, tool: str) -> int:
    """Count what other tools know: this report says nothing of it, good or bad."""
    live = Finding.objects.filter(node=node, origin=Origin.SCAN, closed_at__isnull=True)
    return live.exclude(probe=tool).count()


def _keep(
    node: Node, report: Report, scan: Scan, findings: Outcome, actor: str, now: dt.datetime
) -> ScanImport:
    counts = asdict(findings) | {"hosts": len(scan.hosts)}
    made = ScanImport.objects.create(
        node=node, tool=scan.tool, tool_version=scan.version, name=report.name,
        sha256=report.sha256, taken_at=scan.taken_at, imported_at=now, imported_by=actor,
        counts=counts,
    )  # fmt: skip
    if scan.directory:
        DirectoryLevel.objects.create(
            node=node, domain=scan.directory.domain[:200], level=scan.directory.level,
            open_points=[list(point) for point in scan.directory.open_points],
            unplaced=scan.directory.unplaced, taken_at=scan.taken_at or now, scan=made,
        )  # fmt: skip
    detail = {"tool": scan.tool, "file": report.name, "sha256": report.sha256, **counts}
    record(Act("scan.imported", "scan", str(made.pk), node.pk, detail), actor=actor, now=now)
    return made


def _is_network(name: str) -> bool:
    try:
        ipaddress.ip_network(name)
    except ValueError:
        return False
    return True
