"""Bounds per host and per network that hold across threads, workers and machines.

A probe's own bounds hold in one event loop. Here each connection also takes places by name: one
of the host's, one of its network's, and for a moment the host's gap, which keeps two connections
apart. On PostgreSQL a place is an advisory lock of one session of this process: a process that is
killed gives its places back at once, and nobody has to guess for how long to believe it.
"""

from __future__ import annotations

import asyncio
import hashlib
import ipaddress
import random
import threading
import time
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import connection

from hygie.engines.probing.politeness import Politeness

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

    import psycopg

PER_NETWORK: Final = 8
"""Connections open at once to one network, /24 or /48: where hospitals share a provider."""

PACE_HOLD_S: Final = 0.25
"""A connection keeps its place in the common pace this long: PER_SECOND x this many places."""

_POLL_S: Final = 0.02


class Places:
    """Places of this process alone; safe to use from several threads and event loops."""

    def __init__(self) -> None:
        self._held: set[str] = set()
        self._guard = threading.Lock()
        self._later: list[tuple[float, Grip]] = []

    def take(self, choices: Sequence[Sequence[str]], grip: Grip) -> bool:
        """Take one place of each of ``choices``, or none at all; ``grip`` holds what was taken."""
        with self._guard:
            taken: list[str] = []
            for names in choices:
                name = next((one for one in names if self._take_one(one)), None)
                if name is None:
                    break
                taken.append(name)
            if len(taken) < len(choices) or grip.dropped:
                self._give(taken)
                return False
            grip.names.extend(taken)
            return True

    def give(self, grip: Grip, names: Sequence[str] | None = None) -> None:
        """Give back ``names``, or all; a grip given back whole takes nothing any more."""
        with self._guard:
            grip.dropped = grip.dropped or names is None
            back = [name for name in grip.names if names is None or name in names]
            grip.names = [name for name in grip.names if name not in back]
            self._give(back)

    def give_later(self, grip: Grip, after_s: float) -> None:
        """Give back all of ``grip`` in ``after_s``, even if the event loop is gone by then."""
        with self._guard:
            self._later.append((time.monotonic() + after_s, grip))
            if len(self._later) > 1:
                return
        threading.Thread(target=self._give_in_time, name="pace", daemon=True).start()

    def _give_in_time(self) -> None:
        while True:
            with self._guard:
                if not self._later:
                    return
                at, grip = self._later[0]
            time.sleep(max(0.0, at - time.monotonic()))
            self.give(grip)
            with self._guard:
                self._later.pop(0)

    def _take_one(self, name: str) -> bool:
        if name in self._held or not self._lock(name):
            return False
        self._held.add(name)
        return True

    def _give(self, names: Sequence[str]) -> None:
        for name in names:
            self._held.discard(name)
            self._unlock(name)

    def _lock(self, name: str) -> bool:  # noqa: ARG002 - for those who share
        return True

    def _unlock(self, name: str) -> None:
        """Nobody else knows."""


@dataclass
class Grip:
    """What one connection holds; dropped when it gave up waiting."""

    names: list[str] = field(default_factory=list)
    dropped: bool = False


class SharedPlaces(Places):
    """Places of all processes on one PostgreSQL, by advisory locks of a session of our own.

    Should the session be lost, what it held is free for others a moment early: that once, a host
    may see twice its bound.
    """

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        super().__init__()
        self._parameters = dict(parameters)
        self._session: psycopg.Connection | None = None

    def close(self) -> None:
        """End the session: every place is free."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def _lock(self, name: str) -> bool:
        return self._ask("SELECT pg_try_advisory_lock(%s)", name)

    def _unlock(self, name: str) -> None:
        self._ask("SELECT pg_advisory_unlock(%s)", name)

    def _ask(self, query: str, name: str) -> bool:
        import psycopg  # noqa: PLC0415 - PostgreSQL only

        if self._session is None or self._session.closed:
            self._session = psycopg.connect(**self._parameters, autocommit=True)
        key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
        row = self._session.execute(query, [key]).fetchone()
        return bool(row and row[0])


@dataclass(slots=True)
class SharedPoliteness(Politeness):
    """Bounds of one event loop, and besides those of everybody.

    Attributes:
        places: where places are taken.
        per_network: connections open at once to one network.
        per_second: connections opened in a second, by everybody to anybody; 0 for no bound.
    """

    places: Places = field(default_factory=Places)
    per_network: int = PER_NETWORK
    per_second: int = 0

    async def _enter(self, address: str, loop: asyncio.AbstractEventLoop) -> Callable[[], None]:
        """Wait for our own turn, then for everybody's."""
        leave = await Politeness._enter(self, address, loop)  # noqa: SLF001 - slots forbid super()
        grip, gap = Grip(), f"gap {address}"

        def leave_all() -> None:
            self.places.give(grip)
            leave()

        choices = [[gap], list(self._slots(address)), list(self._network_slots(address))]
        choices += [paces] if (paces := self._paces()) else []
        try:
            while not await asyncio.to_thread(self.places.take, choices, grip):  # noqa: ASYNC110 - other processes set no event here
                await asyncio.sleep(_POLL_S)
            self._keep_pace(grip)
            await asyncio.sleep(self.interval_s)
            self.places.give(grip, [gap])
        except BaseException:
            leave_all()
            raise
        return leave_all

    def _paces(self) -> list[str]:
        """Return the places of the common pace, shuffled: two processes seldom want the same."""
        places = [f"pace {slot}" for slot in range(max(1, round(self.per_second * PACE_HOLD_S)))]
        random.shuffle(places)
        return places if self.per_second else []

    def _keep_pace(self, grip: Grip) -> None:
        """Let the place in the pace outlive the connection."""
        pace = Grip([name for name in grip.names if name.startswith("pace ")])
        grip.names = [name for name in grip.names if name not in pace.names]
        if pace.names:
            self.places.give_later(pace, PACE_HOLD_S)

    def _slots(self, address: str) -> Iterator[str]:
        return (f"host {address} {slot}" for slot in range(self.per_host))

    def _network_slots(self, address: str) -> Iterator[str]:
        network = network_of(address)
        return (f"net {network} {slot}" for slot in range(self.per_network))


def network_of(address: str) -> str:
    """Return the /24 of an IPv4 address, the /48 of an IPv6 one; a name stands for itself."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    bits = 24 if found.version == 4 else 48  # noqa: PLR2004 - IP's two versions
    return str(ipaddress.ip_network(f"{found}/{bits}", strict=False))


def politeness() -> Politeness:
    """Return the bounds for one network, shared with all that use this installation."""
    return SharedPoliteness(places=_places(), per_second=settings.HYGIE_PROBES_PER_SECOND)


@cache
def _places() -> Places:
    """Return the places of this process: one session, however many rounds it observes."""
    if connection.vendor != "postgresql":
        return Places()
    from procrastinate.contrib.django import connector_params  # noqa: PLC0415 - PostgreSQL only

    return SharedPlaces(connector_params())
