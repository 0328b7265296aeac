"""An item is written whole or not at all, and what breaks one breaks no other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, OperationalError
from tests.domain.rounds.conftest import NOW, nation, other, runner, turn  # noqa: F401 - fixtures

from hygie.domain.rounds.actions import todo
from hygie.domain.rounds.claims import claim, dismiss
from hygie.domain.rounds.models import Item, ItemState, Round, RoundState, Runner, Step
from hygie.domain.territory.models import Node
from hygie.jobs import round_runner, settling
from hygie.jobs.progress import progress
from hygie.jobs.settling import settle
from hygie.jobs.site_turn import LaterError, finish_round, run_site
from hygie.jobs.steps.step import WriteOnly
from hygie.jobs.workbench import Workbench

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

# ruff: noqa: F811 - pytest's fixtures are imported and then asked for by name


class Corpus:
    identity = "essai"


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    made = Workbench(home=tmp_path, clock=lambda: NOW, network=lambda _: None, backoff_s=0.0)  # type: ignore[arg-type, return-value]
    made.__dict__["corpus"] = Corpus()
    return made


class Writing(WriteOnly):
    """A step that renames its place, after the errors it was told to raise."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)

    def write(self, item: Item, gathered: None, bench: Workbench) -> dict[str, int]:  # noqa: ARG002 - StepWork's signature
        Node.objects.filter(pk=item.node_id).update(name="écrit")
        if self.errors:
            raise self.errors.pop(0)
        return {"written": 1}


def first(turn: Round, runner: Runner) -> Item:
    return claim(todo(turn, Step.MATCH)[:1], runner)[0]


def test_what_is_written_and_the_mark_stand_together(
    turn: Round, runner: Runner, bench: Workbench
) -> None:
    item = first(turn, runner)

    assert settle((item, None), Writing(), bench)

    item.refresh_from_db()
    assert (item.state, item.counts, item.node.name) == (ItemState.DONE, {"written": 1}, "écrit")


def test_what_fails_leaves_nothing_behind(turn: Round, runner: Runner, bench: Workbench) -> None:
    item = first(turn, runner)

    assert settle((item, None), Writing(ZeroDivisionError("essai")), bench)

    item.refresh_from_db()
    assert (item.state, item.attempts, item.owner) == (ItemState.TODO, 1, None)
    assert item.note == "ZeroDivisionError : essai"
    assert Node.objects.get(pk=item.node_id).name != "écrit"


def test_a_collision_with_another_worker_is_no_failure(
    turn: Round, runner: Runner, bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling.time, "sleep", lambda _: None)
    item = first(turn, runner)

    settle((item, None), Writing(IntegrityError(), OperationalError()), bench)

    item.refresh_from_db()
    assert (item.state, item.attempts) == (ItemState.DONE, 1)


def test_who_lost_the_item_writes_nothing(
    turn: Round, runner: Runner, other: Runner, bench: Workbench
) -> None:
    item = first(turn, runner)
    dismiss([runner.pk])
    first(turn, other)

    assert not settle((item, None), Writing(), bench)

    assert Node.objects.get(pk=item.node_id).name != "écrit"
    item.refresh_from_db()
    assert (item.state, item.owner, item.attempts) == (ItemState.TODO, other, 0)


class Gathering(Writing):
    """A step whose gathering breaks at one place."""

    def __init__(self, victim: int) -> None:
        super().__init__()
        self.victim = victim

    def gather(self, items: Sequence[Item], bench: Workbench) -> Iterator[Any]:  # noqa: ARG002 - StepWork's signature
        if any(item.node_id == self.victim for item in items):
            raise ZeroDivisionError
        return ((item, None) for item in items)


def settle_all(turn: Round, bench: Workbench, runner: Runner) -> None:
    round_runner.run_round(turn, bench, runner)


def test_a_name_that_breaks_the_gathering_costs_its_own_place_alone(
    turn: Round, runner: Runner, bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim = todo(turn, Step.MATCH)[1].node_id
    steps = {step: Gathering(victim) if step == Step.MATCH else Writing() for step in Step}
    monkeypatch.setattr(round_runner, "STEPS", steps)

    settle_all(turn, bench, runner)

    turn.refresh_from_db()
    failed = turn.items.filter(state=ItemState.FAILED)
    assert turn.state == RoundState.PARTIAL
    assert [(item.step, item.node_id) for item in failed] == [(Step.MATCH, victim)]


def test_one_place_goes_from_step_to_step_without_the_others(
    turn: Round, runner: Runner, bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(round_runner, "STEPS", {step: Writing() for step in Step})
    node_id = todo(turn, Step.MATCH)[0].node_id

    run_site(turn, node_id, bench, runner)

    done = {step.step: step.settled for step in progress(turn)}
    assert [done[step] for step in Step] == [0, 1, 1, 1, 1, 0, 0]


def test_a_place_that_somebody_works_on_is_for_later(
    turn: Round, runner: Runner, other: Runner, bench: Workbench
) -> None:
    item = claim(todo(turn, Step.OBSERVE)[:1], other)[0]

    with pytest.raises(LaterError):
        run_site(turn, item.node_id, bench, runner)


def test_a_failed_attempt_says_when_to_come_back(
    turn: Round, runner: Runner, bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = {step: Writing(ZeroDivisionError()) for step in Step}
    monkeypatch.setattr(round_runner, "STEPS", steps)
    node_id = todo(turn, Step.OBSERVE)[0].node_id

    with pytest.raises(LaterError) as later:
        run_site(turn, node_id, bench, runner)

    assert later.value.at == turn.items.get(step=Step.OBSERVE, node_id=node_id).retry_at


def test_the_end_of_a_round_closes_it(
    turn: Round, runner: Runner, bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(round_runner, "STEPS", {step: Writing() for step in Step})
    turn.items.exclude(step__in=[Step.NOTIFY, Step.MEASURE]).update(state=ItemState.DONE)

    closed = finish_round(turn, bench, runner)

    assert (closed.state, closed.corpus) == (RoundState.DONE, "essai")
