"""Run a round to its end; killed anywhere and started again, it reaches the same state."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import transaction

from hygie.domain.rounds.actions import close_round, fail, finish, todo
from hygie.domain.rounds.models import ItemState, Step
from hygie.jobs.steps.decide import Decide
from hygie.jobs.steps.match import Match
from hygie.jobs.steps.measure import Measure
from hygie.jobs.steps.notify import Notify
from hygie.jobs.steps.observe import Observe
from hygie.jobs.steps.reconcile import Reconcile
from hygie.jobs.steps.refresh import Refresh

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hygie.domain.rounds.models import Round
    from hygie.jobs.steps.step import Gathered, StepWork
    from hygie.jobs.workbench import Workbench

_LOG: Final = logging.getLogger(__name__)

STEPS: Final[Mapping[Step, StepWork]] = {
    Step.REFRESH: Refresh(),
    Step.OBSERVE: Observe(),
    Step.MATCH: Match(),
    Step.RECONCILE: Reconcile(),
    Step.DECIDE: Decide(),
    Step.NOTIFY: Notify(),
    Step.MEASURE: Measure(),
}


@dataclass(frozen=True, slots=True)
class Progress:
    """One item settled: its step, and how many items of the step are settled of how many."""

    step: Step
    settled: int
    total: int
    failed: bool


def run_round(
    turn: Round, bench: Workbench, *, report: Callable[[Progress], None] = lambda _: None
) -> Round:
    """Settle every item of a round, step after step, and close it."""
    for step in Step:
        if step in turn.steps:
            _run_step(turn, step, bench, report)
    return close_round(turn, corpus=bench.corpus.identity, now=bench.clock())


def _run_step(
    turn: Round, step: Step, bench: Workbench, report: Callable[[Progress], None]
) -> None:
    items = todo(turn, step)
    total = turn.items.filter(step=step).count()
    settled = total - len(items)
    while items:
        for item, gathered in STEPS[step].gather(items, bench):
            item.round = turn
            _settle((item, gathered), STEPS[step], bench)
            if item.state != ItemState.TODO:
                settled += 1
                report(Progress(step, settled, total, failed=item.state == ItemState.FAILED))
        items = todo(turn, step)


def _settle(gathered: Gathered, work: StepWork, bench: Workbench) -> None:
    """Write one item and mark it done in one transaction, or count a failure."""
    item, found = gathered
    try:
        with transaction.atomic():
            counts = work.write(item, found, bench)
            finish(item, counts, now=bench.clock(), note=item.note)
    except Exception as error:  # noqa: BLE001 - one hospital's trouble must not stop the nation's round
        _LOG.exception("round item failed", extra={"item": item.pk, "step": item.step})
        item.refresh_from_db()
        fail(item, f"{type(error).__name__} : {error}", now=bench.clock())
