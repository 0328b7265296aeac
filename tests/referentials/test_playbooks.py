from __future__ import annotations

import datetime as dt

import pytest

from hygie.referentials.playbooks import care_services, playbook_for, playbooks_as_of

TODAY = dt.date(2026, 11, 25)


def test_ransomware_has_its_own_playbook_and_the_unknown_that_of_failures() -> None:
    assert playbook_for("ransomware", on=TODAY).id == "playbook.ransomware"
    assert playbook_for("nothing known", on=TODAY).id == "playbook.failure"


def test_a_kind_has_one_playbook_and_a_step_one_name() -> None:
    books = playbooks_as_of(TODAY)
    kinds = [kind for book in books for kind in book.kinds]
    assert len(kinds) == len(set(kinds))
    for book in books:
        steps = [(phase.id, step.id) for phase in book.phases for step in phase.steps]
        assert len(steps) == len(set(steps))


def test_what_saves_lives_comes_back_first() -> None:
    services = care_services(TODAY)

    assert services[0].rank == 1
    assert [one.rank for one in services] == sorted(one.rank for one in services)
    assert len({one.id for one in services}) == len(services)


def test_each_text_is_in_both_languages() -> None:
    for book in playbooks_as_of(TODAY):
        for phase in book.phases:
            for words in (phase.label, *(step.label for step in phase.steps)):
                assert words.fr
                assert words.en


@pytest.mark.parametrize("day", [dt.date(2021, 1, 1), TODAY])
def test_it_holds_since_the_announcement(day: dt.date) -> None:
    assert playbooks_as_of(day)
