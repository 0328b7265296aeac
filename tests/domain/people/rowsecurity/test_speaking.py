"""The database is told who asks: in each transaction, for it alone, and at no cost in queries."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.domain.people.rowsecurity.guarded import NEEDS

from hygie.domain.findings.models import Finding
from hygie.domain.people.rowsecurity.scope import NOBODY, SYSTEM, Scope, scope_of, speaking

if TYPE_CHECKING:
    from tests.web.world import World


@pytest.fixture(autouse=True)
def _postgresql(db: None) -> None:  # noqa: ARG001 - opens the database
    if connection.vendor != "postgresql":
        pytest.skip(NEEDS)


def told() -> str:
    """Return kind and subject as the server has them now."""
    [[said]] = ask("SELECT current_setting('hygie.scope', true)")
    return "|".join((said or "||").split("|")[:2])


def ask(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def test_each_statement_is_asked_in_the_scope_of_its_moment() -> None:
    with speaking(Scope("person", "7")):
        assert told() == "person|7"
        with speaking(SYSTEM):
            assert told() == "system|"
        assert told() == "person|7"
    with speaking(NOBODY):
        assert told() == "nobody|"


def test_what_a_savepoint_was_told_goes_with_it() -> None:
    with speaking(Scope("person", "7")):
        assert told() == "person|7"
        with contextlib.suppress(KeyError), transaction.atomic():
            with speaking(SYSTEM):
                assert told() == "system|"
            raise KeyError
        assert told() == "person|7"
        with contextlib.suppress(ProgrammingError), transaction.atomic(), speaking(SYSTEM):
            ask("SELECT nothing_of_the_kind()")
        assert told() == "person|7"


def test_being_told_is_no_query_and_changes_no_answer() -> None:
    asked = CaptureQueriesContext(connection)
    with speaking(Scope("person", "8")), asked, connection.cursor() as cursor:
        cursor.execute("SELECT %s, '100%%'", ["l’un"])
        assert cursor.fetchall() == [("l’un", "100%")]
        assert cursor.rowcount == 1
        cursor.execute("SELECT '100%'")
        assert cursor.fetchone() == ("100%",)
        cursor.executemany("SELECT %s", [["a"], ["b"]])

    assert len(asked) == 3


@pytest.mark.usefixtures("plain")
def test_a_cursor_of_the_server_is_read_in_its_scope(world: World) -> None:
    with speaking(scope_of(world.users["rssi"])):
        rows = Finding.objects.order_by("pk").iterator(chunk_size=2)
        assert {row.node_id for row in rows} == {world.nodes["own"].pk}
