"""Observe every hostile neighbour once, in a process of its own, so that its memory is its own.

``python -m tests.journeys.hostile.visiting`` reads what ``neighbours`` printed on its input, and
prints what came of it as JSON.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import resource
import sys
import time
from typing import TYPE_CHECKING, Any, Final

from hygie.engines.probing.network import LabNetwork
from hygie.engines.probing.observe import Target, observe_all
from hygie.engines.probing.politeness import Politeness
from hygie.engines.probing.ports import DEFAULT_PORTS
from hygie.vocabulary.facts import NotObserved

if TYPE_CHECKING:
    from hygie.vocabulary.facts import Outcome

BUDGET_S: Final = 3.0
ADDRESSES: Final = "198.51.100.{}"
NOW: Final = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)


async def visit(ports: dict[str, int], lies: list[str]) -> dict[str, Any]:
    """Return how long each target took, and what was said of each question."""
    servers = {ADDRESSES.format(n): name for n, name in enumerate(sorted(set(ports) - {"dns"}), 1)}
    every = {port for listed in DEFAULT_PORTS.values() for port in listed}
    places = {
        f"{address}:{port}": ["127.0.0.1", ports[name]]
        for address, name in servers.items()
        for port in every
    }
    network = LabNetwork(
        {"dns": ["127.0.0.1", ports["dns"]], "services": places},
        politeness=Politeness(per_host=8, interval_s=0.0),
    )
    targets = [Target(address, deep=True) for address in servers]
    targets += [Target(f"{lie}.example", deep=True) for lie in lies]
    started = time.monotonic()
    took, said = {}, {}
    found = observe_all(targets, network, now=NOW, budget_s=BUDGET_S, concurrency=len(targets))
    async for target, outcomes in found:
        name = servers.get(target.name, target.name)
        took[name] = time.monotonic() - started
        said[name] = [_told(outcome) for outcome in outcomes]
    return {"took": took, "said": said}


def _told(outcome: Outcome) -> dict[str, object]:
    lost = isinstance(outcome, NotObserved)
    return {
        "probe": outcome.probe,
        "reason": outcome.reason if lost else None,
        "detail": outcome.detail if lost else None,
        "bytes": 0 if lost else len(outcome.evidence) + len(json.dumps(dict(outcome.value))),
    }


def main() -> None:
    """Print the visit, with the largest memory of this process before and after it, in MiB."""
    given = json.loads(sys.stdin.readline())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    result = asyncio.run(visit(given["ports"], given["lies"]))
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(result | {"before_mib": before, "after_mib": after}))


if __name__ == "__main__":
    main()
