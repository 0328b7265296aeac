"""Databases of their own for tests whose processes must see committed rows.

A test's transaction is seen by itself alone, and the journal refuses to be emptied: what several
processes share lives in a home, and on PostgreSQL in a database made and dropped by the test.
"""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SERVER = os.environ.get("HYGIE_TEST_POSTGRESQL", "postgresql://root@127.0.0.1:5432")

PREPARE = """
import datetime as dt, django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from hygie.jobs import demo
demo.fill(now=dt.datetime(2026, 3, 4, 9, 0, tzinfo=dt.UTC))
"""

MIGRATE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
"""


@dataclass(frozen=True)
class Place:
    """A home and its database, ``url`` empty for SQLite."""

    home: Path
    url: str = ""

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        chosen = {"DATABASE_URL": self.url} if self.url else {}
        return kept | chosen | {
            "HYGIE_HOME": str(self.home),
            "DJANGO_SETTINGS_MODULE": "hygie.config.settings",
        }  # fmt: skip

    def python(self, code: str, *arguments: str, timeout: float = 120) -> str:
        """Run Python in this place; returns what it printed."""
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            env=self.environment, timeout=timeout, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def hygie(self, *arguments: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """Run the command; the caller looks at its exit code."""
        return subprocess.run(
            [sys.executable, "-m", "hygie", *arguments],
            env=self.environment, timeout=timeout, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def start(self, *command: str) -> subprocess.Popen[str]:
        """Start Python in the background, in a group of its own that a test may kill."""
        return subprocess.Popen(
            [sys.executable, *command],
            env=self.environment, start_new_session=True, text=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Ask PostgreSQL from outside."""
        with psycopg.connect(self.url) as database:
            return database.execute(query).fetchall()  # type: ignore[arg-type]


def server() -> str:
    """Return the server's address, or skip the test and say why."""
    try:
        psycopg.connect(f"{SERVER}/postgres", connect_timeout=3).close()
    except psycopg.OperationalError as error:
        pytest.skip(f"no PostgreSQL at {SERVER} (set HYGIE_TEST_POSTGRESQL): {error}")
    return SERVER


@contextmanager
def postgresql(home: Path, *, template: str = "") -> Iterator[Place]:
    """Make a database, a copy of ``template``'s when given, and drop it at the end."""
    address = server()
    name = f"hygie_test_{uuid.uuid4().hex[:12]}"
    copied = f' TEMPLATE "{template.rpartition("/")[2]}"' if template else ""
    _administer(address, f'CREATE DATABASE "{name}"{copied}')
    try:
        yield Place(home, f"{address}/{name}")
    finally:
        _administer(address, f'DROP DATABASE "{name}" WITH (FORCE)')


def _administer(address: str, command: str) -> None:
    with psycopg.connect(f"{address}/postgres", autocommit=True) as database:
        database.execute(command)  # type: ignore[arg-type]
