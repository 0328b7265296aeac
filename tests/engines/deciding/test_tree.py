from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygie.engines.deciding.context import Context, context_from_weakness
from hygie.engines.deciding.decision import CRITERIA, TABLES, decision_policy
from hygie.engines.deciding.tree import Decided, deadline_reason, decide, urgency
from hygie.vocabulary.enums import Criticality, Decision, Exposure, Severity

POLICY = decision_policy(on=dt.date(2026, 11, 24))
PARIS = ZoneInfo("Europe/Paris")
NOW = dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)


def context(table: str, *values: str) -> Context:
    return Context(table, tuple(zip(TABLES[table], values, strict=True)), {})


def decided(found: Context, now: dt.datetime = NOW, tz: ZoneInfo = PARIS) -> Decided:
    return decide(found, POLICY, now=now, tz=tz)


GATEWAY = context("vulnerability", "active", "open", "total", "important")


def test_an_exploited_gateway_is_to_be_fixed_by_friday() -> None:
    answer = decided(GATEWAY)

    assert answer.decision is Decision.ACT
    assert answer.due_at == dt.datetime(2026, 11, 27, 17, tzinfo=dt.UTC)
    assert answer.branch == GATEWAY.branch
    assert [reason.code for reason in answer.reasons] == [
        "exploitation.active",
        "exposure.open",
        "technical_impact.total",
        "criticality.important",
    ]
    assert (answer.outcome_id, answer.policy_id) == ("act-4d", "hygie.decision")
    assert answer.policy_version == POLICY.version


def test_what_would_change_the_answer_is_the_nearest_value_each_way() -> None:
    told = {reason.code: reason.params["outcome"] for reason in decided(GATEWAY).would_change}

    assert told["change.exposure.controlled"] == "act-7d"
    assert told["change.criticality.vital"] == "act-48h"
    assert told["change.criticality.support"] == "act-7d"
    assert "change.exposure.unknown" not in told


@given(st.sampled_from([(table, *branch) for table in TABLES for branch in POLICY.tables[table]]))
def test_a_change_that_is_told_really_changes_the_answer(found: tuple[str, ...]) -> None:
    table, *values = found
    answer = decided(context(table, *values))

    for reason in answer.would_change:
        _, criterion, value = reason.code.split(".")
        other = [value if name == criterion else old for name, old in answer.branch]
        assert decided(context(table, *other)).outcome_id == reason.params["outcome"]
        assert reason.params["outcome"] != answer.outcome_id


@given(
    st.sampled_from([(table, *branch) for table in TABLES for branch in POLICY.tables[table]]),
    st.data(),
    st.datetimes(
        min_value=dt.datetime(2026, 1, 1),  # noqa: DTZ001 - Hypothesis adds the zone
        max_value=dt.datetime(2028, 1, 1),  # noqa: DTZ001 - Hypothesis adds the zone
        timezones=st.just(dt.UTC),
    ),
    st.sampled_from([PARIS, ZoneInfo("Indian/Reunion"), ZoneInfo("Pacific/Tahiti")]),
)
def test_worse_facts_are_never_less_urgent_nor_due_later(
    found: tuple[str, ...], data: st.DataObject, now: dt.datetime, tz: ZoneInfo
) -> None:
    table, *values = found
    worse = [
        data.draw(st.sampled_from(CRITERIA[criterion][: CRITERIA[criterion].index(value) + 1]))
        for criterion, value in zip(TABLES[table], values, strict=True)
    ]

    before = decided(context(table, *values), now, tz)
    after = decided(context(table, *worse), now, tz)

    assert after.rank <= before.rank
    assert after.due_at <= before.due_at
    assert tuple(Decision).index(after.decision) <= tuple(Decision).index(before.decision)
    assert urgency(after) <= urgency(before)


def test_what_asks_to_act_comes_before_what_is_only_tracked() -> None:
    act = decided(GATEWAY, NOW + dt.timedelta(days=365))
    track = decided(context("weakness", "info", "small", "support"))

    assert sorted([track, act], key=urgency) == [act, track]


def test_equal_deadlines_are_ranked_by_how_grave_the_facts_are() -> None:
    worse = decided(context("weakness", "info", "open", "vital"))
    milder = decided(context("weakness", "info", "small", "vital"))

    assert worse.due_at == milder.due_at
    assert urgency(worse) < urgency(milder)


def test_an_open_imaging_server_is_cut_within_a_day() -> None:
    answer = decided(
        context_from_weakness(
            Severity.CRITICAL, exposed=Exposure.OPEN, criticality=Criticality.VITAL
        )
    )

    assert answer.due_at == NOW + dt.timedelta(hours=24)


def test_criteria_of_another_table_are_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="criteria"):
        decided(Context("weakness", GATEWAY.branch, {}))


@pytest.mark.parametrize(
    ("decision", "days", "code"),
    [
        (Decision.ACT, 4, "due.this_week"),
        (Decision.ACT, 7, "due.later"),
        (Decision.ATTEND, 30, "due.later"),
        (Decision.TRACK, 90, "due.review"),
        (Decision.ACT, -1, "due.passed"),
        (Decision.TRACK, -1, "due.passed"),
    ],
)
def test_a_deadline_is_told_as_it_reads_today(decision: Decision, days: int, code: str) -> None:
    due = NOW + dt.timedelta(days=days)

    assert deadline_reason(decision, due, now=NOW, tz=PARIS).code == code
