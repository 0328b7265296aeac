"""A file is compared, kept, then applied whole or dropped; the past stays as it was."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import pytest
from tests.domain.territory.files import FIRST, NOW, SECOND, Loader, Site, finess, ght, ghts

from hygie.domain.journal.models import Entry
from hygie.domain.journal.queries import verify
from hygie.domain.territory import actions, queries
from hygie.domain.territory.actions import ReviewError, apply, drop, may_apply_unasked
from hygie.domain.territory.models import (
    ALWAYS,
    Closure,
    Edge,
    HoldReason,
    Kind,
    Node,
    Review,
    ReviewState,
)

pytestmark = pytest.mark.django_db

A, B, C = "990100109", "990100208", "990100307"
EJ_1, EJ_2 = "990000101", "990000200"
BEFORE, AFTER = dt.date(2025, 6, 1), dt.date(2026, 3, 1)

load = Loader()


def node(kind: Kind, code: str) -> Node:
    return Node.objects.get(kind=kind, code=code)


def below(kind: Kind, code: str, day: dt.date) -> set[str]:
    found = queries.descendants(node(kind, code), on=day, kind=Kind.ET)
    return set(found.values_list("code", flat=True))


def changes(review: Review) -> list[tuple[str, str, str]]:
    return [(c.kind, c.node_kind, c.code) for c in review.changes.order_by("pk")]


def test_a_first_file_lays_the_whole_tree() -> None:
    load.apply(finess(Site(A), Site(B, EJ_2)), ghts(ght("G1", EJ_1, EJ_2)))

    nation = queries.nation()
    assert queries.counts_by_kind(nation, on=BEFORE) == {
        Kind.ARS: 1,
        Kind.GHT: 1,
        Kind.EJ: 2,
        Kind.ET: 2,
    }
    assert node(Kind.ARS, "84").name == "ARS Auvergne-Rhône-Alpes"
    assert node(Kind.EJ, EJ_1).name == f"CH {EJ_1}"
    support = queries.support_of(node(Kind.GHT, "G1"), on=BEFORE)
    assert support == node(Kind.EJ, EJ_1)
    assert below(Kind.GHT, "G1", ALWAYS) == {A, B}


def test_what_the_operator_reads_is_what_changed_and_on_which_line() -> None:
    load.apply(finess(Site(A, name="Ancien nom", beds=10), Site(B), Site(C, None)))

    review = load.propose(
        finess(Site(A, name="Nouveau nom", beds=12, line=41), Site(B, EJ_2, line=42), as_of=SECOND)
    )

    assert changes(review) == [
        ("opened", "ej", EJ_2),
        ("closed", "et", C),
        ("renamed", "et", A),
        ("moved", "et", B),
        ("updated", "et", A),
    ]
    renamed = review.changes.get(kind="renamed")
    assert (renamed.before, renamed.after) == ({"name": "Ancien nom"}, {"name": "Nouveau nom"})
    assert renamed.line == 41
    moved = review.changes.get(kind="moved")
    assert moved.before == {"parents": [["ej", EJ_1, "structure"]]}
    assert moved.after == {"parents": [["ej", EJ_2, "structure"]]}
    updated = review.changes.get(kind="updated")
    assert (updated.before, updated.after) == ({"beds": 10}, {"beds": 12})
    assert Node.objects.get(code=A).name == "Ancien nom"


def test_the_same_file_again_changes_nothing() -> None:
    file, groups = finess(Site(A), Site(B, EJ_2), Site(C, None)), ghts(ght("G1", EJ_1))
    load.apply(file, groups)
    edges, paths = Edge.objects.count(), Closure.objects.count()

    review = load.apply(file, groups)

    assert changes(review) == []
    assert (Edge.objects.count(), Closure.objects.count()) == (edges, paths)


def test_a_hospital_that_changes_group_stays_in_the_old_one_for_last_years_report() -> None:
    file = finess(Site(A), Site(B, EJ_2))
    load.apply(file, ghts(ght("G1", EJ_1, EJ_2), ght("G2", "990000309")))

    load.apply(ghts(ght("G1", EJ_1), ght("G2", EJ_2), as_of=SECOND))

    assert below(Kind.GHT, "G1", BEFORE) == {A, B}
    assert below(Kind.GHT, "G1", AFTER) == {A}
    assert below(Kind.GHT, "G2", BEFORE) == set()
    assert below(Kind.GHT, "G2", AFTER) == {B}
    assert queries.support_of(node(Kind.GHT, "G2"), on=BEFORE) is None
    assert queries.support_of(node(Kind.GHT, "G2"), on=AFTER) == node(Kind.EJ, EJ_2)


def test_a_member_that_leaves_every_group_hangs_under_its_agency_again() -> None:
    load.apply(finess(Site(A), Site(B, EJ_2)), ghts(ght("G1", EJ_1, EJ_2)))

    load.apply(ghts(ght("G1", EJ_1), as_of=SECOND))

    [edge] = queries.parents(node(Kind.EJ, EJ_2), on=AFTER)
    assert (edge.parent.code, edge.role) == ("84", "structure")


def test_a_group_that_changed_its_code_is_not_left_behind_empty() -> None:
    load.apply(finess(Site(A), kind="sae"), ghts(ght("OLD", EJ_1)))
    with_groups = replace(
        finess(Site(A), kind="finess_plus", as_of=SECOND), groups=(ght("NEW", EJ_1),)
    )

    review = load.propose(with_groups)

    assert ("closed", "ght", "OLD") in changes(review)
    assert ("opened", "ght", "NEW") in changes(review)
    assert review.hold_reason == HoldReason.CLOSINGS


def test_a_file_of_establishments_alone_leaves_the_groups_as_they_are() -> None:
    load.apply(finess(Site(A), Site(B, EJ_2)), ghts(ght("G1", EJ_1, EJ_2)))

    assert changes(load.propose(finess(Site(A), Site(B, EJ_2), as_of=SECOND))) == []


def test_a_member_nobody_described_is_a_problem_not_a_guess() -> None:
    load.apply(finess(Site(A)))

    review = load.propose(ghts(ght("G1", EJ_1, "990000309"), as_of=SECOND))

    assert review.problem_count == 1
    assert "990000309, membre du GHT G1, est inconnu" in review.problems[0][1]


def test_a_closed_site_leaves_the_tree_on_that_day_and_can_come_back() -> None:
    load.apply(finess(Site(A), Site(B)))
    review = load.propose(finess(Site(A), as_of=SECOND))
    apply(review, actor="essai", now=NOW)

    assert node(Kind.ET, B).closed_on == SECOND
    assert below(Kind.EJ, EJ_1, BEFORE) == {A, B}
    assert below(Kind.EJ, EJ_1, AFTER) == {A}

    again = dt.date(2026, 2, 1)
    load.apply(finess(Site(A), Site(B), as_of=again))

    assert node(Kind.ET, B).closed_on is None
    assert below(Kind.EJ, EJ_1, dt.date(2026, 1, 15)) == {A}
    assert below(Kind.EJ, EJ_1, AFTER) == {A, B}


def test_a_closing_that_the_file_states_has_its_own_date_and_needs_no_second_look() -> None:
    load.apply(finess(Site(A), Site(B)))

    closed_on = dt.date(2025, 9, 30)
    review = load.apply(finess(Site(A), Site(B, closed_on=closed_on), as_of=SECOND))

    assert review.hold_reason == ""
    assert node(Kind.ET, B).closed_on == closed_on


def test_only_the_kind_of_file_that_described_a_site_closes_it() -> None:
    load.apply(finess(Site(A), kind="etalab"))

    review = load.propose(finess(Site(B, EJ_2), kind="sae", as_of=SECOND))

    assert changes(review) == [("opened", "ej", EJ_2), ("opened", "et", B)]


def test_an_entity_stays_open_while_a_site_of_another_source_names_it() -> None:
    load.apply(finess(Site(A), kind="etalab"))
    load.apply(finess(Site(B), kind="sae"))

    review = load.propose(finess(Site(C, EJ_2), kind="sae", as_of=SECOND))

    assert ("closed", "et", B) in changes(review)
    assert ("closed", "ej", EJ_1) not in changes(review)


def test_a_blank_in_a_file_erases_nothing() -> None:
    load.apply(finess(Site(A, beds=10)))

    assert changes(load.propose(finess(Site(A, beds=None), as_of=SECOND))) == []


def test_a_file_that_closes_more_than_a_tenth_waits_for_somebody() -> None:
    load.apply(finess(Site(A), Site(B)))

    review = load.propose(finess(Site(A), as_of=SECOND))

    assert review.hold_reason == HoldReason.CLOSINGS


def test_a_file_with_unreadable_lines_does_not_close_what_they_may_hold() -> None:
    many = [Site(f"99{number:07d}") for number in range(20)]
    load.apply(finess(*many))

    review = load.propose(finess(*many[1:], problems=1, as_of=SECOND))

    assert review.hold_reason == HoldReason.PROBLEMS


@pytest.mark.parametrize(("problems", "unasked"), [(0, True), (1, False)])
def test_a_clean_first_load_needs_no_question(problems: int, unasked: bool) -> None:  # noqa: FBT001 - a parametrised expectation
    review = load.propose(finess(Site(A), problems=problems))

    assert may_apply_unasked(review) is unasked


def test_a_review_of_a_territory_that_changed_since_is_refused() -> None:
    load.apply(finess(Site(A)))
    stale = load.propose(finess(Site(A), Site(B), as_of=SECOND))
    load.apply(finess(Site(A), Site(C), as_of=SECOND))

    with pytest.raises(ReviewError, match="a changé depuis la relecture"):
        apply(stale, actor="essai", now=NOW)

    assert not Node.objects.filter(code=B).exists()


def test_a_review_is_settled_once() -> None:
    review = drop(load.propose(finess(Site(A))), actor="essai", now=NOW)

    assert review.state == ReviewState.DROPPED
    with pytest.raises(ReviewError, match="est close"):
        apply(review, actor="essai", now=NOW)
    assert not Node.objects.exists()


@pytest.mark.parametrize(
    ("day", "message"),
    [(dt.date(2024, 1, 1), "plus récent"), (dt.date(2027, 1, 1), "dans l’avenir")],
)
def test_a_file_of_another_time_is_refused(day: dt.date, message: str) -> None:
    load.apply(finess(Site(A), as_of=FIRST))

    with pytest.raises(ReviewError, match=message):
        load.propose(finess(Site(A), as_of=day))


def test_a_file_without_date_read_today_does_not_bar_a_dated_one_of_another_kind() -> None:
    load.apply(finess(Site(A), kind="sae", as_of=SECOND))

    load.apply(finess(Site(A), Site(B), kind="etalab", as_of=FIRST))

    assert below(Kind.EJ, EJ_1, BEFORE) == {A, B}


def test_nothing_is_half_applied(monkeypatch: pytest.MonkeyPatch) -> None:
    review = load.propose(finess(Site(A)))

    def fail() -> int:
        raise RuntimeError

    monkeypatch.setattr(actions, "rebuild_closure", fail)
    with pytest.raises(RuntimeError):
        apply(review, actor="essai", now=NOW)

    assert not Node.objects.exists()
    assert not Edge.objects.exists()
    assert Review.objects.get().state == ReviewState.PROPOSED


def test_the_journal_says_who_applied_which_file() -> None:
    review = load.apply(finess(Site(A)), ghts(ght("G1", EJ_1)))

    lines = Entry.objects.filter(subject_type="review", subject_id=str(review.pk))
    assert [line.action for line in lines] == ["territory.proposed", "territory.applied"]
    assert {line.actor for line in lines} == {"essai"}
    detail = json.loads(lines[1].detail)
    assert detail["sha256"] == "a" * 64
    assert detail["changes"] == {"opened": {"ars": 1, "ght": 1, "ej": 1, "et": 1}}
    assert json.loads(lines[0].detail)["groups_sha256"] == "b" * 64
    assert verify().whole
