from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.web.world import World, build

from hygie.domain.findings.models import Event, EventKind, Finding
from hygie.domain.findings.queries import (
    Changes,
    Filters,
    Summary,
    changes,
    first_things,
    history,
    listed,
    summary,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build()


def test_a_summary_counts_a_place_and_all_below_in_one_query(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        own = summary(world.users["cert"], world.nodes["own"].pk, now=timezone.now())

    region = summary(world.users["cert"], world.nodes["x1"].pk, now=timezone.now())
    assert own == Summary(act=2, attend=1, track=0, overdue=1, accepted=1, verified=1)
    assert own.open == 3
    assert region.act == 4


def test_a_summary_stops_at_the_scope_of_its_reader(world: World) -> None:
    seen = summary(world.users["rssi"], world.nodes["nation"].pk, now=timezone.now())

    assert seen.act == 2


def test_who_may_not_read_findings_counts_none(world: World) -> None:
    seen = summary(world.users["ministry"], world.nodes["nation"].pk, now=timezone.now())

    assert seen == Summary(0, 0, 0, 0, 0, 0)


def test_the_first_things_leave_out_what_waits_for_a_round(world: World) -> None:
    flaw = world.findings["own.flaw"]
    Finding.objects.filter(pk=flaw.pk).update(state="declared")

    found = first_things(world.users["rssi"], world.nodes["own"].pk)

    assert [finding.pk for finding in found] == [
        world.findings["own.late"].pk,
        world.findings["own.taken"].pk,
    ]


def test_a_change_is_counted_once_a_finding(world: World) -> None:
    now, late = timezone.now(), world.findings["own.late"]
    for kind in (EventKind.RETURNED, EventKind.RETURNED, EventKind.VERIFIED):
        Event.objects.create(finding=late, at=now, kind=kind, actor="système")

    found = changes(world.users["rssi"], world.nodes["own"].pk, since=now - dt.timedelta(hours=1))

    assert found == Changes(verified=1, returned=1, new=5)


def test_what_happened_before_is_no_change(world: World) -> None:
    later = timezone.now() + dt.timedelta(hours=1)

    assert changes(world.users["rssi"], world.nodes["own"].pk, since=later) == Changes(0, 0, 0)


def test_a_history_starts_with_its_newest_line(world: World) -> None:
    late = world.findings["own.late"]
    after = timezone.now() + dt.timedelta(hours=1)
    Event.objects.create(finding=late, at=after, kind=EventKind.CHANGED, actor="système")

    assert [event.kind for event in history(late)] == ["changed", "seen"]


def test_a_finding_without_deadline_comes_last_when_deadlines_sort(world: World) -> None:
    rows = listed(world.users["rssi"], Filters(state="live", order="due"), now=timezone.now())

    assert list(rows)[-1] == world.findings["own.accepted"]


def test_events_written_one_by_one_or_together_are_at_the_place_of_their_finding(
    world: World,
) -> None:
    found, now = world.findings["own.late"], timezone.now()
    told = {"finding": found, "at": now, "kind": EventKind.CHANGED, "actor": "système"}

    one = Event.objects.create(**told)
    [many] = Event.objects.bulk_create([Event(**told)])

    assert one.node_id == many.node_id == found.node_id


def test_what_happened_elsewhere_is_not_counted(world: World) -> None:
    now = timezone.now()
    for name in ("own.late", "neighbour.late"):
        Event.objects.create(
            finding=world.findings[name], at=now, kind=EventKind.RETURNED, actor="système"
        )

    found = changes(world.users["cert"], world.nodes["own"].pk, since=now)
    both = changes(world.users["cert"], world.nodes["nation"].pk, since=now)
    none = changes(world.users["rssi"], world.nodes["neighbour"].pk, since=now)

    assert (found.returned, both.returned, none.returned) == (1, 2, 0)
