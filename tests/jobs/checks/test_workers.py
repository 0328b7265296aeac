from __future__ import annotations

import pytest

from hygie.domain.rounds.claims import enlist
from hygie.jobs.checks.check import Status
from hygie.jobs.checks.workers import check_workers, judge_workers, waiting_items


@pytest.mark.parametrize(
    ("alive", "waiting", "needed", "status"),
    [
        (2, 30, True, Status.GOOD),
        (0, 30, True, Status.BROKEN),
        (0, 30, False, Status.BROKEN),
        (0, 0, True, Status.WARNING),
        (0, 0, False, Status.GOOD),
    ],
)
def test_work_that_waits_for_nobody_is_a_failure(
    alive: int,
    waiting: int,
    needed: bool,  # noqa: FBT001 - a parameter of the table
    status: Status,
) -> None:
    assert judge_workers(alive, waiting, needed=needed).status is status


@pytest.mark.django_db
def test_a_runner_that_beats_is_counted() -> None:
    assert waiting_items() == 0
    enlist("travailleur essai:1", "essai", 1, "")

    found = check_workers()

    assert found.status is Status.GOOD
    assert found.detail.startswith("1 au travail")
