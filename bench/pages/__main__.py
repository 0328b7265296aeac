"""The 95th percentile of list and home pages over a million findings, for each role.

``python -m bench.pages [--findings 1000000] [--rate 20] [--seconds 5] [--database both]``

12,000 invented places in a fresh home, on SQLite and in a fresh database of the server of
HYGIE_TEST_POSTGRESQL, dropped at the end; gunicorn with 2 workers on loopback. Requests leave on
time whatever the answers do, and a wait in the queue counts.
"""

from __future__ import annotations

import argparse
import http.client
import os
import signal
import socket
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from tests.jobs.databases import MIGRATE, Place, postgresql

if TYPE_CHECKING:
    from collections.abc import Iterator

GOAL_MS: Final = 150.0
WARM_UP: Final = 10
ENOUGH: Final = 256 * 1024
"""Bytes read of an answer: every page whole, and the first lines of a file of the whole list."""
SERVE: Final = """
import sys
from hygie.cli.gunicorn import serve_site
serve_site(f"127.0.0.1:{sys.argv[1]}", workers=2)
"""

_READERS: Final = ("rssi", "ght", "director", "ars", "cert", "anssi")
PAGES: Final = {
    "home": ("/", (*_READERS, "ministry", "trainer", "admin")),
    "findings": ("/constats/", _READERS),
    "findings, page 20": ("/constats/?page=20", _READERS),
    "findings, overdue": ("/constats/?overdue=on", _READERS),
    "findings, by deadline": ("/constats/?order=due", ("rssi", "ght", "ars", "cert")),
    "findings, by place": ("/constats/?order=place", ("ght", "ars", "cert")),
    "findings, to act on": ("/constats/?decision=act", ("rssi", "ght", "ars", "cert")),
    "place": ("/lieux/{node}/", (*_READERS, "ministry")),
    "search": ("/recherche/?q=site+12", ("rssi", "ars", "cert", "ministry")),
    "estate": ("/lieux/{site}/parc/", ("rssi", "ars", "cert")),
    "mandates": ("/lieux/{site}/mandats/", ("rssi", "ars")),
    "rounds": ("/rondes/", (*_READERS, "admin")),
    "works": ("/travaux/", ("rssi", "ght", "admin")),
    "people": ("/personnes/", ("rssi", "ght", "ars", "admin")),
    "journal": ("/journal/", ("rssi", "ght", "anssi", "admin")),
    "spreadsheet, first lines": ("/constats/tableur/", ("rssi", "ars", "cert")),
}


class Visitor(NamedTuple):
    """Who asks: a role, the cookie of a session, the place of the role."""

    role: str
    cookie: str
    node: str


def main() -> None:
    """Print a table for each database."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--findings", type=int, default=1_000_000)
    parser.add_argument("--rate", type=float, default=20.0)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--database", choices=("both", "sqlite", "postgresql"), default="both")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if asked.database != "postgresql":
            home = Path(folder) / "sqlite"
            home.mkdir()
            measure("SQLite", Place(home), asked)
        if asked.database != "sqlite":
            home = Path(folder) / "postgresql"
            home.mkdir()
            with postgresql(home) as place:
                measure("PostgreSQL", place, asked)


def measure(name: str, place: Place, asked: argparse.Namespace) -> None:
    """Lay the nation, serve it, and print a line for each page and role."""
    place.python(MIGRATE, timeout=300)
    started = time.monotonic()
    lines = place.python(
        "import runpy; runpy.run_module('bench.pages.territory', run_name='__main__')",
        str(asked.findings), timeout=1800,
    )  # fmt: skip
    visitors = {line.split()[0]: Visitor(*line.split()) for line in lines.splitlines()}
    print(f"{name}: {asked.findings:,} findings laid in {time.monotonic() - started:.0f} s")
    print(f"{'page':26} {'role':10} {'median':>9} {'p95':>9} {'worst':>9}")
    with served(place) as port:
        for page, (path, roles) in PAGES.items():
            for role in roles:
                visitor = visitors[role]
                times = visit(
                    port, visitor, path.format(node=visitor.node, site=visitors["rssi"].node), asked
                )
                p95 = statistics.quantiles(times, n=20)[-1]
                late = "" if p95 < GOAL_MS else f"  over {GOAL_MS:.0f}"
                print(
                    f"{page:26} {role:10} {statistics.median(times):6.0f} ms {p95:6.0f} ms"
                    f" {max(times):6.0f} ms{late}",
                    flush=True,
                )


@contextmanager
def served(place: Place) -> Iterator[int]:
    """Serve the place with two workers; yields the port, and ends them."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    process = place.start("-c", SERVE, str(port))
    try:
        _wait(port)
        yield port
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def visit(port: int, visitor: Visitor, path: str, asked: argparse.Namespace) -> list[float]:
    """Ask for a page at the rate; returns milliseconds from when each was due to its answer."""
    for _ in range(WARM_UP):
        _fetch(port, visitor, path, time.monotonic())
    count, begin = int(asked.rate * asked.seconds), time.monotonic()
    with ThreadPoolExecutor(max_workers=32) as pool:
        sent = []
        for rank in range(count):
            due = begin + rank / asked.rate
            time.sleep(max(0.0, due - time.monotonic()))
            sent.append(pool.submit(_fetch, port, visitor, path, due))
        return [one.result() for one in sent]


def _fetch(port: int, visitor: Visitor, path: str, due: float) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"Cookie": f"hygie_session={visitor.cookie}"})
    answer = connection.getresponse()
    answer.read(ENOUGH)
    connection.close()
    if answer.status != http.HTTPStatus.OK:
        raise SystemExit(f"{path} as {visitor.role}: {answer.status}")
    return (time.monotonic() - due) * 1000


def _wait(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the server did not start")


if __name__ == "__main__":
    main()
