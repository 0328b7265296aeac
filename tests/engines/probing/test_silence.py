from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Self

import pytest
from tests.engines.probing.peers import HOST, NOW, run

from hygie.engines.probing import silence
from hygie.engines.probing.errors import StoppedError
from hygie.engines.probing.observe import Target, observe_target
from hygie.engines.probing.silence import is_filtered
from hygie.vocabulary.facts import NotObserved, Observation

if TYPE_CHECKING:
    from hygie.vocabulary.facts import Outcome

ADDRESS = "192.0.2.7"


class Line:
    """A connection that says nothing more than that it was made."""

    def close(self) -> None: ...

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None: ...

    async def write(self, data: bytes) -> None: ...

    async def read_greeting(self, limit: int, *, wait_s: float) -> bytes:  # noqa: ARG002
        return b""


class Machine:
    """Ports by what they do: open, refused, silent; ``then`` takes over after some knocks."""

    user_agent, extra_roots, trust_anchors = "Hygie/test", b"", ()

    def __init__(
        self, ports: dict[int, str], then: dict[int, str] | None = None, after: int = 9
    ) -> None:
        self.ports, self.then, self.after = ports, then or {}, after
        self.knocks: list[int] = []

    async def resolve(self, _: str) -> tuple[str, ...]:
        return (ADDRESS,)

    async def open(self, host: str, port: int, *, address: str | None = None) -> Line:  # noqa: ARG002
        self.knocks.append(port)
        late = len(self.knocks) > self.after
        match self.then.get(port, self.ports[port]) if late else self.ports[port]:
            case "open":
                return Line()
            case "refused":
                raise ConnectionRefusedError
            case "stopped":
                raise StoppedError("arrêt")
        raise TimeoutError


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(silence, "PAUSE_S", 0.0)


def verdict(machine: Machine) -> bool:
    return run(is_filtered(HOST, 3389, [22], machine, address=ADDRESS))  # type: ignore[arg-type]


def test_a_port_that_stays_silent_beside_an_open_one_is_filtered() -> None:
    machine = Machine({3389: "silent", 22: "open"})

    assert verdict(machine)
    assert machine.knocks == [22, *[3389] * silence.TRIES, 22]


@pytest.mark.parametrize(
    "machine",
    [
        pytest.param(Machine({3389: "silent", 22: "refused"}), id="a refusal is no witness"),
        pytest.param(Machine({3389: "open", 22: "open"}), id="it answers after all"),
        pytest.param(Machine({3389: "refused", 22: "open"}), id="a refusal is another answer"),
        pytest.param(
            Machine({3389: "silent", 22: "open"}, {22: "silent"}, after=2),
            id="the machine went away",
        ),
    ],
)
def test_anything_less_proves_nothing(machine: Machine) -> None:
    assert not verdict(machine)


def test_a_stop_is_obeyed() -> None:
    with pytest.raises(StoppedError):
        verdict(Machine({3389: "stopped", 22: "open"}))


def seen(target: Target, machine: Machine) -> dict[str, Outcome]:
    outcomes = run(observe_target(target, machine, now=NOW))  # type: ignore[arg-type]
    return {outcome.subject: outcome for outcome in outcomes}


def test_a_silent_port_becomes_filtered_only_when_it_was_silent_before() -> None:
    known = Target(HOST, (22, 3389), ("tcp",), silent=(3389,))
    ports = {3389: "silent", 22: "open"}

    found = seen(known, Machine(ports))
    once = seen(Target(HOST, (22, 3389), ("tcp",)), Machine(ports))

    outcome = found[f"{HOST}:3389"]
    assert isinstance(outcome, NotObserved)
    assert (outcome.reason, bool(outcome.detail)) == ("filtered", True)
    assert isinstance(found[f"{HOST}:22"], Observation)
    assert getattr(once[f"{HOST}:3389"], "reason", "") == "timeout"


def test_a_machine_without_an_open_port_stays_unknown() -> None:
    found = seen(
        Target(HOST, (22, 3389), ("tcp",), silent=(3389,)), Machine({3389: "silent", 22: "refused"})
    )

    assert getattr(found[f"{HOST}:3389"], "reason", "") == "timeout"


def test_a_stop_while_looking_again_leaves_the_silence() -> None:
    machine = Machine({3389: "silent", 22: "open"}, {3389: "stopped"}, after=3)
    found = seen(Target(HOST, (22, 3389), ("tcp",), silent=(3389,)), machine)

    assert getattr(found[f"{HOST}:3389"], "reason", "") == "timeout"


def test_pauses_lie_between_the_knocks(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []

    async def note(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr(silence, "PAUSE_S", 1.0)
    monkeypatch.setattr(asyncio, "sleep", note)
    assert verdict(Machine({3389: "silent", 22: "open"}))
    assert pauses.count(1.0) == silence.TRIES
