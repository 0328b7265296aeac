from __future__ import annotations

import asyncio
import time

import pytest
from tests.engines.probing.peers import run

from hygie.engines.probing.politeness import Politeness, time_limit


def test_no_more_turns_at_once_than_allowed_per_host() -> None:
    politeness = Politeness(per_host=2, interval_s=0)
    inside: list[int] = []
    most: list[int] = []

    async def visit(address: str) -> None:
        leave = await politeness.turn(address)
        inside.append(1)
        most.append(len(inside))
        await asyncio.sleep(0.005)
        inside.pop()
        leave()

    async def scenario() -> None:
        await asyncio.gather(*(visit("192.0.2.1") for _ in range(8)))
        await asyncio.sleep(0.01)

    run(scenario())
    assert max(most) == 2
    assert politeness._gates == {}


def test_all_hosts_together_are_bounded_too() -> None:
    politeness = Politeness(per_host=4, interval_s=0, total=3)

    async def scenario() -> int:
        leaves = [await politeness.turn(f"192.0.2.{n}") for n in range(3)]
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.02):
                await politeness.turn("192.0.2.9")
        for leave in leaves:
            leave()
        (await politeness.turn("192.0.2.9"))()
        return len(leaves)

    assert run(scenario()) == 3


def test_connections_to_a_host_are_spaced() -> None:
    politeness = Politeness(per_host=9, interval_s=0.02)

    async def scenario() -> float:
        started = time.perf_counter()
        for _ in range(4):
            (await politeness.turn("192.0.2.1"))()
        return time.perf_counter() - started

    assert run(scenario()) >= 0.055


def test_waiting_for_a_turn_is_not_the_targets_slowness() -> None:
    politeness = Politeness(per_host=1, interval_s=0)

    async def scenario() -> None:
        leave = await politeness.turn("192.0.2.1")
        asyncio.get_running_loop().call_later(0.1, leave)
        async with time_limit(0.05):
            (await politeness.turn("192.0.2.1"))()

    async def too_slow() -> None:
        async with time_limit(0.02):
            (await politeness.turn("192.0.2.1"))()
            await asyncio.sleep(1)

    run(scenario())
    with pytest.raises(TimeoutError):
        run(too_slow())
