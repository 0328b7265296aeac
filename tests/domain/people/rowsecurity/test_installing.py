from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
from django.apps import apps
from django.db import connection
from tests.domain.people.rowsecurity.guarded import NEEDS

from hygie.domain.people.roles import GRANTED
from hygie.domain.people.rowsecurity import installing
from hygie.domain.people.rowsecurity.installing import (
    admit,
    after_migrate,
    applications,
    before_migrate,
    digest,
    install,
)
from hygie.domain.people.rowsecurity.scope import NOBODY, SYSTEM, current, process_speaks
from hygie.domain.people.rowsecurity.state import is_current, is_heard, standing, unguarded
from hygie.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper


@pytest.fixture(autouse=True)
def _postgresql(request: pytest.FixtureRequest) -> None:
    if "db" in request.fixturenames and connection.vendor != "postgresql":
        pytest.skip(NEEDS)


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.usefixtures("db")
def test_migrate_leaves_every_table_guarded_and_the_database_believes_us() -> None:
    assert unguarded(connection) == []
    assert is_current(connection)
    assert is_heard(connection)


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    "harm",
    [
        "ALTER TABLE findings_finding DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE findings_finding NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY hygie_select ON findings_finding",
        "CREATE POLICY opened ON findings_finding USING (true)",
    ],
)
def test_what_was_undone_is_seen_and_done_again(harm: str) -> None:
    run(harm)
    assert unguarded(connection) == ["findings_finding"]
    run("DROP POLICY IF EXISTS opened ON findings_finding")
    install(connection)
    assert unguarded(connection) == []


@pytest.mark.usefixtures("db")
def test_another_key_or_other_roles_are_another_version(
    settings: SettingsWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = digest()
    settings.SECRET_KEY = "une autre clé"
    assert not is_current(connection)
    assert not is_heard(connection)
    install(connection)
    assert is_current(connection)
    assert is_heard(connection)

    settings.SECRET_KEY = "tests only"
    monkeypatch.setattr(installing, "GRANTED", dict(list(GRANTED.items())[1:]))
    assert digest() != before


@pytest.mark.usefixtures("db")
def test_a_database_without_our_schema_is_not_current() -> None:
    run("ALTER SCHEMA hygie_scope RENAME TO elsewhere")

    assert not is_current(connection)


@pytest.mark.usefixtures("db")
def test_a_role_is_admitted_once_and_stands_below_the_policies() -> None:
    name = f"hygie_test_{uuid.uuid4().hex[:12]}"
    assert admit(connection, name)
    assert not admit(connection, name)
    assert name in applications(connection)
    run(f"SET LOCAL ROLE {name}")
    ours = standing(connection)
    run("RESET ROLE")

    assert (ours.name, ours.is_above, ours.is_owner) == (name, False, False)


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("name", ["", "Hygie", 'a"b', "a b", "a" * 64, "é"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(UsageError):
        admit(connection, name)


@pytest.mark.usefixtures("db")
def test_a_role_above_the_policies_is_refused() -> None:
    run("CREATE ROLE hygie_test_above BYPASSRLS")
    with pytest.raises(UsageError, match="BYPASSRLS"):
        admit(connection, "hygie_test_above")
    with pytest.raises(UsageError):
        admit(connection, standing(connection).name)


def test_migrations_see_every_row_and_the_process_speaks_as_before_after_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[object] = []
    monkeypatch.setattr(installing, "install", done.append)
    monkeypatch.setattr(installing, "_last_label", lambda: "people")
    monkeypatch.setattr(installing, "_before", [])
    monkeypatch.setattr(installing, "_is_done", lambda _: False)
    process_speaks(NOBODY)
    try:
        before_migrate()
        before_migrate()
        after_migrate(apps.get_app_config("journal"), using="default")
        assert current() == SYSTEM
        after_migrate(apps.get_app_config("people"), using="default")
        assert current() == NOBODY
    finally:
        process_speaks(SYSTEM)
    assert len(done) == (connection.vendor == "postgresql")


def test_the_last_application_migrated_is_one_with_tables() -> None:
    assert apps.get_app_config(installing._last_label()).models_module is not None


def test_who_may_install_nothing_is_asked_for_nothing_when_all_is_there(plain: str) -> None:  # noqa: ARG001 - a fixture
    after_migrate(apps.get_app_config(installing._last_label()), using="default")

    assert is_current(connection)
