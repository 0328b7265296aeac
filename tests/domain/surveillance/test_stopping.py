from __future__ import annotations

import datetime as dt

import pytest
from tests.domain.places import NOW, make_node, make_site

from hygie.domain.journal.models import Entry
from hygie.domain.surveillance.stopping import StopError, in_force, start, stop, stopped_among
from hygie.domain.territory.models import Kind, Node

pytestmark = pytest.mark.django_db


def test_a_stop_holds_for_all_below_and_for_nobody_beside() -> None:
    nation = make_node(Kind.NATION, "Nation")
    region = make_node(Kind.ARS, "Région", above=(nation,))
    inside = make_node(Kind.ET, "Dedans", above=(nation, region))
    beside = make_node(Kind.ET, "À côté", above=(nation,))

    stop(region, reason="panne  chez\nl’hébergeur", actor="essai", now=NOW)

    assert stopped_among([inside.pk, beside.pk]) == {inside.pk}
    assert in_force().get().reason == "panne chez l’hébergeur"


def test_starting_again_frees_the_place_and_both_are_in_the_journal() -> None:
    site = make_site()

    held = stop(site, reason="", actor="essai", now=NOW)
    start(held, actor="autre", now=NOW + dt.timedelta(minutes=1))

    assert stopped_among([site.pk]) == frozenset()
    assert not in_force().exists()
    acts = Entry.objects.filter(action__startswith="surveillance.").order_by("pk")
    assert [(entry.action, entry.actor) for entry in acts] == [
        ("surveillance.stopped", "essai"),
        ("surveillance.started", "autre"),
    ]


def test_twice_is_told() -> None:
    site = make_site()
    held = stop(site, reason="", actor="essai", now=NOW)

    with pytest.raises(StopError, match="déjà arrêtée"):
        stop(site, reason="", actor="essai", now=NOW)
    start(held, actor="essai", now=NOW)
    with pytest.raises(StopError, match="déjà repris"):
        start(held, actor="essai", now=NOW)


def test_a_stop_of_the_nation_holds_everywhere() -> None:
    site = make_site()
    stop(Node.objects.get(kind=Kind.NATION), reason="", actor="essai", now=NOW)

    assert stopped_among([site.pk]) == {site.pk}
