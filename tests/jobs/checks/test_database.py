from __future__ import annotations

import pytest
from django.db import OperationalError, connection
from django.db.migrations.exceptions import InconsistentMigrationHistory

from hygie.jobs.checks import database
from hygie.jobs.checks.check import Status


@pytest.mark.django_db
def test_a_migrated_database_answers_and_is_up_to_date() -> None:
    answer, tables = database.check_database(), database.check_migrations()

    assert (answer.status, tables.status) == (Status.GOOD, Status.GOOD)
    assert connection.display_name in answer.detail


@pytest.mark.django_db
def test_a_migration_not_applied_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "missing_migrations", lambda: ["findings.0009_next"])

    found = database.check_migrations()

    assert found.status is Status.BROKEN
    assert "findings.0009_next" in found.detail
    assert "hygie migrate" in found.remedy


def test_an_impossible_history_asks_for_a_backup(monkeypatch: pytest.MonkeyPatch) -> None:
    def inconsistent() -> list[str]:
        raise InconsistentMigrationHistory("0002 before 0001")

    monkeypatch.setattr(database, "missing_migrations", inconsistent)

    assert "hygie restore" in database.check_migrations().remedy


def test_a_database_that_does_not_answer_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(*_: object) -> None:
        raise OperationalError("connection refused\nIs the server running?")

    monkeypatch.setattr(database.connection, "cursor", absent)
    monkeypatch.setattr(database, "missing_migrations", absent)

    answer, tables = database.check_database(), database.check_migrations()

    assert answer.status is Status.BROKEN
    assert "connection refused" in answer.detail
    assert "running" not in answer.detail
    assert tables.status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("product", "version", "status"),
    [
        ("PostgreSQL", (15, 4), Status.GOOD),
        ("PostgreSQL", (13, 9), Status.BROKEN),
        ("SQLite", (3, 40, 1), Status.GOOD),
        ("SQLite", (3, 31, 1), Status.BROKEN),
    ],
)
def test_a_server_too_old_is_refused(
    product: str, version: tuple[int, ...], status: Status
) -> None:
    assert database.judge_version(product, version).status is status
