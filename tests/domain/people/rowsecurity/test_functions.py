"""What PostgreSQL's functions answer, besides what ``test_policies`` proves of them together."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.utils import timezone
from tests.domain.people.rowsecurity.test_policies import same

from hygie.domain.people.rowsecurity.functions import definitions
from hygie.domain.people.rowsecurity.scope import SYSTEM, scope_of, speaking
from hygie.domain.territory.closure import rebuild_closure
from hygie.domain.territory.models import Edge

if TYPE_CHECKING:
    from tests.web.world import World

READERS = ("cert", "anssi", "ministry", "admin", "rssi", "ars")


def value(query: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


def settle() -> None:
    """Do now what the end of a transaction does."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


BREADTH = "SELECT hygie_scope.breadth(ARRAY['territory.read'])"


@pytest.mark.usefixtures("plain")
def test_who_holds_the_nation_is_asked_for_no_list_once_the_tree_is_settled(world: World) -> None:
    with speaking(scope_of(world.users["cert"])):
        assert value(BREADTH) == 1
        settle()
        assert value(BREADTH) == 2
    for name in READERS:
        assert same(world.users[name]) == {}, name


@pytest.mark.usefixtures("plain")
def test_what_left_the_nation_is_theirs_no_more(world: World) -> None:
    today = timezone.localdate()
    with speaking(SYSTEM):
        settle()
        Edge.objects.filter(child=world.nodes["ej-c"]).update(
            valid_from=today - dt.timedelta(days=9), valid_to=today
        )
        Edge.objects.filter(child=world.nodes["ej-b"]).update(valid_to=today + dt.timedelta(days=9))
        rebuild_closure()
    with speaking(scope_of(world.users["cert"])):
        assert value(BREADTH) == 1
        settle()
        assert value(BREADTH) == 2
    for name in READERS:
        assert same(world.users[name]) == {}, name


@pytest.mark.usefixtures("plain")
def test_the_day_is_that_of_the_site() -> None:
    assert value("SELECT hygie_scope.today()") == timezone.localdate()


def test_the_schema_of_our_tables_is_searched_after_the_servers_own() -> None:
    text = definitions('"hygie"', time_zone="Europe/Paris")

    assert 'SET search_path = pg_catalog, "hygie", pg_temp' in text
    assert text.count("SECURITY DEFINER") == text.count("SECURITY DEFINER PARALLEL RESTRICTED") + 2
