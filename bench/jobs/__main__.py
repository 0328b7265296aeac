"""Empty items a second on both databases, and how long a killed worker is missed.

``python -m bench.jobs [--sites 500] [--workers 2] [--concurrency 4]``

An empty item reads and writes nothing of its own: what is measured is claiming, locking, the
mark that it is done and, on PostgreSQL, the queue. The territory is invented, in a fresh home
and a fresh database of the server of HYGIE_TEST_POSTGRESQL, dropped at the end.
"""

from __future__ import annotations

import argparse
import os
import signal
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tests.jobs.databases import MIGRATE, Place, postgresql

LAY = """
import sys, django; django.setup()
from django.utils import timezone
from hygie.domain.rounds.actions import open_round
from hygie.domain.territory.closure import rebuild_closure
from hygie.domain.territory.models import Edge, EdgeRole, Kind, Node
top = Node.objects.create(kind=Kind.NATION, code="N", name="Nation inventée")
sites = Node.objects.bulk_create(
    [Node(kind=Kind.ET, code=f"99{n:07}", name=f"Site {n}") for n in range(int(sys.argv[1]))])
Edge.objects.bulk_create([Edge(parent=top, child=s, role=EdgeRole.STRUCTURE) for s in sites])
rebuild_closure()
turn, _ = open_round(top, actor="banc", now=timezone.now())
if sys.argv[2] == "queued":
    from hygie.jobs.backend import backend
    backend().begin(turn)
print(turn.items.count())
"""

EMPTY = """
import sys, time, types, django; django.setup()
from django.utils import timezone
from hygie.domain.rounds.models import Round, Step
from hygie.jobs import round_runner
from hygie.jobs.steps.step import WriteOnly
from hygie.jobs.workbench import Workbench
class Empty(WriteOnly):
    def write(self, item, gathered, bench):
        time.sleep(float(sys.argv[1]))
        return {}
round_runner.STEPS = {step: Empty() for step in Step}
from pathlib import Path
bench = Workbench(home=Path("."), clock=timezone.now, network=None)
bench.__dict__["corpus"] = types.SimpleNamespace(identity="banc")
"""

INLINE = (
    EMPTY
    + """
from hygie.jobs.presence import presence
from hygie.jobs.round_runner import run_round
started = time.monotonic()
with presence("banc") as runner:
    run_round(Round.objects.get(), bench, runner)
print(time.monotonic() - started)
"""
)

WORKER = (
    EMPTY
    + """
from hygie.jobs import worker
worker.workbench = lambda: bench
worker.run_worker(concurrency=int(sys.argv[2]), schedules=False)
"""
)


def inline(place: Place, sites: int) -> float:
    """Return items a second of one process, step after step."""
    place.python(MIGRATE)
    items = int(place.python(LAY, str(sites), "inline"))
    return items / float(place.python(INLINE, "0", timeout=1200))


def _wait(place: Place, query: str) -> float:
    started = time.monotonic()
    while not place.rows(query):
        if time.monotonic() - started > 900:  # noqa: PLR2004 - a quarter of an hour
            raise SystemExit(f"never: {query}")
        time.sleep(0.02)
    return time.monotonic()


def queued(place: Place, sites: int, workers: int, concurrency: int) -> float:
    """Return items a second of several workers, from the first item to the last."""
    place.python(MIGRATE)
    with ExitStack() as stack:
        for _ in range(workers):
            process = place.start("-c", WORKER, "0", str(concurrency))
            stack.callback(process.wait)
            stack.callback(os.killpg, process.pid, signal.SIGKILL)
        while place.rows("SELECT COUNT(*) FROM procrastinate_workers") != [(workers,)]:
            time.sleep(0.1)
        items = int(place.python(LAY, str(sites), "queued"))
        started = _wait(place, "SELECT 1 FROM rounds_item WHERE state = 'done' LIMIT 1")
        return items / (_wait(place, "SELECT 1 FROM rounds_round WHERE state = 'done'") - started)


def recovery(place: Place) -> float:
    """Return the seconds from the kill of a worker to the next claim of an item it had."""
    place.python(MIGRATE)
    with ExitStack() as stack:
        processes = [place.start("-c", WORKER, "0.5", "2") for _ in range(2)]
        for process in processes:
            stack.callback(process.wait)
            stack.callback(os.killpg, process.pid, signal.SIGKILL)
        while place.rows("SELECT COUNT(*) FROM procrastinate_workers") != [(2,)]:
            time.sleep(0.1)
        place.python(LAY, "200", "queued")
        held = f"""SELECT i.id FROM rounds_item i JOIN rounds_runner r ON r.id = i.owner_id
            WHERE r.pid = {processes[0].pid} AND i.step <> 'refresh'"""  # noqa: S608 - our own number
        _wait(place, held)
        os.killpg(processes[0].pid, signal.SIGSTOP)  # what it holds can be read at leisure
        kept = ", ".join(str(row[0]) for row in place.rows(held)) or "0"
        os.killpg(processes[0].pid, signal.SIGKILL)
        started = time.monotonic()
        again = f"SELECT 1 FROM rounds_item WHERE id IN ({kept}) AND claims > 1"  # noqa: S608 - our own numbers
        return _wait(place, again) - started


def main() -> None:
    """Print one line a figure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sites", type=int, default=500)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--concurrency", type=int, default=4)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        rate = inline(Place(home), asked.sites)
        print(f"SQLite, in one process: {rate:.0f} items/s ({asked.sites} sites)", flush=True)
        with postgresql(home) as place:
            rate = inline(place, asked.sites)
            print(f"PostgreSQL, in one process: {rate:.0f} items/s", flush=True)
        with postgresql(home) as place:
            rate = queued(place, asked.sites, asked.workers, asked.concurrency)
            shape = f"{asked.workers} workers of {asked.concurrency}"
            print(f"PostgreSQL, {shape}: {rate:.0f} items/s", flush=True)
        with postgresql(home) as place:
            print(f"PostgreSQL, killed worker missed for {recovery(place):.1f} s", flush=True)


if __name__ == "__main__":
    main()
