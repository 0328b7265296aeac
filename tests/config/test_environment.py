from __future__ import annotations

import stat
from pathlib import Path

import pytest

from hygie.config.environment import database_settings, read_environment
from hygie.vocabulary.errors import UsageError


def test_a_new_home_gets_a_secret_that_stays_and_that_only_its_owner_reads(tmp_path: Path) -> None:
    variables = {"HYGIE_HOME": str(tmp_path / "home")}

    first, second = read_environment(variables), read_environment(variables)

    kept = tmp_path / "home" / "secret-key"
    assert first.secret_key == second.secret_key == kept.read_text()
    assert len(first.secret_key) >= 50
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_nothing_is_open_by_default(tmp_path: Path) -> None:
    environment = read_environment({"HYGIE_HOME": str(tmp_path)})

    assert (environment.demo, environment.debug, environment.database_url) == (False, False, "")
    assert environment.allowed_hosts == ("127.0.0.1", "localhost", "[::1]")


def test_sqlite_is_the_home_where_nothing_else_is_asked(tmp_path: Path) -> None:
    settings = database_settings(read_environment({"HYGIE_HOME": str(tmp_path)}))

    assert settings["NAME"] == str(tmp_path / "hygie.sqlite3")
    assert settings["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_a_postgresql_address_is_read_in_full(tmp_path: Path) -> None:
    settings = database_settings(
        read_environment(
            {
                "HYGIE_HOME": str(tmp_path),
                "DATABASE_URL": "postgresql://hygie:p%40ss@db.example:5433/sante?sslmode=require",
            }
        )
    )

    assert (settings["USER"], settings["PASSWORD"], settings["HOST"], settings["PORT"]) == (
        "hygie",
        "p@ss",
        "db.example",
        "5433",
    )
    assert (settings["NAME"], settings["OPTIONS"]) == ("sante", {"sslmode": "require"})


def test_another_database_is_refused_with_what_to_write(tmp_path: Path) -> None:
    environment = read_environment(
        {"HYGIE_HOME": str(tmp_path), "DATABASE_URL": "mysql://root@localhost/hygie"}
    )

    with pytest.raises(UsageError, match="postgresql://"):
        database_settings(environment)
