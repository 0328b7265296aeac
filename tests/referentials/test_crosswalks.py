from __future__ import annotations

import datetime as dt

import pytest

from hygie.referentials.crosswalks import Crosswalk, Strength, crosswalks_as_of, read_crosswalk
from hygie.referentials.reading import parse_document
from hygie.referentials.section import ReferentialError

TODAY = dt.date(2026, 11, 24)


def crosswalk(name: str) -> Crosswalk:
    [found] = [one for one in crosswalks_as_of(TODAY) if one.id == f"mapping.{name}"]
    return found


def test_ose_rules_lead_to_recyf_as_we_read_them() -> None:
    walk = crosswalk("ose-recyf")
    led = {rule: [link.target for link in walk.served_by(rule)] for rule in ("1", "3", "6", "23")}

    assert led == {"1": ["16"], "3": ["2", "16"], "6": ["5", "1"], "23": ["14", "13", "15"]}
    assert len({link.source for link in walk.links}) == 23
    assert walk.unmatched == ()


def test_one_backup_test_serves_several_duties() -> None:
    served = {link.target: link.strength for link in crosswalk("recyf-care-d2").served_by("13")}

    assert served["O4"] is Strength.PARTIAL
    assert "13" in {link.target for link in crosswalk("ose-recyf").served_by("23")}


def test_what_serves_a_requirement_comes_strongest_first() -> None:
    serving = crosswalk("ose-recyf").serving("2")

    assert [link.source for link in serving] == ["2", "3", "4"]
    assert crosswalk("ose-recyf").serving("3")[0].strength is Strength.RELATED


def test_no_reading_of_ours_is_said_confirmed() -> None:
    assert all(not one.source.confirmed for one in crosswalks_as_of(TODAY))
    assert len(crosswalks_as_of(TODAY)) == 6


def test_no_crosswalk_before_the_catalogues_exist() -> None:
    assert crosswalks_as_of(dt.date(2020, 1, 1)) == ()


ROWS = """
id: mapping.own
version: "1"
valid_from: 2026-04-01
valid_to: null
title: T
authored: A
source: {title: S, url: "", confidence: C}
from: catalogue.ose
to: catalogue.recyf
rows:
  - {id: "1", full: "16", related: "2 3"}
"""


def read(text: str) -> Crosswalk:
    return read_crosswalk(parse_document(text.encode(), name="essai.yaml"), on=TODAY)


def test_rows_are_many_to_many() -> None:
    assert [(link.target, link.strength.value) for link in read(ROWS).links] == [
        ("16", "full"),
        ("2", "related"),
        ("3", "related"),
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param('id: "1"', 'id: "24"', id="unknown source"),
        pytest.param('"16"', '"21"', id="unknown target"),
        pytest.param("2 3", "2 2", id="a pair twice"),
        pytest.param("full:", "strong:", id="unknown strength"),
        pytest.param(', full: "16", related: "2 3"', "", id="an empty row"),
        pytest.param("catalogue.recyf", "catalogue.none", id="unknown catalogue"),
    ],
)
def test_a_crosswalk_to_nowhere_is_refused(old: str, new: str) -> None:
    with pytest.raises(ReferentialError):
        read(ROWS.replace(old, new))
