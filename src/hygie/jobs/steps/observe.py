"""Observe: put every fitting question to every name that a mandate covers now."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

from hygie.domain.surveillance.actions import record_outcomes
from hygie.domain.surveillance.targets import Perimeter, perimeter_of
from hygie.engines.probing.observe import Target, observe_all
from hygie.jobs.ward import WardedNetwork, under_ward

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hygie.domain.rounds.models import Item
    from hygie.jobs.steps.step import Gathered
    from hygie.jobs.ward import Ward
    from hygie.jobs.workbench import Workbench
    from hygie.vocabulary.facts import Outcome

SITES_AT_ONCE: Final = 20
TARGETS_AT_ONCE: Final = 64


@dataclass(slots=True)
class Seen:
    """What was seen at one establishment, and what its mandates allowed."""

    perimeter: Perimeter
    outcomes: list[Outcome] = field(default_factory=list)


class Observe:
    """The only step that speaks to the network."""

    def gather(self, items: Sequence[Item], bench: Workbench) -> Iterator[Gathered]:
        """Yield each establishment with what was seen there."""
        for start in range(0, len(items), SITES_AT_ONCE):
            batch = items[start : start + SITES_AT_ONCE]
            now = bench.clock()
            seen = {item.node_id: Seen(perimeter_of(item.node, now=now)) for item in batch}
            permissions = {node_id: site.perimeter.permissions for node_id, site in seen.items()}
            under_ward(permissions, bench.clock, partial(_observe, seen, bench))
            yield from ((item, seen[item.node_id]) for item in batch)

    def write(self, item: Item, gathered: Seen, bench: Workbench) -> dict[str, int]:  # noqa: ARG002 - StepWork's signature
        """Keep the outcomes of one establishment."""
        item.note = gathered.perimeter.why_nothing
        return record_outcomes(item.node, gathered.outcomes)


async def _observe(seen: dict[int, Seen], bench: Workbench, ward: Ward) -> None:
    owners: dict[str, int] = {}
    for node_id, site in seen.items():
        for name in site.perimeter.names:
            owners.setdefault(name, node_id)
    network = WardedNetwork(bench.network(ward.check), ward)
    found = observe_all(
        [Target(name) for name in owners],
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
