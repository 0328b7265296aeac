from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygie.engines.clocks.asking import (
    AllOf,
    AnyOf,
    Clause,
    Condition,
    Fact,
    FactKind,
    Finding,
    ask,
    condition_from,
    fact_from,
    facts_of,
)
from hygie.referentials.section import ReferentialError, Section, Words


def yes_no(name: str) -> Fact:
    return Fact(name, FactKind.YES_NO, Words(f"{name} ?", name), {"yes": Words(name, name)}, "")


FACTS = {name: yes_no(name) for name in "abc"}
FACTS["kind"] = Fact(
    "kind",
    FactKind.CHOICE,
    Words("lequel ?", "which?"),
    {"one": Words("un", "one"), "two": Words("deux", "two")},
    "",
)


def condition(*clauses: dict[str, object]) -> Condition:
    return condition_from([Section(clause, source="essai.yaml") for clause in clauses], FACTS)


def answer(*clauses: dict[str, object], **answers: object) -> Finding:
    return ask(condition(*clauses), answers)  # type: ignore[arg-type]


A_AND_B = ({"fact": "a"}, {"fact": "b"})
A_OR_B = ({"any": [{"fact": "a"}, {"fact": "b"}]},)


@pytest.mark.parametrize(
    ("a", "b", "both", "either"),
    [
        (True, True, True, True),
        (True, False, False, True),
        (True, None, None, True),
        (False, False, False, False),
        (False, None, False, None),
        (None, None, None, None),
    ],
)
def test_what_is_not_known_stays_unknown(
    a: object, b: object, both: object, either: object
) -> None:
    assert answer(*A_AND_B, a=a, b=b).answer is both
    assert answer(*A_AND_B, a=b, b=a).answer is both
    assert answer(*A_OR_B, a=a, b=b).answer is either


def test_a_yes_gives_its_reasons_and_an_unknown_its_questions() -> None:
    assert [reason.fr for reason in answer(*A_OR_B, a=False, b=True).reasons] == ["b"]
    unknown = answer(*A_AND_B, a=True)
    assert [reason.fr for reason in unknown.reasons] == ["a"]
    assert [fact.id for fact in unknown.missing] == ["b"]
    assert answer(*A_AND_B, a=True, b=False).reasons == ()


def test_a_choice_holds_for_its_options() -> None:
    either = {"fact": "kind", "in": ["one", "two"]}

    assert answer({"fact": "kind", "in": ["one"]}, kind="two").answer is False
    assert [reason.en for reason in answer(either, kind="two").reasons] == ["two"]


def test_questions_are_listed_once_in_reading_order() -> None:
    nested = condition({"any": [{"fact": "b"}, {"all": [{"fact": "a"}, {"fact": "b"}]}]})

    assert [fact.id for fact in facts_of(nested)] == ["b", "a"]


@pytest.mark.parametrize(
    "clause",
    [
        pytest.param({"fact": "z"}, id="unknown question"),
        pytest.param({"fact": "kind"}, id="yes to a choice"),
        pytest.param({"fact": "kind", "in": ["three"]}, id="unknown option"),
        pytest.param({"fact": "kind", "in": []}, id="no option"),
        pytest.param({"fact": "a", "is": True}, id="unknown key"),
        pytest.param({"any": [{"fact": "a"}], "fact": "b"}, id="two forms at once"),
    ],
)
def test_a_condition_that_makes_no_sense_is_refused(clause: dict[str, object]) -> None:
    with pytest.raises(ReferentialError):
        condition(clause)


@pytest.mark.parametrize("wrong", ["yes", 1, ["a"]])
def test_an_answer_of_another_kind_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match="expected"):
        answer({"fact": "a"}, a=wrong)
    with pytest.raises(ValueError, match="expected"):
        answer({"fact": "kind", "in": ["one"]}, kind=wrong)


def test_a_question_is_read_with_what_its_answer_means() -> None:
    words = {"fr": "oui", "en": "yes"}
    read = fact_from(
        Section({"id": "a", "kind": "yes_no", "question": words, "holds": words}, source="e.yaml")
    )

    assert read.holds["yes"].fr == "oui"
    with pytest.raises(ReferentialError):
        fact_from(Section({"id": "a", "kind": "choice", "question": words}, source="e.yaml"))


CLAUSES = st.builds(Clause, st.sampled_from([FACTS[name] for name in "abc"]), st.just(("yes",)))
CONDITIONS = st.recursive(
    CLAUSES,
    lambda parts: st.lists(parts, min_size=1, max_size=3).flatmap(
        lambda found: st.sampled_from([AllOf(tuple(found)), AnyOf(tuple(found))])
    ),
    max_leaves=6,
)
ANSWERS = st.fixed_dictionaries({name: st.sampled_from([True, False, None]) for name in "abc"})


@given(asked=CONDITIONS, answers=ANSWERS, name=st.sampled_from("abc"), value=st.booleans())
def test_a_new_answer_never_turns_a_settled_condition(
    *, asked: Condition, answers: dict[str, bool | None], name: str, value: bool
) -> None:
    before = ask(asked, answers).answer
    if answers[name] is None and before is not None:
        assert ask(asked, {**answers, name: value}).answer is before


@given(CONDITIONS, ANSWERS)
def test_only_an_open_condition_asks_for_more(
    asked: Condition, answers: dict[str, bool | None]
) -> None:
    found = ask(asked, answers)

    assert bool(found.missing) is (found.answer is None)
    assert all(answers[fact.id] is None for fact in found.missing)
