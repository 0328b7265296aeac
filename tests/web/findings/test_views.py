from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from tests.web.world import CVE

from hygie.domain.findings.models import Finding

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries
    from tests.web.world import World

HTMX = {"HX-Request": "true"}


def shown(client: Client, **query: str) -> list[int]:
    answer = client.get(reverse("finding-list"), query)
    return [finding.pk for finding in answer.context["page"].rows]


def keys(world: World, found: list[int]) -> set[str]:
    return {name for name, finding in world.findings.items() if finding.pk in found}


def test_the_list_holds_what_is_left_to_do_most_urgent_first(world: World, rssi: Client) -> None:
    wanted = [world.findings[f"own.{key}"].pk for key in ("flaw", "late", "taken")]

    assert shown(rssi) == wanted


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        pytest.param({"overdue": "on"}, {"own.late"}, id="overdue"),
        pytest.param({"decision": "attend"}, {"own.taken"}, id="decision"),
        pytest.param({"state": "accepted"}, {"own.accepted"}, id="state"),
        pytest.param({"severity": "critical"}, {"own.flaw"}, id="severity"),
        pytest.param({"origin": "vulnerability"}, {"own.flaw"}, id="origin"),
        pytest.param({"q": CVE.lower()}, {"own.flaw"}, id="text"),
        pytest.param({"q": "rien de tel"}, set(), id="text of none"),
        pytest.param(
            {"state": "all", "event": "seen", "since": "2001-01-01T00:00:00+00:00"},
            {"own.flaw", "own.late", "own.taken", "own.accepted", "own.verified"},
            id="what happened since",
        ),
    ],
)
def test_a_filter_narrows_the_list(
    query: dict[str, str], wanted: set[str], world: World, rssi: Client
) -> None:
    assert keys(world, shown(rssi, **query)) == wanted


@pytest.mark.parametrize(
    "query",
    [
        {"decision": "n’importe"},
        {"page": "-3"},
        {"page": "9" * 30},
        {"since": "2026-99-99T00:00"},
        {"q": "a\x00b"},
        {"node": "9" * 30},
        {"order": "pk; drop table"},
    ],
)
def test_an_unreadable_filter_narrows_nothing(
    query: dict[str, str], world: World, rssi: Client
) -> None:
    assert keys(world, shown(rssi, **query)) == {"own.flaw", "own.late", "own.taken"}


def test_a_place_narrows_to_all_below_it(world: World, sign_in: Callable[[str], Client]) -> None:
    found = shown(sign_in("cert"), node=str(world.nodes["x2"].pk))

    assert keys(world, found) == {"overseas.flaw", "overseas.late", "overseas.taken"}


@pytest.mark.parametrize(
    ("order", "first"), [("due", "own.late"), ("newest", "own.taken"), ("oldest", "own.flaw")]
)
def test_the_list_is_sorted_as_asked(order: str, first: str, world: World, rssi: Client) -> None:
    assert shown(rssi, order=order)[0] == world.findings[first].pk


def test_htmx_gets_the_table_alone(world: World, rssi: Client) -> None:  # noqa: ARG001 - fills the database
    answer = rssi.get(reverse("finding-list"), headers=HTMX)

    assert "<table" in answer.content.decode()
    assert "<html" not in answer.content.decode()
    assert "HX-Request" in answer["Vary"]


def test_a_longer_list_costs_no_more_queries(
    world: World, rssi: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rssi.get(reverse("finding-list"))
    first = world.findings["own.late"]
    Finding.objects.bulk_create(
        Finding(
            node=first.node,
            identity=f"{number:064}",
            origin=first.origin,
            rule_id=first.rule_id,
            subject=f"hote-{number}.example",
            title=first.title,
            severity=first.severity,
            first_seen_at=first.first_seen_at,
            last_seen_at=first.last_seen_at,
            last_reached_at=first.last_seen_at,
        )
        for number in range(120)
    )

    with django_assert_num_queries(9):
        answer = rssi.get(reverse("finding-list"), {"page": "2"})

    assert len(answer.context["page"].rows) == 50
    assert answer.context["page"].last == 3


def test_a_finding_says_what_why_what_to_do_and_by_when(world: World, rssi: Client) -> None:
    page = rssi.get(reverse("finding", args=[world.findings["own.late"].pk])).content.decode()

    assert "Versions périmées de TLS acceptées" in page
    assert "En retard" in page
    assert "Quoi faire" in page
    assert "Exposition : <strong>ouverte sur Internet</strong>" in page
    assert "non observé" in page
    assert "ANSSI" in page


def test_evidence_is_shown_as_text_never_run(world: World, rssi: Client) -> None:
    page = rssi.get(reverse("finding", args=[world.findings["own.late"].pk])).content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


def test_a_known_vulnerability_says_which_version_repairs(world: World, rssi: Client) -> None:
    page = rssi.get(reverse("finding", args=[world.findings["own.flaw"].pk])).content.decode()

    assert "en version 1.2 ou plus récente" in page
    assert "Certitude : 80" in page
    assert "CVSS 9,8" in page


def test_an_overseas_deadline_names_its_zone(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    finding = world.findings["overseas.flaw"]
    Finding.objects.filter(pk=finding.pk).update(
        due_at=dt.datetime(2026, 11, 27, 14, tzinfo=dt.UTC)
    )

    page = sign_in("cert").get(reverse("finding", args=[finding.pk])).content.decode()

    assert "vendredi 27 novembre, 18\u00a0h (heure de La Réunion)" in page


def test_a_policy_no_longer_carried_does_not_break_the_page(world: World, rssi: Client) -> None:
    finding = world.findings["own.late"]
    Finding.objects.filter(pk=finding.pk).update(
        policy_version="hygie.decision 0.0", rule_id="gone.rule", reasons=[{"code": "gone"}]
    )

    answer = rssi.get(reverse("finding", args=[finding.pk]))

    assert answer.status_code == 200
    assert "Versions anciennes de TLS acceptées" in answer.content.decode()
