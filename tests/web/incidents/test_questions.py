from __future__ import annotations

import pytest
from django.http import QueryDict
from tests.domain.incidents.samples import drafted

from hygie.domain.incidents.duties import day_of
from hygie.engines.clocks.regimes import facts_as_of
from hygie.web.incidents.questions import answers_from, groups_for

pytestmark = pytest.mark.django_db


def test_each_question_is_asked_once_unless_a_field_says_it() -> None:
    incident = drafted()
    asked = [one.name for group in groups_for(incident) for one in group.questions]

    assert len(asked) == len(set(asked))
    said = {"malicious", "operation_disrupted", "care_safety_affected"}
    assert {name.removeprefix("fact_") for name in asked} == set(
        facts_as_of(day_of(incident))
    ) - said


def test_an_empty_answer_is_unknown_and_an_absent_one_is_not_asked() -> None:
    facts = facts_as_of(day_of(drafted()))
    posted = QueryDict("fact_is_ose=yes&fact_is_oiv=&fact_nis2_entity=essential")

    assert answers_from(posted, facts) == {
        "is_ose": True,
        "is_oiv": None,
        "nis2_entity": "essential",
    }
