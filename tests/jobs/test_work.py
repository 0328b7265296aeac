from __future__ import annotations

from dataclasses import asdict

import pytest
from tests.domain.rounds.conftest import nation, turn  # noqa: F401 - fixtures

from hygie.domain.rounds.models import ItemState, Round, Step
from hygie.jobs import works
from hygie.jobs.work import Work

# ruff: noqa: F811 - pytest's fixtures are imported and then asked for by name


def test_a_work_that_nobody_does_and_that_did_not_fail_says_so() -> None:
    work = Work("ronde-1", "Ronde", "queued", 0)

    assert (work.reason, work.by) == ("", "")


@pytest.mark.django_db
def test_what_is_listed_is_found_again_by_its_name(turn: Round) -> None:
    turn.items.filter(step=Step.REFRESH).update(state=ItemState.FAILED, note="sans réseau")

    [failed] = works.listed("failed", at_most=1)

    assert works.find(failed.name) == failed
    assert asdict(failed)["reason"] == "sans réseau"
