"""Products that other tools recognised: sightings of the tool, which the matching reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hygie.domain.surveillance.actions import record_answers
from hygie.domain.surveillance.models import Sighting
from hygie.engines.exchange.scans.cells import is_public
from hygie.engines.exchange.scans.readers import READERS
from hygie.engines.exchange.scans.shodan import TOOL as SHODAN
from hygie.vocabulary.facts import EVIDENCE_MAX_BYTES, NotObserved, Observation
from hygie.vocabulary.subjects import host_of

if TYPE_CHECKING:
    import datetime as dt

    from hygie.domain.territory.models import Node
    from hygie.engines.exchange.scans.report import Scan, Service

TOOLS: Final = frozenset(READERS)
"""Probes that are other tools: their last report is what is known, as an inventory is."""


def record_services(node: Node, scan: Scan, *, now: dt.datetime) -> int:
    """Keep the products of a report; one not there any more where it looked is gone.

    Returns how many products the report shows.
    """
    shown = {service.subject: _observation(scan, service, now) for service in scan.services}
    known = Sighting.objects.filter(node=node, probe=scan.tool, current=True)
    gone = [row for row in known if row.subject not in shown and _looked_at(scan, row.subject)]
    silences = [
        NotObserved(row.subject, scan.tool, "refused", "port fermé ou produit non reconnu", now)
        for row in gone
    ]
    record_answers(node, [*shown.values(), *silences])
    Sighting.objects.filter(pk__in=[row.pk for row in gone]).update(current=False)
    return len(shown)


def _observation(scan: Scan, service: Service, now: dt.datetime) -> Observation:
    host = host_of(service.subject)
    addresses = (host, *scan.names.get(host, ()))
    evidence = f"{service.product} {service.version} {service.banner}".strip().encode()
    return Observation(
        subject=service.subject[:300],
        probe=scan.tool,
        value={
            "open": True,
            "banner": service.banner,
            "exposed": scan.tool == SHODAN or any(map(is_public, addresses)),
        },
        evidence=evidence[:EVIDENCE_MAX_BYTES],
        at=now,
        confidence=0.9,
        product=service.product[:200],
        version=service.version[:200],
    )


def _looked_at(scan: Scan, subject: str) -> bool:
    """Tell whether the report would show the product were it still there."""
    if scan.tool == SHODAN:
        return False
    host, port = host_of(subject), subject.rpartition(":")[2]
    if host not in scan.hosts:
        return False
    ports = scan.hosts[host]
    return ports is None or (port.isdigit() and int(port) in ports)
