from __future__ import annotations

import datetime as dt

import pytest
from tests.domain.places import NOW, make_node, make_site

from hygie.domain.findings.models import Finding, State
from hygie.domain.observatory.actions import leaf_values, measure_sites
from hygie.domain.observatory.measures import NAMES
from hygie.domain.observatory.models import Measure, Standing
from hygie.domain.surveillance.models import TARGET, Attempt, GradeGiven
from hygie.domain.territory.models import Closure, Kind, Node

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


def find(node: Node, number: int, **values: object) -> None:
    Finding.objects.create(
        node=node,
        identity=f"{number:064}",
        origin="exposure",
        subject="vpn.essai.example:443",
        title="TLS 1.0",
        severity="major",
        first_seen_at=NOW,
        last_seen_at=NOW,
        last_reached_at=NOW,
        **values,
    )


def current(node: Node) -> dict[str, float]:
    rows = Measure.objects.filter(node=node, current=True).exclude(value=0)
    return dict(rows.values_list("name", "value"))


def test_an_establishment_is_counted_finding_by_finding() -> None:
    site = make_site()
    find(site, 1, decision="act", due_at=NOW - HOUR)
    find(site, 2, decision="attend", due_at=NOW + HOUR)
    find(site, 3, decision="act", state=State.VERIFIED, closed_at=NOW, due_at=NOW - HOUR)
    for host, reached in (("a.example", True), ("b.example", False)):
        Attempt.objects.create(node=site, subject=host, probe=TARGET, at=NOW, reached=reached)

    found = leaf_values([site.pk], now=NOW)[site.pk]

    assert {name: value for name, value in found.items() if value} == {
        "findings.act": 1,
        "findings.attend": 1,
        "findings.overdue": 1,
        "findings.verified": 1,
        "targets.asked": 2,
        "targets.reached": 1,
        "sites.counted": 1,
        "sites.need_help": 1,
    }


def test_an_establishment_without_anything_counts_zero_everywhere() -> None:
    site = make_site()

    found = leaf_values([site.pk], now=NOW)[site.pk]

    assert set(found) == set(NAMES)
    assert {name for name, value in found.items() if value} == {"sites.counted"}


def test_the_letter_is_that_of_the_last_round_none_when_it_saw_nothing() -> None:
    site = make_site()
    for age, letter in ((2, "D"), (1, "B"), (0, "")):
        GradeGiven.objects.create(
            node=site,
            at=NOW - age * HOUR,
            round_id=9 - age,
            letter=letter,
            themes={},
            points=[],
            not_observed=[],
            policy="essai",
            policy_version="1.0",
        )

    found = leaf_values([site.pk], now=NOW)[site.pk]

    assert [name for name in NAMES if name.startswith("grade.") and found[name]] == []
    GradeGiven.objects.filter(letter="").delete()
    assert leaf_values([site.pk], now=NOW)[site.pk]["grade.B"] == 1


def test_what_lies_above_is_the_sum_of_its_establishments_each_once() -> None:
    first = make_site("CH un")
    nation = Node.objects.get(kind=Kind.NATION)
    second = make_site("CH deux")
    find(first, 1, decision="act")
    find(second, 2, decision="act")

    counts = measure_sites([first.pk, second.pk], round_id=1, now=NOW)

    assert counts == {"sites": 2, "nodes": 1}
    assert current(nation) == {"findings.act": 2, "sites.counted": 2}


def test_measuring_one_establishment_again_keeps_what_the_other_had() -> None:
    first, second = make_site("CH un"), make_site("CH deux")
    nation = Node.objects.get(kind=Kind.NATION)
    find(second, 2, decision="act")
    measure_sites([first.pk, second.pk], round_id=1, now=NOW)

    find(first, 1, decision="act")
    measure_sites([first.pk], round_id=2, now=NOW + HOUR)

    assert current(nation)["findings.act"] == 2
    assert Measure.objects.filter(node=nation, name="findings.act").count() == 2


def test_the_same_round_measured_twice_writes_the_same_rows() -> None:
    site = make_site()
    measure_sites([site.pk], round_id=1, now=NOW)
    rows = Measure.objects.count()

    measure_sites([site.pk], round_id=1, now=NOW)

    assert Measure.objects.count() == rows


def test_a_group_that_was_left_counts_no_more() -> None:
    nation = make_node(Kind.NATION, "Nation")
    group = make_node(Kind.GHT, "GHT d’Essai", above=(nation,))
    site = make_node(Kind.ET, "CH d’Essai", above=(nation, group))
    Closure.objects.filter(ancestor=group, descendant=site).update(valid_to=NOW.date())

    measure_sites([site.pk], round_id=1, now=NOW)

    assert current(group) == {}
    assert current(nation) == {"sites.counted": 1}


def test_each_establishment_stands_as_its_measures_say_round_after_round() -> None:
    site = make_site()
    find(site, 1, decision="act", due_at=NOW - HOUR)
    find(site, 2, decision="attend", due_at=NOW + HOUR)

    measure_sites([site.pk], round_id=1, now=NOW)
    assert standing_of(site) == (1, 1, 1)

    Finding.objects.filter(decision="act").update(state=State.VERIFIED, closed_at=NOW)
    measure_sites([site.pk], round_id=2, now=NOW + HOUR)
    found = current(site)
    assert standing_of(site) == (0, 0, 1)
    assert found["findings.attend"] == 1
    assert "findings.act" not in found


def standing_of(node: Node) -> tuple[int, int, int]:
    return Standing.objects.values_list("overdue", "act", "attend").get(node=node)
