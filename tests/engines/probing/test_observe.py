from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from tests.engines.probing.peers import (
    HOST,
    NO_DNS,
    NOW,
    MemoryNetwork,
    answering,
    lab,
    run,
    serving,
)

from hygie.engines.probing import observe as observing
from hygie.engines.probing.errors import (
    ForbiddenError,
    ProtocolError,
    StoppedError,
    UnresolvedError,
)
from hygie.engines.probing.network import LabNetwork
from hygie.engines.probing.observe import PROBES, Target, not_observed, observe_all, observe_target
from hygie.engines.probing.questions import NAME_PROBES, ZONE_PROBES
from hygie.vocabulary.facts import NotObserved, Observation

if TYPE_CHECKING:
    from hygie.vocabulary.facts import Outcome

PAGE = b"HTTP/1.1 200 OK\r\n\r\n<title>CH</title>"
ADDRESS = "198.51.100.7"


def summary(outcomes: list[Outcome]) -> list[tuple[str, str, bool]]:
    return [(o.probe, o.subject, isinstance(o, Observation)) for o in outcomes]


def test_a_named_port_gets_the_probes_that_fit() -> None:
    async def scenario() -> list[Outcome]:
        async with serving(answering(PAGE)) as port:
            network = lab({f"{ADDRESS}:8080": port})
            return await observe_target(Target(ADDRESS, (8080,)), network, now=NOW)

    assert summary(run(scenario())) == [
        ("http", f"{ADDRESS}:8080", True),
        ("tcp", f"{ADDRESS}:8080", True),
        ("fhir", f"{ADDRESS}:8080", True),
        ("dicomweb", f"{ADDRESS}:8080", True),
    ]


def test_ports_and_kinds_both_named_are_taken_at_their_word() -> None:
    target = Target(ADDRESS, (8104,), ("dicom",))

    assert summary(run(observe_target(target, lab({}), now=NOW))) == [
        ("dicom", f"{ADDRESS}:8104", True)
    ]


def test_an_address_is_asked_nothing_about_names() -> None:
    probes = {o.probe for o in run(observe_target(Target(ADDRESS), lab({}), now=NOW))}

    assert probes == set(PROBES) - NAME_PROBES


def test_a_zone_is_asked_about_its_mail_and_a_host_is_not() -> None:
    network = MemoryNetwork(
        {
            ("ch.example", "NS"): ["ns.ch.example"],
            ("ch.example", "A"): [ADDRESS],
            (HOST, "A"): [ADDRESS],
        }
    )
    seen = {
        name: {o.probe for o in run(observe_target(Target(name), network, now=NOW))}  # type: ignore[arg-type]
        for name in ("ch.example", HOST)
    }

    assert seen["ch.example"] == set(PROBES)
    assert seen[HOST] == set(PROBES) - ZONE_PROBES


def test_a_name_without_address_gives_one_outcome_a_probe() -> None:
    class Lost(MemoryNetwork):
        async def resolve(self, name: str) -> tuple[str, ...]:
            raise UnresolvedError(name)

    outcomes = run(observe_target(Target("x.example"), Lost({}), now=NOW))  # type: ignore[arg-type]

    assert len(outcomes) == len(PROBES) - len(ZONE_PROBES)
    assert {o.reason for o in outcomes if isinstance(o, NotObserved)} == {"unresolved"}


def test_every_probe_ends_within_its_budget() -> None:
    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:  # noqa: ARG001
        await asyncio.sleep(30)

    async def scenario() -> tuple[list[Outcome], float]:
        loop = asyncio.get_running_loop()
        async with serving(mute) as port:
            names = {f"{ADDRESS}:{number}": port for number in (443, 104, 2575)}
            started = loop.time()
            target = Target(ADDRESS, (443, 104, 2575))
            found = await observe_target(target, lab(names), now=NOW, budget_s=0.2)
            return found, loop.time() - started

    outcomes, seconds = run(scenario())
    assert seconds < 1.5
    assert {o.reason for o in outcomes if isinstance(o, NotObserved)} == {"timeout"}


def test_nobody_knocks_sixty_times_at_a_mute_machine() -> None:
    class Mute(MemoryNetwork):
        knocks = 0

        async def open(self, host: str, port: int, *, address: str | None = None) -> object:  # noqa: ARG002
            self.knocks += 1
            raise TimeoutError

    network = Mute({})
    network.resolve = lambda _: asyncio.sleep(0, (ADDRESS,))  # type: ignore[method-assign]
    outcomes = run(observe_target(Target(ADDRESS), network, now=NOW))  # type: ignore[arg-type]

    assert network.knocks <= observing.SILENCES_MAX + observing.AT_ONCE_PER_TARGET
    assert len(outcomes) > 60
    assert {o.reason for o in outcomes if isinstance(o, NotObserved)} == {"timeout"}


def test_what_the_mandate_refuses_is_said_so() -> None:
    def guard(host: str, *_: object) -> None:
        raise ForbiddenError(f"{host} hors du périmètre")

    network = LabNetwork({"dns": NO_DNS, "services": {}}, guard=guard)
    outcomes = run(observe_target(Target(ADDRESS, (443,)), network, now=NOW))

    assert [o.reason for o in outcomes if isinstance(o, NotObserved)] == ["forbidden"] * 6


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (TimeoutError(), "timeout"),
        (ConnectionRefusedError(), "refused"),
        (ConnectionResetError(), "protocol"),
        (OSError(113, "No route to host"), "unreachable"),
        (ProtocolError("x"), "protocol"),
        (UnresolvedError("x"), "unresolved"),
        (ForbiddenError("x"), "forbidden"),
        (StoppedError("x"), "stopped"),
    ],
)
def test_every_failure_has_its_word(error: OSError, reason: str) -> None:
    outcome = not_observed("ch.example", "dns", error, NOW)

    assert outcome.reason == reason
    assert outcome.detail


def test_targets_come_back_as_they_end_few_at_once() -> None:
    running: list[int] = []
    most: list[int] = []

    class Counting(MemoryNetwork):
        async def resolve(self, name: str) -> tuple[str, ...]:
            running.append(1)
            most.append(len(running))
            await asyncio.sleep(0.005)
            running.pop()
            raise UnresolvedError(name)

    async def scenario() -> list[str]:
        targets = (Target(f"h{n}.example", (80,)) for n in range(9))
        network = Counting({})
        return [
            target.name
            async for target, _ in observe_all(targets, network, now=NOW, concurrency=3)  # type: ignore[arg-type]
        ]

    assert sorted(run(scenario())) == [f"h{n}.example" for n in range(9)]
    assert max(most) == 3


def test_leaving_the_stream_of_targets_stops_the_rest() -> None:
    async def scenario() -> int:
        targets = (Target(f"198.51.100.{n}", (80,)) for n in range(50))
        stream = observe_all(targets, lab({}), now=NOW, concurrency=5)
        async for _ in stream:
            break
        await stream.aclose()  # type: ignore[attr-defined]
        return len([t for t in asyncio.all_tasks() if t is not asyncio.current_task()])

    assert run(scenario()) == 0
