from __future__ import annotations

import datetime as dt

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from hygie.web.findings.forms import AcceptForm, FindingFilter, PlanForm


def test_nothing_asked_is_what_is_left_to_do_by_urgency() -> None:
    asked = FindingFilter(QueryDict("")).filters()

    assert (asked.state, asked.order, asked.node_id, asked.since, asked.overdue) == (
        "open",
        "urgency",
        None,
        None,
        False,
    )


def test_everything_asked_is_in_the_filters() -> None:
    asked = FindingFilter(
        QueryDict("q=vpn&decision=act&state=all&severity=major&order=due&overdue=on&node=7")
    ).filters()

    assert (asked.text, asked.decision, asked.state, asked.severity, asked.order) == (
        "vpn",
        "act",
        "all",
        "major",
        "due",
    )
    assert (asked.overdue, asked.node_id) == (True, 7)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-03-04T09:30:00+01:00", dt.datetime(2026, 3, 4, 8, 30, tzinfo=dt.UTC)),
        ("2026-03-04T09:30:00", dt.datetime(2026, 3, 4, 9, 30, tzinfo=dt.UTC)),
        ("2026-99-99T09:30:00", None),
        ("hier", None),
    ],
)
def test_a_moment_without_zone_is_in_utc_and_what_is_none_narrows_nothing(
    text: str, at: dt.datetime | None
) -> None:
    assert FindingFilter({"since": text}).filters().since == at


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.sampled_from(["q", "state", "node", "since", "order"]), st.text()))
def test_anything_typed_gives_filters(query: dict[str, str]) -> None:
    asked = FindingFilter(query).filters()

    assert asked.state
    assert asked.node_id is None or asked.node_id > 0


def test_a_plan_needs_a_date_and_an_acceptance_a_reason_besides() -> None:
    assert list(PlanForm({"on": "demain"}).errors) == ["on"]
    assert list(AcceptForm({"until": "2026-03-04"}).errors) == ["reason"]
    assert list(AcceptForm({"until": "2026-03-04", "reason": "x" * 501}).errors) == ["reason"]
