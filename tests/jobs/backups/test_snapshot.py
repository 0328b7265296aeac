from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from hygie.jobs.backups.snapshot import (
    DatabaseToolError,
    address_of,
    first_line,
    read_sqlite,
    run_tool,
    take_snapshot,
    vendor_of,
    without_password,
)

SERVER = {
    "ENGINE": "django.db.backends.postgresql", "NAME": "santé", "USER": "hygie",
    "PASSWORD": "p@ss/word", "HOST": "db.example.org", "PORT": "5433",
    "OPTIONS": {"sslmode": "verify-full"},
}  # fmt: skip


def database(path: Path, *, entries: int = 0) -> dict[str, object]:
    with closing(sqlite3.connect(path)) as made:
        made.executescript(
            """PRAGMA journal_mode=WAL;
            CREATE TABLE journal_head (id INTEGER PRIMARY KEY, sequence INTEGER, hash TEXT);
            CREATE TABLE django_migrations (app TEXT, name TEXT);
            CREATE TABLE entry (n INTEGER);
            INSERT INTO journal_head VALUES (1, 0, '');
            INSERT INTO django_migrations VALUES ('journal', '0001_initial');"""
        )
        made.executemany("INSERT INTO entry VALUES (?)", [(n,) for n in range(entries)])
        made.commit()
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path)}


def test_a_copy_is_of_one_moment_while_others_write(tmp_path: Path) -> None:
    live = database(tmp_path / "live.sqlite3", entries=20_000)
    stop, written = threading.Event(), threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(str(live["NAME"]), timeout=20)) as writer:
            for n in range(1, 100_000):
                if stop.is_set():
                    return
                with writer:  # both rows, or none
                    writer.execute("INSERT INTO entry VALUES (?)", (n,))
                    writer.execute("UPDATE journal_head SET sequence = sequence + 1")
                written.set()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        assert written.wait(10)
        path, contents = take_snapshot(live, tmp_path)
    finally:
        stop.set()
        thread.join()

    with closing(sqlite3.connect(path)) as copy:
        [rows] = copy.execute("SELECT count(*) FROM entry").fetchone()
    assert rows - 20_000 == contents.sequence > 0
    assert contents.migrations == ("journal.0001_initial",)


def test_a_home_without_a_database_is_said(tmp_path: Path) -> None:
    absent = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(tmp_path / "absent")}

    with pytest.raises(DatabaseToolError, match="hygie doctor"):
        take_snapshot(absent, tmp_path)


@pytest.mark.parametrize("content", [b"", b"not a database" * 100])
def test_another_file_is_no_database_of_ours(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other"
    path.write_bytes(content)

    with pytest.raises(sqlite3.Error):
        read_sqlite(path)


def test_an_address_is_quoted_and_a_tool_never_sees_the_password() -> None:
    assert address_of(SERVER) == (
        "postgresql://hygie:p%40ss%2Fword@db.example.org:5433/sant%C3%A9?sslmode=verify-full"
    )
    assert address_of({"NAME": "hygie"}) == "postgresql:///hygie"
    assert "p%40ss" not in without_password(SERVER)
    assert vendor_of(SERVER) == "postgresql"


def test_an_absent_or_failing_tool_is_said_in_one_line() -> None:
    with pytest.raises(DatabaseToolError, match="postgresql-client"):
        run_tool("pg_dump_that_nobody_has", [], SERVER)
    with pytest.raises(DatabaseToolError, match="ls a échoué"):
        run_tool("ls", ["/absent/folder"], SERVER)
    assert first_line("one\ntwo") == "one"
    assert first_line("") == "sans explication"
