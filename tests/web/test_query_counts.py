"""A list or a first page costs as many queries for many rows as for few, pinned by role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hygie.domain.findings.models import Event, EventKind, Finding
from hygie.domain.people.models import Grant, Notice, User

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from tests.web.world import World

MANY: Final = 60

PINNED: Final = {
    ("/", "rssi"): 15,
    ("/", "ght_rssi"): 19,
    ("/", "director"): 13,
    ("/", "ars"): 13,
    ("/", "cert"): 13,
    ("/", "ministry"): 12,
    ("/", "admin"): 10,
    ("/", "trainer"): 5,
    ("/constats/", "rssi"): 9,
    ("/constats/", "ars"): 8,
    ("/constats/", "cert"): 8,
    ("/constats/?overdue=on&order=due", "cert"): 8,
    ("/constats/?order=place", "cert"): 8,
    ("/constats/?node={own}&decision=act", "rssi"): 11,
    ("/constats/tableur/", "rssi"): 5,
    ("/lieux/{own}/", "rssi"): 19,
    ("/lieux/{own}/", "cert"): 18,
    ("/lieux/{x1}/", "ars"): 14,
    ("/lieux/{nation}/", "ministry"): 13,
    ("/recherche/?q=aurore", "rssi"): 8,
    ("/lieux/{own}/parc/", "rssi"): 12,
    ("/lieux/{own}/mandats/", "rssi"): 13,
    ("/rondes/", "rssi"): 8,
    ("/rondes/", "cert"): 7,
    ("/personnes/", "rssi"): 10,
    ("/personnes/", "admin"): 9,
    ("/journal/", "rssi"): 10,
    ("/journal/", "admin"): 9,
}


@pytest.mark.parametrize(("page", "role"), PINNED)
def test_a_page_costs_the_same_queries_for_many_rows(
    page: str, role: str, world: World, sign_in: Callable[[str], Client]
) -> None:
    client = sign_in(role)
    address = page.format(
        **{name: node.pk for name, node in world.nodes.items() if "-" not in name}
    )
    counted(client, address)
    few = counted(client, address)

    grow(world, role)

    assert counted(client, address) == few == PINNED[page, role]


def counted(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = client.get(address)
        assert answer.status_code == 200
        if answer.streaming:
            assert b"".join(answer)  # type: ignore[arg-type]  # a stream of bytes
    return len(queries)


def grow(world: World, role: str) -> None:
    """Add a page and more of findings, of their events, of people and of notices."""
    now, first = timezone.now(), world.findings["own.late"]
    findings = [
        Finding(
            node=world.nodes[place],
            identity=f"{place}{number:050}",
            origin=first.origin,
            rule_id=first.rule_id,
            subject=f"hote-{number}.example",
            title=first.title,
            severity=first.severity,
            decision="act",
            due_at=first.due_at,
            first_seen_at=now,
            last_seen_at=now,
            last_reached_at=now,
        )
        for place in ("own", "neighbour")
        for number in range(MANY)
    ]
    Finding.objects.bulk_create(findings)
    Event.objects.bulk_create(
        Event(finding=finding, at=now, kind=EventKind.SEEN, actor="système") for finding in findings
    )
    people = User.objects.bulk_create(
        User(email=f"p{number}@exemple.example", name=f"P{number}") for number in range(MANY)
    )
    Grant.objects.bulk_create(
        Grant(user=one, role="trainer", node=world.nodes["own"], valid_from=first.first_seen_at)
        for one in people
    )
    Notice.objects.bulk_create(
        Notice(user=world.users[role], key=f"k{number}", at=now, text="avis")
        for number in range(MANY)
    )
