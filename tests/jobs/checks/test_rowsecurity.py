from __future__ import annotations

import pytest
from django.db import OperationalError, connection

from hygie.domain.people.rowsecurity.state import Standing
from hygie.jobs.checks import rowsecurity
from hygie.jobs.checks.check import Status


@pytest.mark.django_db
def test_a_migrated_database_has_its_policies() -> None:
    found = rowsecurity.check_policies()

    assert found.status is Status.GOOD
    assert ("SQLite" in found.detail) == (connection.vendor == "sqlite")


@pytest.mark.django_db
def test_the_role_is_judged_where_there_are_roles() -> None:
    found = rowsecurity.check_role()

    assert found.status in (Status.GOOD, Status.WARNING)
    assert ("SQLite" in found.detail) == (connection.vendor == "sqlite")


def test_a_table_left_bare_is_named() -> None:
    found = rowsecurity.judge_policies(["findings_finding", "x"], is_ours=False)

    assert found.status is Status.BROKEN
    assert "2 tables" in found.detail
    assert "findings_finding" in found.detail
    assert "hygie migrate" in found.remedy


def test_policies_of_another_version_or_key_are_put_right_by_migrate() -> None:
    found = rowsecurity.judge_policies([], is_ours=False)

    assert found.status is Status.BROKEN
    assert "hygie migrate" in found.remedy


@pytest.mark.parametrize(
    ("ours", "status", "word"),
    [
        (Standing("root", is_above=True, is_owner=True), Status.WARNING, "BYPASSRLS"),
        (Standing("hygie", is_above=False, is_owner=True), Status.WARNING, "possède"),
        (Standing("hygie_app", is_above=False, is_owner=False), Status.GOOD, "hygie_app"),
    ],
)
def test_a_role_must_neither_pass_over_the_policies_nor_lift_them(
    ours: Standing, status: Status, word: str
) -> None:
    found = rowsecurity.judge_role(ours)

    assert found.status is status
    assert word in found.detail
    assert found.status is Status.GOOD or "hygie database role" in found.remedy


def test_a_database_that_does_not_answer_is_not_good(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(*_: object) -> None:
        raise OperationalError

    monkeypatch.setattr(rowsecurity.connection, "vendor", "postgresql")
    for name in ("unguarded", "standing"):
        monkeypatch.setattr(rowsecurity, name, absent)

    assert rowsecurity.check_policies().status is Status.UNKNOWN
    assert rowsecurity.check_role().status is Status.UNKNOWN
