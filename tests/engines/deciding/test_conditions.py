from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygie.engines.deciding.conditions import holds, keys_of, parse_condition
from hygie.referentials.section import ReferentialError, Section

if TYPE_CHECKING:
    from hygie.vocabulary.facts import Json

NOW = dt.datetime(2026, 1, 15, 9, tzinfo=dt.UTC)


def ask(condition: dict[str, object], value: dict[str, Json]) -> bool | None:
    return holds(parse_condition(Section(condition, "essai.yaml")), value, now=NOW)


def question(op: str, value: object = None) -> dict[str, object]:
    return {"key": "key", "op": op} | ({} if value is None else {"value": value})


@pytest.mark.parametrize(
    ("condition", "found", "answer"),
    [
        (question("eq", "RSA"), "rsa", True),
        (question("eq", value=True), 1, False),
        (question("eq", 1), 1, True),
        (question("ne", "a"), "b", True),
        (question("in", ["a", "b"]), "B", True),
        (question("in", ["a"]), "c", False),
        (question("contains", "TLSv1.0"), ["TLSv1.0", "TLSv1.2"], True),
        (question("contains", "TLSv1.0"), "TLSv1.0", None),
        (question("lt", 2), ["ns1"], True),
        (question("lt", 2), 2, False),
        (question("lte", 2), 2, True),
        (question("gt", 10), 11, True),
        (question("gte", 2), "2", None),
        (question("gt", 0), True, None),
        (question("missing"), None, True),
        (question("missing"), [], True),
        (question("missing"), "", True),
        (question("missing"), 0, False),
        (question("present"), False, True),
        (question("names_version"), "Apache/2.4.49", True),
        (question("names_version"), "nginx", False),
        (question("names_version"), 2.4, None),
        (question("older_than_days", 0), "2026-01-15T08:59:00+00:00", True),
        (question("older_than_days", 30), "2026-01-01T00:00:00", False),
        (question("expires_within_days", 30), "2026-02-14T09:00:00+00:00", True),
        (question("expires_within_days", 30), "2026-02-14T09:00:01+00:00", False),
        (question("expires_within_days", 30), "bientôt", None),
        (question("eq", "a"), None, None),
    ],
)
def test_a_question_is_true_false_or_unknown(
    condition: dict[str, object], found: Json, *, answer: bool | None
) -> None:
    assert ask(condition, {"key": found}) is answer


@pytest.mark.parametrize("op", ["missing", "present", "names_version"])
def test_a_value_that_was_never_reported_is_unknown(op: str) -> None:
    assert ask(question(op), {}) is None


def test_a_path_enters_groups_and_stops_at_what_is_unknown() -> None:
    condition: dict[str, object] = {"key": "certificate.key_bits", "op": "lt", "value": 2048}

    assert ask(condition, {"certificate": {"key_bits": 1024}}) is True
    assert ask(condition, {"certificate": None}) is None


def test_a_span_needs_both_ends() -> None:
    condition: dict[str, object] = {
        "key": "end",
        "op": "spans_more_than_days",
        "value": 825,
        "since": "start",
    }

    assert ask(condition, {"start": "2024-01-01", "end": "2027-01-01"}) is True
    assert ask(condition, {"start": "2026-01-01", "end": "2027-01-01"}) is False
    assert ask(condition, {"end": "2027-01-01"}) is None


@given(st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=5))
def test_unknown_spreads_unless_the_rest_decides(answers: list[bool | None]) -> None:
    value: dict[str, Json] = {str(at): answer for at, answer in enumerate(answers)}
    parts = [{"key": name, "op": "eq", "value": True} for name in value]

    every, some = ask({"all": parts}, value), ask({"any": parts}, value)

    assert every is (False if False in answers else None if None in answers else True)
    assert some is (True if True in answers else None if None in answers else False)
    assert ask({"not": {"all": parts}}, value) is (None if every is None else not every)


def test_the_keys_read_are_known_once_each() -> None:
    part = {"key": "a", "op": "present"}
    nested = {"not": {"key": "b", "op": "spans_more_than_days", "value": 1, "since": "c"}}
    condition = parse_condition(Section({"all": [part, {"any": [part, nested]}]}, "essai.yaml"))

    assert keys_of(condition) == ("a", "b", "c")


@pytest.mark.parametrize(
    "condition",
    [
        pytest.param({"key": "a", "op": "like", "value": "x"}, id="unknown operator"),
        pytest.param({"key": "a", "op": "eq"}, id="no value"),
        pytest.param({"key": "a", "op": "in", "value": "x"}, id="text for a list"),
        pytest.param({"key": "a", "op": "lt", "value": "x"}, id="text for a number"),
        pytest.param({"key": "a", "op": "missing", "value": 1}, id="needless value"),
        pytest.param({"key": "a", "op": "older_than_days", "value": -1}, id="negative days"),
        pytest.param({"all": [], "any": []}, id="nothing to ask"),
        pytest.param({"all": [{"key": "a", "op": "present"}], "key": "a"}, id="two at once"),
    ],
)
def test_a_wrong_condition_is_refused_with_its_place(condition: dict[str, object]) -> None:
    with pytest.raises(ReferentialError, match=r"essai\.yaml"):
        parse_condition(Section(condition, "essai.yaml"))
