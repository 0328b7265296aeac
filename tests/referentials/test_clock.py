from __future__ import annotations

import pytest

from hygie.referentials.clock import Clock, Rule, Unit, ZoneRule, clock_from
from hygie.referentials.section import ReferentialError, Section


def read(**content: object) -> Clock:
    return clock_from(
        Section({"anchor": "aware_at", **content}, source="essai.yaml", place="clock")
    )


def test_a_clock_is_read_with_prudent_defaults() -> None:
    assert read(unit="hours", amount=72) == Clock("aware_at", Unit.HOURS, 72)
    assert read(unit="without_delay").amount == 0


def test_everything_can_be_said() -> None:
    clock = read(
        unit="months", amount=1, rule="eu_1182_71", zone="paris", pauses=["waiting_for_anssi"]
    )

    assert (clock.rule, clock.zone) == (Rule.EU_1182_71, ZoneRule.PARIS)
    assert clock.pauses == ("waiting_for_anssi",)
    assert read(unit="calendar_day", amount=1, month=2, day=29).day == 29


@pytest.mark.parametrize(
    "content",
    [
        pytest.param({"unit": "fortnights", "amount": 1}, id="unknown unit"),
        pytest.param({"unit": "hours"}, id="no amount"),
        pytest.param({"unit": "hours", "amount": 0}, id="zero"),
        pytest.param({"unit": "years", "amount": 51}, id="too long"),
        pytest.param({"unit": "without_delay", "amount": 1}, id="a figure without delay"),
        pytest.param({"unit": "days", "amount": 1, "month": 3}, id="a month for days"),
        pytest.param({"unit": "calendar_day", "amount": 1, "month": 4, "day": 31}, id="31 April"),
        pytest.param({"unit": "days", "amount": 1, "pauses": []}, id="no pause in the list"),
        pytest.param({"unit": "days", "amount": 1, "pauses": [1]}, id="a pause without name"),
        pytest.param({"unit": "days", "amount": 1, "rule": "soon"}, id="unknown rule"),
        pytest.param({"unit": "days", "amount": 1, "until": 3}, id="unknown key"),
    ],
)
def test_a_clock_that_makes_no_sense_is_refused(content: dict[str, object]) -> None:
    with pytest.raises(ReferentialError, match=r"essai\.yaml, clock"):
        read(**content)
