from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from tests.domain.places import NOW, make_node, make_user

from hygie.domain.findings.models import Finding, Origin
from hygie.domain.findings.reconcile import Seen, reconcile
from hygie.domain.outbox.models import Mail
from hygie.domain.people.models import Notice
from hygie.domain.surveillance.notices import tell_establishments, tell_regions
from hygie.domain.territory.models import Kind
from hygie.vocabulary.enums import Role

if TYPE_CHECKING:
    from hygie.domain.territory.models import Node

pytestmark = pytest.mark.django_db

DELAY = dt.timedelta(hours=72)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def site() -> Node:
    nation = make_node(Kind.NATION, "Nation")
    region = make_node(Kind.ARS, "Région", above=(nation,))
    node = make_node(Kind.ET, "CH d’Essai", above=(nation, region))
    make_user(Role.RSSI, node, "rssi@essai.example")
    make_user(Role.ARS_OFFICER, region, "ars@essai.example")
    make_user(Role.CERT_ANALYST, nation, "cert@essai.example")
    return node


def see(node: Node, *severities: str, at: dt.datetime = NOW) -> None:
    seen = [
        Seen(Origin.EXPOSURE, f"r.{one}", "essai.example:23", f"Faiblesse {one}", one)
        for one in severities
    ]
    reconcile(node, Origin.EXPOSURE, seen, answered=lambda _: True, now=at)


def told() -> list[tuple[str, str]]:
    rows = Notice.objects.order_by("pk").values_list("user__email", "text")
    return [(email.partition("@")[0], text) for email, text in rows]


def establishments(node: Node, at: dt.datetime = NOW) -> int:
    return len(tell_establishments([node.pk], now=at, region_delay=DELAY))


def test_the_establishment_hears_at_once_and_once(site: Node) -> None:
    see(site, "critical", "moderate")

    assert establishments(site) == 1
    assert establishments(site) == 0
    assert told() == [
        ("rssi", "Exposition nouvelle (CH d’Essai) : Faiblesse critical, essai.example:23.")
    ]
    assert Mail.objects.count() == 1


def test_several_at_once_are_one_notice(site: Node) -> None:
    see(site, "critical", "major")

    assert establishments(site) == 1
    [(_, text)] = told()
    assert text.startswith("2 expositions graves nouvelles ou revenues (0 revenues) (CH d’Essai)")
    assert text.endswith(", et 1 autre.")


def test_the_region_hears_after_the_delay_of_what_is_still_open(site: Node) -> None:
    see(site, "critical", "major")
    establishments(site)
    see(site, "critical", at=NOW + HOUR)  # the other one was repaired and verified

    assert tell_regions(now=NOW + DELAY - HOUR) == []
    assert len(tell_regions(now=NOW + DELAY)) == 1
    assert tell_regions(now=NOW + DELAY + HOUR) == []
    [(who, text)] = [row for row in told() if row[0] != "rssi"]
    assert who == "ars"
    assert "n’a pas encore corrigé : Faiblesse critical" in text


def test_what_comes_back_is_told_again(site: Node) -> None:
    see(site, "critical")
    establishments(site)
    see(site, at=NOW + HOUR)
    see(site, "critical", at=NOW + 2 * HOUR)

    assert Finding.objects.get().times_returned == 1
    assert establishments(site, NOW + 2 * HOUR) == 1
    assert told()[-1][1].startswith("Revenue après correction")
    # The first appearance is over: the region hears of the second alone, at its own time.
    assert tell_regions(now=NOW + DELAY + HOUR) == []
    assert len(tell_regions(now=NOW + DELAY + 2 * HOUR)) == 1


def test_what_was_long_known_is_no_news(site: Node) -> None:
    see(site, "critical")

    assert establishments(site, NOW + dt.timedelta(days=8)) == 0
