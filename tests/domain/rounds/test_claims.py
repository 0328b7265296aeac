"""An item has one owner, and who lost it writes nothing."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from tests.domain.rounds.conftest import NOW

from hygie.domain.rounds.actions import MAX_ATTEMPTS, fail, finish, open_round, todo
from hygie.domain.rounds.claims import (
    LostClaimError,
    beat,
    claim,
    dismiss,
    earliest_retry,
    hold,
    release,
    silent_runners,
)
from hygie.domain.rounds.models import ItemState, Runner, Step
from hygie.domain.territory.models import Kind, Node

if TYPE_CHECKING:
    from hygie.domain.rounds.models import Item, Round


def claimed(turn: Round, runner: Runner, step: Step = Step.MATCH) -> list[Item]:
    return claim(todo(turn, step), runner)


def test_what_one_claims_another_does_not_get(turn: Round, runner: Runner, other: Runner) -> None:
    assert len(claimed(turn, runner)) == 3
    assert claimed(turn, other) == []


def test_an_establishment_that_another_round_works_on_is_left_to_it(
    turn: Round, runner: Runner, other: Runner
) -> None:
    site = Node.objects.filter(kind=Kind.ET).order_by("pk")[0]
    own, _ = open_round(site, actor="rssi", now=NOW)
    claimed(own, other)

    assert [item.node_id for item in claimed(turn, runner, Step.DECIDE)] == [
        node.pk for node in Node.objects.filter(kind=Kind.ET).order_by("pk")[1:]
    ]


def test_what_is_done_once_does_not_wait_for_other_rounds(
    turn: Round, runner: Runner, other: Runner
) -> None:
    site = Node.objects.filter(kind=Kind.ET).order_by("pk")[0]
    own, _ = open_round(site, actor="rssi", now=NOW)
    claimed(own, other)

    assert len(claimed(turn, runner, Step.REFRESH)) == 1


def test_an_item_whose_owner_was_dismissed_is_free(
    turn: Round, runner: Runner, other: Runner
) -> None:
    claimed(turn, runner)

    dismiss([runner.pk])

    assert len(claimed(turn, other)) == 3


def test_a_zombie_can_neither_finish_nor_fail_what_it_lost(
    turn: Round, runner: Runner, other: Runner
) -> None:
    [lost, *_] = claimed(turn, runner)
    dismiss([runner.pk])
    [taken, *_] = claimed(turn, other)

    for write in (
        lambda: hold(lost),
        lambda: finish(lost, {"n": 1}, now=NOW),
        lambda: fail(lost, "trop tard", now=NOW),
    ):
        with pytest.raises(LostClaimError):
            write()

    hold(taken)
    finish(taken, {"n": 2}, now=NOW)
    lost.refresh_from_db()
    assert (lost.state, lost.counts, lost.attempts) == (ItemState.DONE, {"n": 2}, 1)


def test_a_zombie_that_is_enlisted_again_has_lost_its_claims_too(
    turn: Round, runner: Runner
) -> None:
    [before, *_] = claimed(turn, runner)
    dismiss([runner.pk])

    assert not beat(runner)
    [after, *_] = claimed(turn, runner)

    with pytest.raises(LostClaimError):
        hold(before)
    hold(after)


def test_what_nobody_claimed_cannot_be_written(turn: Round) -> None:
    item = todo(turn, Step.MATCH)[0]

    with pytest.raises(LostClaimError):
        finish(item, {}, now=NOW)


def test_what_is_settled_is_settled(turn: Round, runner: Runner) -> None:
    [item, *_] = claimed(turn, runner)
    finish(item, {}, now=NOW)

    with pytest.raises(LostClaimError):
        finish(item, {}, now=NOW)


def test_who_does_not_beat_is_silent(runner: Runner, other: Runner) -> None:
    Runner.objects.filter(pk=other.pk).update(heartbeat_at=timezone.now() - dt.timedelta(minutes=1))

    assert silent_runners() == [other.pk]
    assert beat(other)
    assert silent_runners() == []
    assert runner.heartbeat_at


def test_what_is_given_back_is_free_at_once(turn: Round, runner: Runner, other: Runner) -> None:
    items = claimed(turn, runner)

    release(items)

    assert len(claimed(turn, other)) == 3


def test_a_second_attempt_waits_for_its_moment(turn: Round, runner: Runner) -> None:
    [first, second, third] = claimed(turn, runner)
    fail(first, "essai", now=NOW, retry_in_s=60)
    fail(second, "essai", now=NOW)
    finish(third, {}, now=NOW)

    assert [item.pk for item in claimed(turn, runner)] == [second.pk]
    waits = earliest_retry(turn, Step.MATCH)
    assert waits is not None
    assert waits > timezone.now() + dt.timedelta(seconds=30)


def test_after_so_many_attempts_an_item_is_left_as_failed(turn: Round, runner: Runner) -> None:
    for _ in range(MAX_ATTEMPTS):
        item = claim(todo(turn, Step.REFRESH), runner)[0]
        fail(item, "résolveur injoignable", now=NOW)

    item.refresh_from_db()
    assert (item.state, item.note) == (ItemState.FAILED, "résolveur injoignable")
    assert item.owner is None
