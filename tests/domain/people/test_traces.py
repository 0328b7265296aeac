"""Each reads the lines of their places; those about no place are for the nation's readers."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from tests.web.world import World, build

from hygie.domain.journal.actions import Act, record
from hygie.domain.people.traces import entries_for


@pytest.fixture
def world(db: None) -> World:  # noqa: ARG001 - opens the database
    made = build()
    for place in ("own", "neighbour"):
        act = Act("finding.seen", "finding", place, made.nodes[place].pk)
        record(act, actor="essai", now=timezone.now())
    record(Act("territory.laid", "territory", "tout"), actor="essai", now=timezone.now())
    return made


@pytest.mark.parametrize(
    ("role", "subjects"),
    [
        ("rssi", {"own"}),
        ("neighbour_rssi", {"neighbour"}),
        ("anssi", {"own", "neighbour", "tout"}),
        ("director", set()),
        ("ministry", set()),
    ],
)
def test_whose_lines(role: str, subjects: set[str], world: World) -> None:
    found = entries_for(world.users[role]).filter(actor="essai")
    known = {"own", "neighbour", "tout"}

    assert {entry.subject_id for entry in found} & known == subjects


def test_nobody_reads_nothing(world: World) -> None:
    assert world.nodes
    assert not entries_for(AnonymousUser()).exists()
