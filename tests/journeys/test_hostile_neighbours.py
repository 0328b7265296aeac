"""A round among servers that mean harm ends in time, keeps little, and says why, each time."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
MORE_MEMORY_MIB = 200
ALL_S = 110.0
REASONS = {"timeout", "protocol", "refused", "unresolved", "unreachable"}
SAID_BYTES = 64 * 1024

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def visit() -> Any:  # noqa: ANN401 - JSON
    command = [sys.executable, "-m", "tests.journeys.hostile."]
    with subprocess.Popen(
        [*command[:2], command[2] + "neighbours"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as neighbours:
        assert neighbours.stdout is not None
        given = neighbours.stdout.readline()
        done = subprocess.run(
            [*command[:2], command[2] + "visiting"],
            cwd=ROOT,
            input=given,
            capture_output=True,
            text=True,
            check=False,
            timeout=150,
        )
        neighbours.kill()
    assert done.returncode == 0, done.stderr[-3_000:]
    return json.loads(done.stdout)


def test_every_neighbour_was_visited_and_left_in_time(visit: Any) -> None:  # noqa: ANN401
    assert len(visit["took"]) >= 18
    assert max(visit["took"].values()) < ALL_S


def test_memory_stays_bounded(visit: Any) -> None:  # noqa: ANN401
    assert visit["after_mib"] - visit["before_mib"] < MORE_MEMORY_MIB


def test_each_question_without_answer_says_why(visit: Any) -> None:  # noqa: ANN401
    lost = [told for said in visit["said"].values() for told in said if told["reason"]]

    assert lost
    assert {told["reason"] for told in lost} <= REASONS
    assert all(told["detail"] for told in lost)


def test_an_answer_kept_is_a_small_one(visit: Any) -> None:  # noqa: ANN401
    assert max(told["bytes"] for said in visit["said"].values() for told in said) < SAID_BYTES


def test_a_lying_name_server_gives_no_fact_of_mail(visit: Any) -> None:  # noqa: ANN401
    silent = {told["probe"]: told["reason"] for told in visit["said"]["silence.example"]}

    assert silent["dns"] in ("timeout", "unresolved")
