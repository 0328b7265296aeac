"""How deep to look at each name of a place this time, and which of its ports went silent."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hygie.domain.findings.lifecycle import LIVE_STATES
from hygie.domain.findings.models import Finding, Origin
from hygie.domain.surveillance.models import DEPTH, TARGET, Attempt, Sighting
from hygie.engines.probing.passes import DEEP_ONLY_PROBES, is_deep_due
from hygie.vocabulary.subjects import host_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from hygie.domain.territory.models import Node


@dataclass(frozen=True, slots=True)
class Depth:
    """What to ask of one name.

    Attributes:
        name: the name or address.
        deep: the deep pass is due.
        silent: ports seen open once, silent at the last attempt.
    """

    name: str
    deep: bool
    silent: tuple[int, ...]


def depths(node: Node, names: Iterable[str], *, now: dt.datetime) -> list[Depth]:
    """Return, for each name of ``node``, how deep to look now."""
    asked_at = dict(Attempt.objects.filter(node=node, probe=DEPTH).values_list("subject", "at"))
    changed_at: dict[str, dt.datetime] = {}
    open_once: set[tuple[str, str]] = set()
    for row in Sighting.objects.filter(node=node, current=True).defer("evidence"):
        host = host_of(row.subject)
        changed_at[host] = max(changed_at.get(host, row.first_seen_at), row.first_seen_at)
        if row.value.get("open", row.value.get("answers", True)):
            open_once.add((row.subject, row.probe))
    waiting = {
        host_of(subject)
        for subject in Finding.objects.filter(
            node=node, origin=Origin.EXPOSURE, probe__in=DEEP_ONLY_PROBES, state__in=LIVE_STATES
        ).values_list("subject", flat=True)
    }
    silent = _silent(node, open_once)
    return [
        Depth(
            name,
            is_deep_due(
                asked_at=asked_at.get(name),
                changed_at=changed_at.get(name),
                awaits_proof=name in waiting,
                now=now,
            ),
            tuple(sorted(silent[name])),
        )
        for name in names
    ]


def _silent(node: Node, open_once: set[tuple[str, str]]) -> defaultdict[str, set[int]]:
    """Return the ports, by host, whose open service did not answer the last time."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    rows = Attempt.objects.filter(node=node, reached=False, reason="timeout")
    for subject, probe in rows.exclude(probe__in=(TARGET, DEPTH)).values_list("subject", "probe"):
        port = subject.rpartition(":")[2]
        if (subject, probe) in open_once and probe != "udp" and port.isdigit():
            found[host_of(subject)].add(int(port))
    return found
