"""Our side, one process a measure: ``python -m bench.probing.ours PART DIRECTORY COUNT``.

Prints one line of JSON: how much was asked, and what came of it.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import errno
import json
import select
import socket
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.probing.place import MACHINES, PORTS
from hygie.engines.probing import tls
from hygie.engines.probing.network import LabNetwork
from hygie.engines.probing.observe import Target, observe_all
from hygie.engines.probing.passes import ALL_PROBES, FAST_PROBES
from hygie.engines.probing.ports import SERVICES
from hygie.engines.probing.tls_ask import Door, ask
from hygie.engines.probing.tls_hello import (
    HelloReply,
    ServerHello,
    TlsVersion,
    read_hello_reply,
    usual_offer,
)
from hygie.vocabulary.facts import Observation

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

AT_ONCE: Final = 64
KNOCKS_AT_ONCE: Final = 256
QUERIES: Final = ("A", "MX", "TXT", "NS")
NOW: Final = dt.datetime.now(dt.UTC)


async def versions(network: LabNetwork, count: int) -> dict[str, object]:
    """Ask each machine about five versions of TLS."""
    accepted: Counter[str] = Counter()

    async def one(name: str) -> None:
        door = Door(name, 443, network, name)
        for version in TlsVersion:
            answer = await ask(door, usual_offer(version), _read)
            if isinstance(answer.reply, ServerHello) and answer.reply.version == version:
                accepted[version.label] += 1

    await _each(one, (each.address for each in MACHINES[:count]))
    return {"asked": count, "accepted": accepted}


def _read(data: bytes, *, ended: bool) -> HelloReply | None:  # noqa: ARG001 - a Reader
    return read_hello_reply(data)


async def chains(network: LabNetwork, count: int) -> dict[str, object]:
    """Ask each machine about its versions and its certificate: the whole probe ``tls``."""
    seen: Counter[str] = Counter()

    async def one(name: str) -> None:
        try:
            found = await tls.observe(name, 443, network, now=NOW, address=name)
        except OSError as error:  # a busy machine: told beside the figures
            seen[type(error).__name__] += 1
        else:
            seen[" ".join(map(str, found.value["accepted"]))] += 1  # type: ignore[arg-type] # a list

    await _each(one, (each.address for each in MACHINES[:count]))
    return {"asked": count, "seen": seen}


async def names(network: LabNetwork, count: int) -> dict[str, object]:
    """Put ``count`` questions to the name server."""
    found = 0

    async def one(question: tuple[str, str]) -> None:
        nonlocal found
        answer = await network.query(*question)
        found += answer.exists

    await _each(one, questions(count))
    return {"asked": count, "found": found}


def questions(count: int) -> list[tuple[str, str]]:
    """Return the questions of every side: four types for each zone, again and again."""
    every = [(each.name, kind) for each in MACHINES for kind in QUERIES]
    return [every[n % len(every)] for n in range(count)]


async def connects(network: LabNetwork, count: int) -> dict[str, object]:
    """Knock at every port of SERVICES on each machine."""
    targets = [Target(each.address, tuple(SERVICES), ("tcp",)) for each in MACHINES[:count]]
    return await _observe(targets, network, ("tcp",))


async def knocks(network: LabNetwork, count: int) -> dict[str, object]:  # noqa: ARG001 - a part
    """Knock at the same ports by bare sockets and epoll: what a sweep without manners could do."""
    places = [(each.address, PORTS[port]) for each in MACHINES[:count] for port in SERVICES]
    return {"asked": len(places), "open": await asyncio.to_thread(_knock, places)}


def _knock(places: list[tuple[str, int]]) -> int:
    waiting, lines, found = select.epoll(), dict[int, socket.socket](), 0
    for place in places:
        line = socket.socket()
        line.setblocking(False)  # noqa: FBT003 - the library's signature
        if (error := line.connect_ex(place)) == errno.EINPROGRESS:
            lines[line.fileno()] = line
            waiting.register(line.fileno(), select.EPOLLOUT)
        else:
            found += error == 0
            line.close()
        if len(lines) >= KNOCKS_AT_ONCE:
            found += _answered(waiting, lines)
    while lines:
        found += _answered(waiting, lines)
    return found


def _answered(waiting: select.epoll, lines: dict[int, socket.socket]) -> int:
    found = 0
    for number, _ in waiting.poll(2.0):
        with lines.pop(number) as line:
            found += line.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0
    return found


async def fast(network: LabNetwork, count: int) -> dict[str, object]:
    """Put every question of the daily pass to each machine."""
    return await _observe([Target(each.name) for each in MACHINES[:count]], network, FAST_PROBES)


async def deep(network: LabNetwork, count: int) -> dict[str, object]:
    """Put every question there is to each machine."""
    return await _observe([Target(each.name) for each in MACHINES[:count]], network, ALL_PROBES)


async def _observe(
    targets: list[Target], network: LabNetwork, probes: tuple[str, ...]
) -> dict[str, object]:
    seen: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    async for _, outcomes in observe_all(
        targets, network, now=NOW, probes=probes, concurrency=AT_ONCE
    ):
        for outcome in outcomes:
            if isinstance(outcome, Observation):
                seen[outcome.probe] += 1
            else:
                lost[f"{outcome.probe} {outcome.reason}"] += 1
    return {"asked": len(targets), "seen": seen, "lost": lost}


async def _each(one: Callable[..., Awaitable[None]], items: Iterable[object]) -> None:
    waiting = iter(items)

    async def worker() -> None:
        for item in waiting:
            await one(item)

    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))


PARTS: Final = {
    "versions": versions,
    "chains": chains,
    "names": names,
    "connects": connects,
    "knocks": knocks,
    "fast": fast,
    "deep": deep,
}


def directory(path: Path) -> LabNetwork:
    """Return the network of the place; an address answers under its zone's name too."""
    document = json.loads(path.read_text())
    return LabNetwork(document)


def main() -> None:
    """Run one part and print what came of it."""
    part, path, count = sys.argv[1:]
    result = asyncio.run(PARTS[part](directory(Path(path)), int(count)))
    print(json.dumps(result))


if __name__ == "__main__":
    main()
