"""Backups made and restored for real, by the command, on both databases."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.jobs.databases import PREPARE, SERVER, Place, postgresql

from hygie.jobs.backups.archive import BackupError, Held, Manifest
from hygie.jobs.backups.places import PostgresqlPlace, SqlitePlace, fold
from hygie.jobs.backups.restoring import check_archive

Kind = Callable[[Path], AbstractContextManager[Place]]
SQLITE = {"ENGINE": "django.db.backends.sqlite3", "NAME": "x"}


@contextmanager
def sqlite(home: Path) -> Iterator[Place]:
    yield Place(home)


KINDS = [pytest.param(sqlite, id="SQLite"), pytest.param(postgresql, id="PostgreSQL")]


def head(place: Place) -> tuple[int, str]:
    found = json.loads(place.hygie("journal", "verify", "--format", "json").stdout)
    assert found["whole"]
    return found["lines"], found["head_hash"]


def lines(place: Place) -> list[dict[str, Any]]:
    said = place.hygie("journal", "list", "--last", "10000", "--format", "json").stdout
    rows: list[dict[str, Any]] = json.loads(said)
    return rows


def state(home: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(home)): path.read_bytes()
        for path in home.rglob("*")
        if path.is_file() and not path.name.endswith(("-shm", "-wal"))
    }


def filled(place: Place) -> None:
    place.python(PREPARE)
    folder = place.home / "files" / "2026"
    folder.mkdir(parents=True)
    (folder / "preuve.txt").write_text("une preuve")


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", KINDS)
def test_an_installation_comes_back_with_the_same_journal(tmp_path: Path, kind: Kind) -> None:
    archive = tmp_path / "hygie.zip"
    with kind(tmp_path / "one") as one, kind(tmp_path / "two") as two:
        filled(one)
        expected = head(one)
        made = one.hygie("backup", str(archive), "--format", "json")
        assert made.returncode == 0, made.stderr
        assert json.loads(made.stdout)["journal"] == {
            "lines": expected[0], "head_hash": expected[1],
        }  # fmt: skip

        restored = two.hygie("restore", str(archive), "--format", "json")
        assert restored.returncode == 0, restored.stderr
        assert json.loads(restored.stdout)["journal"]["head_hash"] == expected[1]
        empty = json.loads(restored.stdout)["kept"]["database"]
        rows = lines(two)
        assert rows[expected[0] - 1]["hash"] == expected[1]
        assert [row["action"] for row in rows[expected[0] :]] == ["backup.restored"]
        assert (two.home / "files" / "2026" / "preuve.txt").read_text() == "une preuve"

        refused = two.hygie("restore", str(archive))
        assert refused.returncode == 2
        assert "--yes" in refused.stderr
        before = head(two)
        (two.home / "files" / "trop.txt").write_text("écrit après la sauvegarde")

        replaced = two.hygie("restore", str(archive), "--yes", "--format", "json")
        assert replaced.returncode == 0, replaced.stderr
        kept = json.loads(replaced.stdout)["kept"]
        assert not (two.home / "files" / "trop.txt").exists()
        assert (Path(kept["folder"]) / "files" / "trop.txt").exists()
        assert head(former(two, kept["database"])) == before
        if two.url:
            drop(empty)
            drop(kept["database"])


def former(place: Place, name: str) -> Place:
    """Return the place that a restore put away."""
    if place.url:
        return Place(place.home, f"{place.url.rpartition('/')[0]}/{name}")
    return Place(place.home, f"sqlite://{name}")


def drop(name: str) -> None:
    with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as server:
        server.execute(f'DROP DATABASE "{name}"')  # type: ignore[arg-type]


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_or_false_archive_changes_nothing(tmp_path: Path, kind: Kind) -> None:
    archive = tmp_path / "hygie.zip"
    with kind(tmp_path / "one") as one:
        filled(one)
        assert one.hygie("backup", str(archive)).returncode == 0
        before, held = head(one), databases()
        one.hygie("journal", "verify")
        kept = {name: data for name, data in state(one.home).items() if "sqlite3" not in name}

        for damaged in (truncated(archive), flipped(archive), other_head(archive)):
            refused = one.hygie("restore", str(damaged), "--yes")

            assert refused.returncode == 3, damaged.name
            assert len(refused.stderr.strip().splitlines()) <= 2, refused.stderr
            assert "Traceback" not in refused.stderr
            assert "rien n’a été changé" in " ".join(refused.stderr.split()), refused.stderr

        assert head(one) == before
        after = {name: data for name, data in state(one.home).items() if "sqlite3" not in name}
        assert after == kept
        assert databases() <= held if one.url else True


def databases() -> set[str]:
    """Return the databases left aside by a restore."""
    try:
        with psycopg.connect(f"{SERVER}/postgres", connect_timeout=3) as server:
            rows = server.execute(
                "SELECT datname FROM pg_database WHERE datname LIKE 'hygie\\_test%\\_restore\\_%'"
            )
            return {str(name) for (name,) in rows}
    except psycopg.OperationalError:
        return set()


def truncated(path: Path) -> Path:
    copy = path.with_name("truncated.zip")
    copy.write_bytes(path.read_bytes()[:-2000])
    return copy


def flipped(path: Path) -> Path:
    copy, data = path.with_name("flipped.zip"), bytearray(path.read_bytes())
    data[len(data) // 3] ^= 0xFF
    copy.write_bytes(data)
    return copy


def other_head(path: Path) -> Path:
    """Return an archive whose manifest tells of a longer journal than its database holds."""
    copy = path.with_name("head.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(copy, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "manifest.json":
                document = json.loads(data)
                data = json.dumps(document | {"journal_sequence": 10**6}).encode()
            new.writestr(name, data)
    return copy


@pytest.mark.slow
def test_a_database_still_in_use_is_not_replaced(tmp_path: Path) -> None:
    place, archive = Place(tmp_path / "one"), tmp_path / "hygie.zip"
    assert place.hygie("migrate").returncode == 0
    assert place.hygie("backup", str(archive)).returncode == 0
    holder = place.start(
        "-c",
        "import sqlite3, sys, time; c = sqlite3.connect(sys.argv[1]); "
        "c.execute('PRAGMA journal_mode=WAL'); c.execute('SELECT * FROM journal_head').fetchall(); "
        "open(sys.argv[2], 'w').close(); time.sleep(60)",
        str(place.home / "hygie.sqlite3"),
        str(tmp_path / "ready"),
    )
    try:
        while not (tmp_path / "ready").exists():
            assert holder.poll() is None
        refused = place.hygie("restore", str(archive), "--yes")
    finally:
        holder.kill()
        holder.wait()

    assert refused.returncode == 2
    assert "arrêtez le site" in " ".join(refused.stderr.split())
    assert head(place) == (0, "")
    assert not list(place.home.glob("avant-restauration-*"))


def manifest(**changes: object) -> Manifest:
    values: dict[str, Any] = {
        "hygie": "9.0.0", "made_at": "2030-01-01T00:00:00+00:00", "database": "sqlite",
        "journal_sequence": 0, "journal_hash": "", "migrations": ("journal.0001_initial",),
        "files": {"database.sqlite3": Held(1, "0" * 64)},
    }  # fmt: skip
    return Manifest(**values | changes)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"migrations": ("journal.9999_future",)}, "plus récente"),
        ({"database": "postgresql"}, "DATABASE_URL"),
    ],
)
def test_a_newer_or_foreign_backup_is_refused(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], words: str
) -> None:
    monkeypatch.setattr(
        "hygie.jobs.backups.restoring.read_manifest", lambda _path: manifest(**changes)
    )

    with pytest.raises(BackupError, match=words):
        check_archive(Path("x.zip"), database=SQLITE, known={"journal.0001_initial"})


def test_an_older_backup_is_welcome(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hygie.jobs.backups.restoring.read_manifest", lambda _path: manifest())

    found = check_archive(Path("x"), database=SQLITE, known={"journal.0001_initial", "journal.2"})

    assert found.hygie == "9.0.0"


def test_places_say_their_addresses_without_touching_anything(tmp_path: Path) -> None:
    lite = SqlitePlace({"NAME": str(tmp_path / "absent.sqlite3")}, tmp_path)
    server = PostgresqlPlace({"NAME": "hygie", "HOST": "127.0.0.1"}, tmp_path)

    assert lite.address == f"sqlite://{tmp_path}/database.sqlite3"
    assert not lite.occupied()
    assert server.address.startswith("postgresql://127.0.0.1/hygie_restore_")
    fold(tmp_path / "absent.sqlite3")
