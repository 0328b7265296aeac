"""One consistent picture of the database while others write, and what it holds.

SQLite: the online backup API, one step, so that the copy is that of one moment. PostgreSQL:
pg_dump in custom format, inside the very transaction in which the journal's head is read.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess  # nosec B404 - PostgreSQL's own tools
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

import psycopg

from hygie.jobs.backups.archive import POSTGRESQL_FILE, SQLITE_FILE
from hygie.vocabulary.errors import HygieError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_HEAD: Final = "SELECT sequence, hash FROM journal_head"
_BOUND: Final = """
SELECT NOT (rolsuper OR rolbypassrls) AND EXISTS (
    SELECT 1 FROM pg_class WHERE relrowsecurity AND relnamespace = current_schema()::regnamespace)
FROM pg_roles WHERE rolname = current_user
"""
_MIGRATIONS: Final = "SELECT app, name FROM django_migrations ORDER BY app, name"


class DatabaseToolError(HygieError):
    """The database, or one of its tools, did not do what was asked."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database holds, as far as a backup is concerned.

    Attributes:
        sequence, hash: head of the journal.
        migrations: ``app.name`` of each migration, sorted.
    """

    sequence: int
    hash: str
    migrations: tuple[str, ...]


def vendor_of(database: Mapping[str, Any]) -> str:
    """Return ``sqlite`` or ``postgresql`` from Django's settings of the database."""
    return "postgresql" if str(database["ENGINE"]).endswith("postgresql") else "sqlite"


def take_snapshot(database: Mapping[str, Any], folder: Path) -> tuple[Path, Contents]:
    """Write the database into ``folder``; returns the file and what it holds.

    Raises:
        DatabaseToolError: if there is no prepared database, or the tool is absent or fails.
    """
    try:
        if vendor_of(database) == "sqlite":
            return _copy_sqlite(str(database["NAME"]), folder / SQLITE_FILE)
        return _dump_postgresql(database, folder / POSTGRESQL_FILE)
    except (sqlite3.Error, psycopg.Error) as error:
        raise DatabaseToolError(
            f"la base ne peut pas être copiée ({first_line(error)}) ; voyez hygie doctor"
        ) from error


def read_sqlite(path: Path) -> Contents:
    """Return what a SQLite file holds, after checking that it is whole.

    Raises:
        sqlite3.Error: if it is not a database of ours.
    """
    with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as database:
        [answer] = database.execute("PRAGMA quick_check(1)").fetchone()
        if answer != "ok":
            raise sqlite3.DatabaseError(answer)
        return _contents(
            database.execute(_HEAD).fetchall(), database.execute(_MIGRATIONS).fetchall()
        )


def read_postgresql(address: str) -> Contents:
    """Return what a PostgreSQL database holds.

    Raises:
        psycopg.Error: if it does not answer or is not ours.
    """
    with psycopg.connect(address) as database:
        return _contents(
            database.execute(_HEAD).fetchall(), database.execute(_MIGRATIONS).fetchall()
        )


def address_of(database: Mapping[str, Any], *, name: str | None = None) -> str:
    """Return the URL of a PostgreSQL database, password included: never to be shown."""
    user, password = quote(database.get("USER", ""), ""), quote(database.get("PASSWORD", ""), "")
    account = f"{user}:{password}@" if password else f"{user}@" if user else ""
    host = quote(database.get("HOST", ""), ":[]")
    port = f":{database['PORT']}" if database.get("PORT") else ""
    options = urlencode(database.get("OPTIONS", {}), quote_via=quote)
    path = quote(name or str(database["NAME"]), "")
    return f"postgresql://{account}{host}{port}/{path}" + (f"?{options}" if options else "")


def run_tool(name: str, arguments: Sequence[str], database: Mapping[str, Any]) -> None:
    """Run one of PostgreSQL's tools; the password goes by its environment, not its arguments.

    Raises:
        DatabaseToolError: if it is absent or fails.
    """
    path = shutil.which(name)
    if path is None:
        raise DatabaseToolError(f"{name} est absent : installez le paquet postgresql-client")
    password = {"PGPASSWORD": str(database["PASSWORD"])} if database.get("PASSWORD") else {}
    done = subprocess.run(  # noqa: S603 # nosec B603 - arguments are ours
        [path, *arguments],
        env=os.environ | password | {"LC_ALL": "C"},
        capture_output=True, text=True, errors="replace", check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    if done.returncode:
        raise DatabaseToolError(f"{name} a échoué ({first_line(done.stderr)}) ; rien n’est changé")


def without_password(database: Mapping[str, Any], *, name: str | None = None) -> str:
    """Return the URL of a PostgreSQL database for a tool's arguments, which others may read."""
    return address_of({**database, "PASSWORD": ""}, name=name)


def first_line(said: object) -> str:
    """Return the first line of an error, bounded."""
    lines = str(said).strip().splitlines()
    return lines[0][:200] if lines else "sans explication"


def _copy_sqlite(source: str, target: Path) -> tuple[Path, Contents]:
    with (
        closing(sqlite3.connect(f"file:{quote(source)}?mode=ro", uri=True)) as live,
        closing(sqlite3.connect(target)) as copy,
    ):
        live.backup(copy, pages=-1)
        copy.execute("PRAGMA journal_mode=DELETE")
    return target, read_sqlite(target)


def _dump_postgresql(database: Mapping[str, Any], target: Path) -> tuple[Path, Contents]:
    with psycopg.connect(address_of(database)) as live:
        _refuse_a_part(live)
        live.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        [snapshot] = live.execute("SELECT pg_export_snapshot()").fetchone() or [""]
        contents = _contents(live.execute(_HEAD).fetchall(), live.execute(_MIGRATIONS).fetchall())
        # Rights are given again by ``migrate``: their roles may not exist where it is restored.
        arguments = ["--format=custom", "--no-owner", "--no-privileges"]
        arguments += [f"--snapshot={snapshot}", f"--file={target}"]
        run_tool("pg_dump", [*arguments, without_password(database)], database)
    return target, contents


def _refuse_a_part(live: psycopg.Connection) -> None:
    """Refuse a role that policies bind: it would see a part of the rows, or none.

    Raises:
        DatabaseToolError: if row-level security binds the role of the connection.
    """
    [bound] = live.execute(_BOUND).fetchone() or [False]
    live.rollback()
    if bound:
        raise DatabaseToolError(
            "ce compte de la base ne lit pas tout : sauvegardez avec le compte propriétaire, qui a "
            "BYPASSRLS (docs/operation.md, « Deux comptes sur PostgreSQL »)"
        )


def _contents(heads: Sequence[Sequence[Any]], migrations: Sequence[Sequence[Any]]) -> Contents:
    if len(heads) != 1:
        raise sqlite3.DatabaseError("journal_head")
    return Contents(
        int(heads[0][0]), str(heads[0][1]), tuple(f"{app}.{name}" for app, name in migrations)
    )
