from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import translation

from hygie.domain.surveillance.models import GradeGiven
from hygie.web.territory.grading import explain_grade

if TYPE_CHECKING:
    from tests.web.world import World


def given(world: World) -> GradeGiven:
    return GradeGiven.objects.filter(node=world.nodes["own"]).order_by("-at")[0]


def test_themes_are_in_words_and_one_without_answer_has_no_letter(world: World) -> None:
    told = explain_grade(given(world))

    lines = {line.letter: line for line in told.themes}
    assert set(lines) == {"C", ""}
    assert (lines["C"].score, lines["C"].unanswered) == (55, 0)
    assert (lines[""].score, lines[""].unanswered) == (None, 1)
    assert "tls" not in [line.title for line in told.themes]
    assert told.capped
    assert told.notice


def test_what_cost_points_is_told_apart_from_what_no_longer_counts(world: World) -> None:
    grade = given(world)
    [point] = grade.points
    grade.points = [point, {**point, "subject": "autre.example:443", "points": 0}]

    told = explain_grade(grade)

    assert [(line.subject, line.points) for line in told.costly] == [(point["subject"], 45)]
    assert [line.subject for line in told.free] == ["autre.example:443"]
    assert told.costly[0].title.startswith("Versions périmées de TLS")
    assert told.costly[0].reference


def test_a_rule_or_a_policy_no_longer_carried_is_shown_as_it_was_stored(world: World) -> None:
    grade = given(world)
    grade.policy_version = "0.0"
    grade.points = [{"rule_id": "gone.rule", "subject": "a.example", "points": 3}]

    [line] = explain_grade(grade).points

    assert (line.title, line.reference, line.theme) == ("gone.rule", "", "")


def test_an_english_reader_reads_english(world: World) -> None:
    french = explain_grade(given(world)).points[0].title
    with translation.override("en"):
        english = explain_grade(given(world)).points[0].title

    assert english.startswith("Outdated TLS")
    assert english != french
