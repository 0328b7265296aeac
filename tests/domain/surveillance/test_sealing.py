from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest
from tests.domain.places import NOW, make_site

from hygie.domain.surveillance.actions import GradeReport, record_grade, record_outcomes
from hygie.domain.surveillance.models import GradeGiven, Sighting
from hygie.domain.surveillance.replay import judged_sightings, outcomes_since, with_memory
from hygie.domain.surveillance.sealing import replay
from hygie.engines.deciding.exposure import exposure_policy
from hygie.engines.deciding.grading import grade
from hygie.vocabulary.facts import NotObserved, Observation

if TYPE_CHECKING:
    from hygie.domain.territory.models import Node
    from hygie.vocabulary.facts import Outcome

pytestmark = pytest.mark.django_db

WEAK: list[Outcome] = [
    Observation("essai.example:23", "tcp", {"open": True, "service": "telnet"}, b"login:", NOW),
    NotObserved("essai.example", "mail", "timeout", "", NOW),
]


def give(node: Node, outcomes: list[Outcome], *, days: int = 0) -> GradeGiven:
    """Do what the reconcile step does."""
    now = NOW + dt.timedelta(days=days)
    record_outcomes(node, outcomes)
    seen = outcomes_since(node, NOW)
    graded = grade(with_memory(node, seen), exposure_policy(on=now.date()), now=now)
    report = GradeReport(
        letter=graded.letter or "",
        themes={one.theme: {"letter": one.letter, "score": one.score} for one in graded.themes},
        points=[
            {"rule_id": one.rule_id, "subject": one.subject, "place": one.place,
             "points": one.points, "theme": one.theme}
            for one in graded.points
        ],
        not_observed=[asdict(gap) for gap in graded.not_observed],
        policy=graded.policy_id,
        policy_version=graded.policy_version,
        evidence=judged_sightings(node, seen),
    )  # fmt: skip
    return record_grade(node, report, round_id=days, now=now)


def test_an_old_grade_is_given_again_after_the_world_has_changed() -> None:
    site = make_site()
    old = give(site, WEAK)
    calm: list[Outcome] = [
        Observation("essai.example:23", "tcp", {"open": False, "service": "telnet"}, b"", NOW)
    ]
    new = give(site, calm, days=1)

    again = replay(GradeGiven.objects.get(pk=old.pk))

    assert old.points
    assert not new.points
    assert (again.letter, again.same, again.sealed, again.whole) == (old.letter, True, True, True)
    assert [row.subject for row in again.evidence] == ["essai.example:23"]


def test_a_touched_value_or_grade_breaks_the_seal() -> None:
    site = make_site()
    given = give(site, WEAK)
    Sighting.objects.update(evidence=b"autre")
    assert not replay(given).whole

    GradeGiven.objects.update(letter="A")
    again = replay(GradeGiven.objects.get())
    assert (again.same, again.sealed) == (False, False)


def test_a_grade_without_kept_answers_says_so() -> None:
    site = make_site()
    given = GradeGiven.objects.create(node=site, at=NOW, letter="B", policy="p", policy_version="1")

    again = replay(given)

    assert "antérieure" in again.why_not
    assert not again.same
