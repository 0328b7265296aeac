"""How gently we knock: bounds per host and in all, and the time a probe may take.

Waiting for one's turn is not the target's slowness: ``time_limit`` stops its clock meanwhile.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

_limit: ContextVar[asyncio.Timeout | None] = ContextVar("probe_time_limit", default=None)


@asynccontextmanager
async def time_limit(seconds: float) -> AsyncIterator[None]:
    """Bound what happens inside to ``seconds``, turns waited for not counted.

    Raises:
        TimeoutError: when the time is spent.
    """
    async with asyncio.timeout(seconds) as limit:
        token = _limit.set(limit)
        try:
            yield
        finally:
            _limit.reset(token)


@asynccontextmanager
async def off_the_clock() -> AsyncIterator[None]:
    """Stop the clock of the probe that waits inside, if it has one."""
    loop = asyncio.get_running_loop()
    limit = _limit.get()
    remaining = _pause(limit, loop.time())
    try:
        yield
    finally:
        if limit is not None and remaining is not None and not limit.expired():
            limit.reschedule(loop.time() + remaining)


@dataclass(slots=True)
class _Gate:
    """What one address is going through."""

    slots: asyncio.Semaphore
    users: int = 0
    next_at: float = 0.0


@dataclass(slots=True)
class Politeness:
    """Bounds on connections.

    Attributes:
        per_host: connections open at once to one address.
        interval_s: seconds between two connections to one address.
        total: connections open at once in all.
    """

    per_host: int = 2
    interval_s: float = 0.05
    total: int = 256
    _gates: dict[str, _Gate] = field(default_factory=dict, init=False, repr=False)
    _all: asyncio.Semaphore | None = field(default=None, init=False, repr=False)

    async def turn(self, address: str) -> Callable[[], None]:
        """Wait for a turn to connect to ``address``; return what gives the place back."""
        async with off_the_clock():
            return await self._enter(address, asyncio.get_running_loop())

    async def _enter(self, address: str, loop: asyncio.AbstractEventLoop) -> Callable[[], None]:
        everyone = self._all = self._all or asyncio.Semaphore(self.total)
        gate = self._gates.setdefault(address, _Gate(asyncio.Semaphore(self.per_host)))
        gate.users += 1
        held: list[asyncio.Semaphore] = []

        def leave() -> None:
            while held:
                held.pop().release()
            gate.users -= 1
            loop.call_later(self.interval_s, self._forget, address)

        try:
            for slots in (gate.slots, everyone):
                await slots.acquire()
                held.append(slots)
            await self._space(gate, loop)
        except BaseException:
            leave()
            raise
        return leave

    def _forget(self, address: str) -> None:
        gate = self._gates.get(address)
        if gate is not None and not gate.users:
            del self._gates[address]

    async def _space(self, gate: _Gate, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        starts_at = max(now, gate.next_at)
        gate.next_at = starts_at + self.interval_s
        if starts_at > now:
            await asyncio.sleep(starts_at - now)


def _pause(limit: asyncio.Timeout | None, now: float) -> float | None:
    """Stop the clock of a probe; return the seconds it has left."""
    if limit is None or (when := limit.when()) is None or limit.expired():
        return None
    limit.reschedule(None)
    return when - now
