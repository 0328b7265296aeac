"""Observe: put every fitting question to every name that a mandate covers now."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

from hygie.domain.journal.actions import SYSTEM
from hygie.domain.surveillance.actions import record_outcomes
from hygie.domain.surveillance.depth import depths
from hygie.domain.surveillance.discovery import propose
from hygie.domain.surveillance.seen_names import names_seen
from hygie.domain.surveillance.targets import Perimeter, perimeter_of
from hygie.engines.probing.observe import Target, observe_all
from hygie.jobs.ward import WardedNetwork, under_ward

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from hygie.domain.rounds.models import Item
    from hygie.domain.surveillance.depth import Depth
    from hygie.domain.territory.models import Node
    from hygie.jobs.steps.step import Gathered
    from hygie.jobs.ward import Ward
    from hygie.jobs.workbench import Workbench
    from hygie.vocabulary.facts import Outcome

SITES_AT_ONCE: Final = 20
TARGETS_AT_ONCE: Final = 64


@dataclass(slots=True)
class Seen:
    """What was seen at one establishment, how deep, and what its mandates allowed."""

    perimeter: Perimeter
    depths: tuple[Depth, ...] = ()
    outcomes: list[Outcome] = field(default_factory=list)


class Observe:
    """The only step that speaks to the network."""

    def gather(self, items: Sequence[Item], bench: Workbench) -> Iterator[Gathered]:
        """Yield each establishment with what was seen there."""
        for start in range(0, len(items), SITES_AT_ONCE):
            batch = items[start : start + SITES_AT_ONCE]
            now = bench.clock()
            seen = {item.node_id: _before(item.node, now) for item in batch}
            permissions = {node_id: site.perimeter.permissions for node_id, site in seen.items()}
            under_ward(permissions, bench.clock, partial(_observe, seen, bench))
            yield from ((item, seen[item.node_id]) for item in batch)

    def write(self, item: Item, gathered: Seen, bench: Workbench) -> dict[str, int]:
        """Keep the outcomes of one establishment, and propose the names that they bear."""
        item.note = gathered.perimeter.why_nothing
        now = bench.clock()
        for source, found in names_seen(gathered.outcomes).items():
            propose(item.node, source, found, actor=SYSTEM, now=now)
        return record_outcomes(item.node, gathered.outcomes)


def _before(node: Node, now: dt.datetime) -> Seen:
    """Return what may be looked at, and how deep, before anything is asked."""
    perimeter = perimeter_of(node, now=now)
    return Seen(perimeter, tuple(depths(node, perimeter.names, now=now)))


async def _observe(seen: dict[int, Seen], bench: Workbench, ward: Ward) -> None:
    owners: dict[str, int] = {}
    targets: list[Target] = []
    for node_id, site in seen.items():
        targets += [
            Target(depth.name, deep=depth.deep, silent=depth.silent)
            for depth in site.depths
            if owners.setdefault(depth.name, node_id) == node_id
        ]
    network = WardedNetwork(bench.network(ward.check), ward)
    found = observe_all(
        targets,
        network,
        now=bench.clock(),
        budget_s=bench.budget_s,
        concurrency=TARGETS_AT_ONCE,
    )
    cutter = asyncio.create_task(network.cut_what_is_forbidden())
    try:
        async for target, outcomes in found:
            seen[owners[target.name]].outcomes.extend(outcomes)
    finally:
        cutter.cancel()
