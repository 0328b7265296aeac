"""Stop a round where it stands; take up again what failed and what follows from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.domain.rounds.conftest import NOW

from hygie.domain.journal.models import Entry
from hygie.domain.rounds.access import item_to_run, round_to_run
from hygie.domain.rounds.actions import RoundError, close_round, open_round
from hygie.domain.rounds.claims import LostClaimError, claim, hold
from hygie.domain.rounds.models import Item, ItemState, RoundState, Step
from hygie.domain.rounds.repairing import retry_item, retry_round, stop_round
from hygie.domain.territory.models import Kind, Node

if TYPE_CHECKING:
    from hygie.domain.rounds.models import Round, Runner


def over(turn: Round, **failed: int) -> Round:
    """End a round; ``failed`` names a step and the establishment where it failed."""
    turn.items.update(state=ItemState.DONE, attempts=1)
    for step, number in failed.items():
        item = turn.items.filter(step=step).order_by("position")[number]
        Item.objects.filter(pk=item.pk).update(state=ItemState.FAILED, attempts=3, note="essai")
    return close_round(turn, corpus="", now=NOW)


def again(turn: Round) -> set[tuple[str, str]]:
    rows = turn.items.filter(state=ItemState.TODO).select_related("node")
    return {(item.step, item.node.name) for item in rows}


ENDS = {("notify", "Nation d’essai"), ("measure", "Nation d’essai")}


def test_what_failed_at_one_place_is_done_again_there_and_summed_again(turn: Round) -> None:
    over(turn, match=1)

    retry_round(turn, actor="essai", now=NOW)

    steps = ("match", "reconcile", "decide")
    assert again(turn) == ENDS | {(step, "Site 1") for step in steps}
    turn.refresh_from_db()
    assert turn.state == RoundState.RUNNING


def test_one_item_is_done_again_without_the_others(turn: Round) -> None:
    over(turn, match=1, decide=2)

    retry_item(turn.items.get(step=Step.DECIDE, state=ItemState.FAILED), actor="e", now=NOW)

    assert again(turn) == ENDS | {("decide", "Site 2")}


def test_a_refresh_that_failed_is_read_by_all(turn: Round) -> None:
    over(turn, refresh=0)

    retry_round(turn, actor="essai", now=NOW)

    assert turn.items.filter(state=ItemState.TODO).count() == turn.items.count()


def test_what_did_not_fail_is_not_taken_up_again(turn: Round) -> None:
    over(turn)

    with pytest.raises(RoundError, match="rien n’est en échec"):
        retry_round(turn, actor="essai", now=NOW)
    with pytest.raises(RoundError, match="rien n’est en échec"):
        retry_item(turn.items.all()[0], actor="essai", now=NOW)


def test_two_rounds_of_one_place_never_run_at_once(turn: Round, nation: Node) -> None:
    over(turn, match=0)
    open_round(nation, actor="essai", now=NOW)

    with pytest.raises(RoundError, match="une autre ronde"):
        retry_round(turn, actor="essai", now=NOW)


def test_a_stopped_round_refuses_what_is_being_written(turn: Round, runner: Runner) -> None:
    [item, *_] = claim(list(turn.items.filter(step=Step.MATCH)), runner)

    stop_round(turn, actor="essai", now=NOW)

    with pytest.raises(LostClaimError):
        hold(item)
    turn.refresh_from_db()
    assert turn.state == RoundState.STOPPED
    assert set(turn.items.values_list("state", flat=True)) == {ItemState.STOPPED}


def test_a_stopped_round_can_be_taken_up_again(turn: Round) -> None:
    stop_round(turn, actor="essai", now=NOW)

    retry_round(turn, actor="essai", now=NOW)

    assert turn.items.filter(state=ItemState.TODO).count() == turn.items.count()


def test_a_round_that_is_over_is_not_stopped(turn: Round) -> None:
    over(turn)

    with pytest.raises(RoundError, match="déjà finie"):
        stop_round(turn, actor="essai", now=NOW)


def test_both_leave_their_trace(turn: Round) -> None:
    stop_round(turn, actor="jean@exemple.example", now=NOW)
    retry_round(turn, actor="jean@exemple.example", now=NOW)

    told = Entry.objects.filter(actor="jean@exemple.example").order_by("sequence")
    assert [entry.action for entry in told] == ["round.stopped", "round.retried"]


def test_nobody_without_a_role_reaches_a_round(turn: Round) -> None:
    from django.contrib.auth.models import AnonymousUser
    from django.http import Http404

    for door, key in ((round_to_run, turn.pk), (item_to_run, turn.items.all()[0].pk)):
        with pytest.raises(Http404):
            door(AnonymousUser(), key)
    assert Node.objects.filter(kind=Kind.ET).count() == 3
