from __future__ import annotations

import dataclasses
import datetime as dt

from hygie.referentials.catalogue import Catalogue, Requirement
from hygie.referentials.catalogues import catalogue_as_of
from hygie.referentials.crosswalks import crosswalks_as_of
from hygie.referentials.section import Words
from hygie.referentials.upgrading import Fate, upgrade

TODAY = dt.date(2026, 11, 24)
OSE = catalogue_as_of("catalogue.ose", on=TODAY)
RECYF = catalogue_as_of("catalogue.recyf", on=TODAY)


def with_requirements(catalogue: Catalogue, requirements: tuple[Requirement, ...]) -> Catalogue:
    return dataclasses.replace(catalogue, version="next", requirements=requirements)


def test_the_same_version_keeps_every_answer() -> None:
    report = upgrade(RECYF, RECYF)

    assert report.count(Fate.KEPT) == 20
    assert report.left_behind == ()


def test_what_changed_is_reviewed_what_is_new_is_asked_and_what_is_gone_is_named() -> None:
    first, second, *rest = RECYF.requirements
    reworded = dataclasses.replace(first, meaning=Words("autre", "other"), levels=("EE",))
    added = dataclasses.replace(second, id="21")
    report = upgrade(RECYF, with_requirements(RECYF, (reworded, *rest, added)))

    by_number = {one.requirement: one for one in report.carried}
    assert by_number["1"].fate is Fate.TO_REVIEW
    assert by_number["1"].changes == ("meaning", "levels")
    assert (by_number["21"].fate, by_number["21"].sources) == (Fate.TO_ANSWER, ())
    assert report.left_behind == ("2",)
    assert (report.old[1], report.new[1]) == ("2.5", "next")


def test_from_one_text_to_another_answers_follow_the_crosswalk_and_are_reviewed() -> None:
    [walk] = [one for one in crosswalks_as_of(TODAY) if one.id == "mapping.ose-recyf"]
    report = upgrade(OSE, RECYF, walk)

    by_number = {one.requirement: one for one in report.carried}
    assert by_number["16"].sources == ("1", "3")
    assert by_number["3"].fate is Fate.TO_ANSWER  # only related to rule 2
    assert report.count(Fate.KEPT) == 0
    assert report.left_behind == ()
