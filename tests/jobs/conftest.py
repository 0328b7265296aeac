"""A round over the lab: an invented world that answers, and a clock that does not move."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from hygie.domain.journal.actions import SYSTEM
from hygie.domain.rounds.actions import open_round
from hygie.domain.rounds.claims import enlist
from hygie.domain.rounds.models import Round, Runner, Step
from hygie.domain.territory.queries import nation
from hygie.jobs import demo
from hygie.jobs.round_runner import run_round
from hygie.jobs.workbench import Workbench, laboratory
from hygie.lab.state import Switchboard
from hygie.lab.thread import LabHandle, start_in_thread

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hygie.lab.network import State

START = dt.datetime(2026, 3, 4, 9, 30, tzinfo=dt.UTC)


@dataclass
class Hospital:
    """The demonstration's world with its hands on the switches and on the clock."""

    home: Path
    handle: LabHandle
    now: dt.datetime = START
    switchboard: Switchboard = field(init=False)

    def __post_init__(self) -> None:
        self.switchboard = Switchboard(self.home)

    def turn(self, weakness: str, state: State) -> None:
        self.switchboard.turn(weakness, state)
        self.handle.settle()

    def bench(self) -> Workbench:
        return Workbench(
            home=self.home,
            clock=lambda: self.now,
            network=laboratory(self.home),
            budget_s=6.0,
            backoff_s=0.0,
        )

    def round(self, *steps: Step, days: int = 1) -> Round:
        """Let time pass, then do one round over the nation."""
        self.now += dt.timedelta(days=days)
        turn, _ = open_round(nation(), steps or tuple(Step), actor=SYSTEM, now=self.now)
        return run_round(turn, self.bench(), self.runner())

    def runner(self) -> Runner:
        """Enlist without a heartbeat: a thread would meet the locks of the test's transaction."""
        return enlist("essai", "machine", 1, "")


@pytest.fixture(scope="module")
def running_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, LabHandle]]:
    home = tmp_path_factory.mktemp("home")
    with start_in_thread(home) as handle:
        yield home, handle


@pytest.fixture
def hospital(running_lab: tuple[Path, LabHandle], db: None) -> Iterator[Hospital]:  # noqa: ARG001 - the world is rows
    home, handle = running_lab
    world = Hospital(home, handle)
    demo.fill(now=START)
    yield world
    world.switchboard.reset()
    handle.settle()
