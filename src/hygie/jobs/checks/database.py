"""The database: does it answer, is its version known to us, are its tables ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import Error, connection
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.executor import MigrationExecutor

from hygie.jobs.checks.check import Check, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

POSTGRESQL_MIN: Final = (15, 0)
SQLITE_MIN: Final = (3, 37, 0)
_TITLE: Final = "Base de données"
_TABLES: Final = "Tables"


def check_database() -> Check:
    """Ask the database one question and its version."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
        version = tuple(connection.get_database_version())
    except Error as error:
        return Check(
            "database.answer", _TITLE, Status.BROKEN, f"ne répond pas ({_first_line(error)})",
            "Vérifiez DATABASE_URL et que le serveur de base de données est démarré.",
        )  # fmt: skip
    return judge_version(connection.display_name, version)


def judge_version(product: str, version: Sequence[int]) -> Check:
    """Refuse a server older than those every test runs on."""
    lowest = POSTGRESQL_MIN if product == "PostgreSQL" else SQLITE_MIN
    said = f"{product} {'.'.join(map(str, version))}"
    if tuple(version) < lowest:
        needed = ".".join(map(str, lowest))
        return Check(
            "database.answer", _TITLE, Status.BROKEN, f"{said} : trop ancien",
            f"Passez à {product} {needed} ou plus récent, après une sauvegarde.",
        )  # fmt: skip
    return Check("database.answer", _TITLE, Status.GOOD, f"{said} répond")


def missing_migrations() -> list[str]:
    """Return the migrations of this version that the database has not had.

    Raises:
        django.db.Error: if the database does not answer.
        InconsistentMigrationHistory: if they were applied in an impossible order.
    """
    executor = MigrationExecutor(connection)
    executor.loader.check_consistent_history(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def check_migrations() -> Check:
    """Compare the tables with those of this version."""
    name = "database.migrations"
    try:
        missing = missing_migrations()
    except InconsistentMigrationHistory as error:
        return Check(
            name, _TABLES, Status.BROKEN, _first_line(error),
            "Rétablissez la dernière sauvegarde avec hygie restore FICHIER.",
        )  # fmt: skip
    except Error:
        return Check(
            name, _TABLES, Status.UNKNOWN, "la base ne répond pas", "Réparez d’abord la base."
        )
    if missing:
        return Check(
            name, _TABLES, Status.BROKEN, f"{len(missing)} mises à jour à faire ({missing[0]}…)",
            "Sauvegardez (hygie backup FICHIER) puis lancez hygie migrate.",
        )  # fmt: skip
    return Check(name, _TABLES, Status.GOOD, "à jour")


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:160] if lines else type(error).__name__
