"""Where a backup is restored aside, and how it takes the place of what was there.

A place is prepared aside, proved, then swapped in; what it replaces is kept under a dated name.
Until the swap nothing that is in use is touched, and a swap that fails is undone.
"""

from __future__ import annotations

import secrets
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import psycopg
from psycopg import sql

from hygie.jobs.backups.archive import POSTGRESQL_FILE, SQLITE_FILE
from hygie.jobs.backups.snapshot import (
    Contents,
    DatabaseToolError,
    address_of,
    first_line,
    read_postgresql,
    read_sqlite,
    run_tool,
    without_password,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_STOP_FIRST: Final = (
    "la base est encore employée : arrêtez le site et les travailleurs, puis recommencez"
)
_NAME_MAX: Final = 63
"""PostgreSQL's longest identifier, in bytes."""


class SqlitePlace:
    """A SQLite database restored beside the one in use."""

    def __init__(self, database: Mapping[str, Any], aside: Path) -> None:
        self._path = Path(str(database["NAME"]))
        self._aside = aside / SQLITE_FILE

    @property
    def address(self) -> str:
        """Return the DATABASE_URL of the database aside."""
        return f"sqlite://{quote(str(self._aside.resolve()))}"

    def occupied(self) -> bool:
        """Tell whether there is a database in use that would be replaced."""
        return self._path.exists() and self._path.stat().st_size > 0

    def prepare(self) -> None:
        """Nothing to do: the file extracted is the database."""

    def contents(self) -> Contents:
        """Return what the database aside holds."""
        return read_sqlite(self._aside)

    def swap(self, stamp: str, kept: Path) -> str:  # noqa: ARG002 - the folder carries the date
        """Move the database aside into place; returns where the former one is kept.

        Raises:
            DatabaseToolError: if somebody still uses it.
        """
        former = kept / self._path.name
        fold(self._aside)
        if self.occupied():
            fold(self._path)
            shutil.move(self._path, former)
        for suffix in ("-wal", "-shm"):
            Path(f"{self._path}{suffix}").unlink(missing_ok=True)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.move(self._aside, self._path)
        except OSError:
            if former.exists():
                former.replace(self._path)
            raise
        return str(former) if former.exists() else ""

    def undo(self, kept: str) -> None:
        """Put the former database back."""
        if kept:
            Path(kept).replace(self._path)
        else:
            self._path.unlink(missing_ok=True)

    def discard(self) -> None:
        """Nothing outside the folder aside, which its owner removes."""


def fold(path: Path) -> None:
    """Fold the write-ahead log in; SQLite allows it only when nobody else is connected.

    Raises:
        DatabaseToolError: if somebody is.
    """
    try:
        with closing(sqlite3.connect(path, timeout=2)) as database:
            [mode] = database.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.OperationalError as error:
        raise DatabaseToolError(_STOP_FIRST) from error
    except sqlite3.DatabaseError:
        return  # no database at all: it is kept as it is
    if mode != "delete":
        raise DatabaseToolError(_STOP_FIRST)


class PostgresqlPlace:
    """A PostgreSQL database restored under another name on the same server."""

    def __init__(self, database: Mapping[str, Any], aside: Path) -> None:
        self._database = database
        self._name = str(database["NAME"])
        self._dump = aside / POSTGRESQL_FILE
        self._aside = f"{self._name[:40]}_restore_{secrets.token_hex(4)}"
        self._made = False

    @property
    def address(self) -> str:
        """Return the DATABASE_URL of the database aside."""
        return address_of(self._database, name=self._aside)

    def occupied(self) -> bool:
        """Tell whether there are tables in use that would be replaced."""
        query = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        try:
            with psycopg.connect(address_of(self._database)) as database:
                return bool((database.execute(query).fetchone() or [0])[0])
        except psycopg.errors.InvalidCatalogName:
            return False
        except psycopg.OperationalError as error:
            if "does not exist" in str(error):
                return False
            raise DatabaseToolError(f"la base ne répond pas ({first_line(error)})") from error

    def prepare(self) -> None:
        """Make the database aside and load the dump into it, whole or not at all."""
        self._administer(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self._aside)))
        self._made = True
        target = without_password(self._database, name=self._aside)
        options = ["--exit-on-error", "--no-owner", "--single-transaction", f"--dbname={target}"]
        run_tool("pg_restore", [*options, str(self._dump)], self._database)

    def contents(self) -> Contents:
        """Return what the database aside holds."""
        return read_postgresql(self.address)

    def swap(self, stamp: str, kept: Path) -> str:  # noqa: ARG002 - databases keep no folder
        """Rename both databases in one transaction; returns the name of the former one.

        Raises:
            DatabaseToolError: if somebody still uses it.
        """
        former = f"{self._name[: _NAME_MAX - 24]}_avant_{stamp}"
        present = self._exists(self._name)
        moves = [(self._name, former)] if present else []
        self._rename([*moves, (self._aside, self._name)])
        self._made = False
        return former if present else ""

    def undo(self, kept: str) -> None:
        """Put the former database back."""
        back = [(kept, self._name)] if kept else []
        self._rename([(self._name, self._aside), *back])
        self._made = True

    def discard(self) -> None:
        """Drop the database aside, when it did not take the other's place."""
        if self._made:
            command = sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(self._aside))
            self._administer(command)
            self._made = False

    def _exists(self, name: str) -> bool:
        with psycopg.connect(address_of(self._database, name="postgres")) as server:
            query = "SELECT 1 FROM pg_database WHERE datname = %s"
            return server.execute(query, [name]).fetchone() is not None

    def _rename(self, moves: list[tuple[str, str]]) -> None:
        command = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        try:
            with psycopg.connect(address_of(self._database, name="postgres")) as server:
                for old, new in moves:
                    server.execute(command.format(sql.Identifier(old), sql.Identifier(new)))
        except psycopg.errors.ObjectInUse as error:
            raise DatabaseToolError(_STOP_FIRST) from error
        except psycopg.Error as error:
            raise DatabaseToolError(f"échange refusé ({first_line(error)})") from error

    def _administer(self, command: sql.Composed) -> None:
        try:
            address = address_of(self._database, name="postgres")
            with psycopg.connect(address, autocommit=True) as server:
                server.execute(command)
        except psycopg.Error as error:
            raise DatabaseToolError(
                f"le compte de la base ne peut pas créer de base ({first_line(error)}) ; "
                "donnez-lui CREATEDB le temps de la restauration"
            ) from error


Place = SqlitePlace | PostgresqlPlace
