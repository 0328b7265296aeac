from __future__ import annotations

import pytest

from hygie.domain.incidents.content import answers_of, snapshot
from hygie.domain.incidents.kinds import Danger, Kind, Operation, Origin
from hygie.domain.incidents.models import Incident


@pytest.mark.parametrize(
    ("fields", "question", "answer"),
    [
        ({"kind": Kind.RANSOMWARE}, "malicious", True),
        ({"origin": Origin.ACCIDENTAL}, "malicious", False),
        ({"operation": Operation.STOPPED}, "operation_disrupted", True),
        ({"operation": Operation.NONE}, "operation_disrupted", False),
        ({"danger": Danger.PROVEN}, "care_safety_affected", True),
        ({}, "malicious", None),
        ({}, "operation_disrupted", None),
    ],
)
def test_what_a_field_says_is_not_asked_again(
    fields: dict[str, str], question: str, answer: object
) -> None:
    assert answers_of(Incident(**fields)).get(question) is answer


def test_what_a_person_answers_goes_before_what_is_deduced() -> None:
    incident = Incident(kind=Kind.RANSOMWARE, answers={"malicious": False})

    assert answers_of(incident)["malicious"] is False


def test_what_is_kept_of_a_version_names_nobody() -> None:
    assert not {"started_by", "declared_by"} & set(snapshot(Incident()))
