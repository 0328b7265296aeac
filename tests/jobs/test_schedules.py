"""Rounds start by themselves: once, at the hour of the place, not long after."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from tests.domain.rounds.conftest import nation  # noqa: F401 - a fixture

from hygie.domain.rounds.models import Round, Slot, Step
from hygie.jobs import schedules as module
from hygie.jobs.schedules import Schedule, schedules, start_due
from hygie.referentials.section import ReferentialError, Section, Words
from hygie.vocabulary.enums import NodeKind

if TYPE_CHECKING:
    from hygie.domain.territory.models import Node

PARIS = ZoneInfo("Europe/Paris")


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def schedule(*days: int, hour: int = 2, minute: int = 30, late_h: int = 6) -> Schedule:
    return Schedule(
        id="essai", label=Words("essai", "test"), kind=NodeKind.NATION,
        days=frozenset(days or range(7)), at=dt.time(hour, minute), steps=tuple(Step),
        late_max=dt.timedelta(hours=late_h),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("now", "due"),
    [
        pytest.param("2026-03-04T01:29:59", None, id="a second before, winter"),
        pytest.param("2026-03-04T01:30:00", "2026-03-04T01:30:00", id="on time, winter"),
        pytest.param("2026-07-04T00:30:00", "2026-07-04T00:30:00", id="on time, summer"),
        pytest.param("2026-03-04T07:30:00", "2026-03-04T01:30:00", id="as late as it may"),
        pytest.param("2026-03-04T07:30:01", None, id="too late"),
        pytest.param("2026-03-29T02:00:00", "2026-03-29T01:30:00", id="the hour that is skipped"),
        pytest.param("2026-10-25T04:00:00", "2026-10-25T00:30:00", id="the hour that comes twice"),
    ],
)
def test_each_day_has_one_moment_by_the_clock_of_the_place(now: str, due: str | None) -> None:
    assert schedule().last_due(at(now), PARIS) == (at(due) if due else None)


def test_a_late_evening_is_still_yesterday_s() -> None:
    late = schedule(hour=23, minute=0)

    assert late.last_due(at("2026-03-05T00:30:00"), PARIS) == at("2026-03-04T22:00:00")


def test_only_the_days_of_the_week_that_were_chosen() -> None:
    sundays = schedule(6)

    assert sundays.last_due(at("2026-03-04T02:00:00"), PARIS) is None
    assert sundays.last_due(at("2026-03-08T02:00:00"), PARIS) == at("2026-03-08T01:30:00")
    assert sundays.next_due(at("2026-03-08T02:00:00"), PARIS) == at("2026-03-15T01:30:00")


def test_the_schedules_we_carry_can_be_read() -> None:
    found = schedules(dt.date(2026, 11, 24))

    assert [one.id for one in found] == ["nightly", "midday"]
    assert Step.OBSERVE not in found[1].steps


def test_an_unknown_step_is_named_with_its_place() -> None:
    section = Section({"steps": "refresh guess"}, source="x.yaml", place="rounds[0]")

    with pytest.raises(ReferentialError, match=r"rounds\[0\].steps : « guess » inconnu"):
        module._names(section, "steps", Step.values)


class Remembering:
    def __init__(self) -> None:
        self.begun: list[int] = []

    def begin(self, turn: Round) -> None:
        self.begun.append(turn.pk)


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    backend = Remembering()
    monkeypatch.setattr(module, "backend", lambda: backend)
    return backend.begun


NIGHT = at("2026-03-04T02:00:00")


def test_a_round_that_is_due_starts_once(nation: Node, begun: list[int]) -> None:  # noqa: F811 - the fixture
    [turn] = start_due(now=NIGHT)
    assert start_due(now=NIGHT + dt.timedelta(minutes=5)) == []

    assert (turn.node, begun) == (nation, [turn.pk])
    assert Slot.objects.get().due_at == at("2026-03-04T01:30:00")


def test_an_empty_territory_honours_its_slot_with_nothing(db: None, begun: list[int]) -> None:  # noqa: ARG001 - opens the database
    from hygie.domain.territory.models import Kind, Node

    Node.objects.create(kind=Kind.NATION, code="V", name="Nation vide")

    assert start_due(now=NIGHT) == []
    assert (Round.objects.count(), Slot.objects.count(), begun) == (0, 1, [])


def test_a_place_keeps_its_own_hour(nation: Node, begun: list[int]) -> None:  # noqa: F811 - the fixture
    nation.time_zone = "Pacific/Noumea"
    nation.save()

    assert start_due(now=NIGHT)  # one in the afternoon there: midday is due, night is long past

    assert [slot.schedule for slot in Slot.objects.all()] == ["midday"]
    assert len(begun) == 1
