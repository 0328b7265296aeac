from __future__ import annotations

import datetime as dt
import re
from itertools import product

import pytest

from hygie.engines.deciding.decision import (
    CRITERIA,
    TABLES,
    decision_policy,
    decision_policy_version,
    read_decision_policy,
)
from hygie.referentials.reading import Document, load_folder
from hygie.referentials.section import ReferentialError, Section
from hygie.vocabulary.enums import Criticality, Decision, Exploitation, Exposure, Severity

POLICY = decision_policy(on=dt.date(2026, 11, 24))


@pytest.mark.parametrize("table", TABLES)
def test_each_combination_is_decided_exactly_once(table: str) -> None:
    combinations = list(product(*(CRITERIA[criterion] for criterion in TABLES[table])))

    assert sorted(POLICY.tables[table]) == sorted(combinations)
    assert len(combinations) == {"vulnerability": 3 * 4 * 2 * 3, "weakness": 5 * 4 * 3}[table]


@pytest.mark.parametrize("table", TABLES)
def test_a_worse_value_never_gives_a_less_urgent_outcome(table: str) -> None:
    for branch, outcome in POLICY.tables[table].items():
        for at, criterion in enumerate(TABLES[table]):
            order = CRITERIA[criterion]
            for worse in order[: order.index(branch[at])]:
                other = POLICY.tables[table][(*branch[:at], worse, *branch[at + 1 :])]
                assert other.rank <= outcome.rank, (branch, worse)


def test_outcomes_run_from_act_to_track_with_ever_longer_deadlines() -> None:
    hours = [rung.amount * {"hours": 1, "days": 24}[rung.unit] for rung in POLICY.outcomes]
    decisions = [tuple(Decision).index(rung.decision) for rung in POLICY.outcomes]

    assert hours == sorted(set(hours))
    assert decisions == sorted(decisions)
    assert set(decisions) == {0, 1, 2}


def test_each_outcome_is_reached_by_some_combination() -> None:
    reached = {rung.id for table in POLICY.tables.values() for rung in table.values()}

    assert reached == {rung.id for rung in POLICY.outcomes}


def test_values_are_those_of_the_vocabulary() -> None:
    assert set(CRITERIA["exposure"]) == set(Exposure)
    assert CRITERIA["exploitation"] == tuple(Exploitation)
    assert CRITERIA["criticality"] == tuple(Criticality)
    assert CRITERIA["severity"] == tuple(Severity)


def test_every_sentence_exists_and_is_well_written_in_both_languages() -> None:
    for criterion, values in CRITERIA.items():
        for value in values:
            assert f"{criterion}.{value}" in POLICY.texts
    for code, words in POLICY.texts.items():
        assert not re.search(r"'| [:;?!»](?:\s|$)|« ", words.fr), code
        assert set(re.findall(r"\{[^}]*\}", words.fr)) == set(re.findall(r"\{[^}]*\}", words.en))


def test_the_policy_says_that_it_binds_nobody() -> None:
    assert "non réglementaire" in POLICY.notice.fr
    assert "not a regulation" in POLICY.notice.en


def test_an_old_version_can_be_had_again() -> None:
    assert decision_policy_version(POLICY.version) is POLICY
    with pytest.raises(KeyError):
        POLICY.outcome("act-never")


def packaged(**changes: object) -> Document:
    [document] = [known for known in load_folder("policies") if known.id == "hygie.decision"]
    body = Section({**document.content.content, **changes}, document.content.source)
    return Document(
        document.id,
        document.version,
        document.valid_from,
        document.valid_to,
        document.title,
        document.authored,
        document.source,
        body,
    )


def part(name: str) -> dict[str, object]:
    return dict(packaged().content.section(name).content)


def weakness_table(severity: str, value: object) -> dict[str, object]:
    tables = part("tables")
    weakness = tables["weakness"]
    assert isinstance(weakness, dict)
    return tables | {"weakness": weakness | {severity: value}}


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        pytest.param({"tables": weakness_table("info", None)}, "tables.weakness.info", id="hole"),
        pytest.param(
            {"tables": weakness_table("sky", {})}, "tables.weakness.sky", id="unknown value"
        ),
        pytest.param(
            {"tables": weakness_table("info", {"open": {"vital": "act-never"}})},
            "tables.weakness.info.open.vital",
            id="unknown outcome",
        ),
        pytest.param(
            {"working_time": part("working_time") | {"notice_hours": 24}},
            "working_time.notice_hours",
            id="hours longer than the notice of days",
        ),
        pytest.param(
            {"working_time": part("working_time") | {"working_days": [8]}},
            "working_time.working_days",
            id="eighth day",
        ),
        pytest.param({"epss": {"active": 7, "poc": 0.1}}, "epss.active", id="percent for a share"),
        pytest.param(
            {"texts": part("texts") | {"x": {"fr": "{a.b}", "en": "b"}}},
            "texts.x",
            id="placeholder that reads attributes",
        ),
        pytest.param(
            {"texts": part("texts") | {"x": {"fr": "{", "en": "b"}}}, "texts.x", id="open brace"
        ),
        pytest.param(
            {
                "outcomes": [
                    {
                        "id": "a",
                        "decision": "act",
                        "amount": 1,
                        "unit": "weeks",
                        "label": {"fr": "a", "en": "b"},
                    }
                ]
            },
            "outcomes[0].unit",
            id="unknown unit",
        ),
    ],
)
def test_an_incoherent_policy_is_refused_with_its_place(
    changes: dict[str, object], place: str
) -> None:
    with pytest.raises(ReferentialError) as caught:
        read_decision_policy(packaged(**changes))

    assert f"decision.yaml, {place}" in str(caught.value)
