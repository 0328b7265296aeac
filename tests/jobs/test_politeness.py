"""However many workers ask, a host sees no more than its bound, and a dead worker holds nothing."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from tests.jobs.databases import server

from hygie.engines.probing.politeness import time_limit
from hygie.jobs.politeness import Grip, Places, SharedPlaces, SharedPoliteness, network_of

CALLER = str(Path(__file__).with_name("calling.py"))


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("lab.example", "lab.example"),
    ],
)
def test_a_network_is_what_a_provider_shares(address: str, network: str) -> None:
    assert network_of(address) == network


def test_all_is_taken_or_nothing() -> None:
    places, first, second = Places(), Grip(), Grip()

    assert places.take([["a"], ["b"]], first)
    assert not places.take([["c"], ["b"]], second)
    assert places.take([["c"]], second)

    places.give(first)
    assert places.take([["a"], ["b"]], second)


def test_who_gave_up_waiting_takes_nothing_any_more() -> None:
    places, gone = Places(), Grip()
    places.give(gone)

    assert not places.take([["a"]], gone)
    assert places.take([["a"]], Grip())


def test_the_bound_holds_across_event_loops_of_one_process() -> None:
    places = Places()
    open_now, most = 0, 0

    async def call(bounds: SharedPoliteness) -> None:
        nonlocal open_now, most
        leave = await bounds.turn("192.0.2.1")
        open_now += 1
        most = max(most, open_now)
        await asyncio.sleep(0.01)
        open_now -= 1
        leave()

    async def calls() -> None:
        # Two bounds, as two event loops would have: only the places are common.
        several = [SharedPoliteness(per_host=2, interval_s=0.0, places=places) for _ in range(2)]
        await asyncio.gather(*(call(bounds) for bounds in several for _ in range(10)))

    asyncio.run(calls())

    assert most == 2


def test_waiting_for_everybody_is_not_the_slowness_of_the_target() -> None:
    async def wait() -> None:
        places, other = Places(), Grip()
        places.take([["host 192.0.2.1 0"]], other)
        bounds = SharedPoliteness(per_host=1, interval_s=0.0, places=places)
        asyncio.get_running_loop().call_later(0.3, places.give, other)
        async with time_limit(0.1):
            (await bounds.turn("192.0.2.1"))()

    asyncio.run(wait())


def test_who_is_cancelled_while_waiting_holds_nothing() -> None:
    places, other = Places(), Grip()
    places.take([["host 192.0.2.1 0"]], other)

    async def wait() -> None:
        bounds = SharedPoliteness(per_host=1, interval_s=0.0, places=places)
        waiting = asyncio.create_task(bounds.turn("192.0.2.1"))
        await asyncio.sleep(0.05)
        waiting.cancel()
        with suppress(asyncio.CancelledError):
            await waiting

    asyncio.run(wait())
    places.give(other)

    assert places.take([["gap 192.0.2.1"], ["host 192.0.2.1 0"]], Grip())


def call_from(processes: int, calls: int, log: Path) -> list[subprocess.Popen[bytes]]:
    command = [sys.executable, CALLER, f"{server()}/postgres", str(calls), str(log)]
    return [subprocess.Popen(command, env=dict(os.environ)) for _ in range(processes)]


def test_three_processes_never_pass_the_bound_of_one_host(tmp_path: Path) -> None:
    log = tmp_path / "calls"
    processes = call_from(3, 12, log)
    for process in processes:
        assert process.wait(timeout=60) == 0

    calls = [json.loads(line) for line in log.read_text().splitlines()]
    moments = sorted([(call["from"], 1) for call in calls] + [(call["to"], -1) for call in calls])
    open_now = most = 0
    for _, change in moments:
        open_now += change
        most = max(most, open_now)
    starts = sorted(call["from"] for call in calls)
    assert len(calls) == 36
    assert most <= 2
    assert min(b - a for a, b in pairwise(starts)) >= 0.015


def test_a_killed_process_gives_its_places_back_at_once(tmp_path: Path) -> None:
    places = SharedPlaces(conninfo_to_dict(f"{server()}/postgres"))
    log = tmp_path / "calls"
    [process] = call_from(1, -1, log)  # -1: takes its place and keeps it
    try:
        while not log.exists():
            time.sleep(0.05)
        name = json.loads(log.read_text())["place"]
        assert not places.take([[name]], Grip())
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)
        deadline = time.monotonic() + 5
        while not places.take([[name]], Grip()):
            assert time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        process.kill()
        places.close()


def test_a_lost_session_is_opened_again() -> None:
    places, grip = SharedPlaces(conninfo_to_dict(f"{server()}/postgres")), Grip()
    places.take([["hygie-test-lost"]], grip)
    assert isinstance(places._session, psycopg.Connection)
    places._session.close()

    places.give(grip)
    try:
        # The server frees what a lost session held when it notices, not at once.
        assert any(taken(places, "hygie-test-lost") for _ in range(100))
    finally:
        places.close()


def taken(places: SharedPlaces, name: str) -> bool:
    time.sleep(0.05)
    return places.take([[name]], Grip())


def test_the_common_pace_holds_over_all_hosts_and_event_loops() -> None:
    places = Places()
    starts: list[float] = []

    async def call(address: str) -> None:
        bounds = SharedPoliteness(interval_s=0.0, places=places, per_second=40)
        leave = await bounds.turn(address)
        starts.append(time.monotonic())
        leave()

    async def calls() -> None:
        await asyncio.gather(*(call(f"192.0.{host}.1") for host in range(30)))

    asyncio.run(calls())

    # 40 a second is 10 in each quarter: the eleventh waits until the first is a quarter old.
    assert all(later - sooner >= 0.24 for sooner, later in zip(starts, starts[10:], strict=False))
    time.sleep(0.4)
    assert places._held == set()
