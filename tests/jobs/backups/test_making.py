from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import pytest
from tests.jobs.backups.test_snapshot import database

from hygie.jobs.backups.archive import read_manifest, sha256_of
from hygie.jobs.backups.making import make_backup
from hygie.vocabulary.errors import UsageError

NOW = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    (home / "files" / "2026").mkdir(parents=True)
    (home / "files" / "2026" / "preuve.txt").write_text("une preuve")
    (home / "files" / "sortie").symlink_to("/etc/hostname")
    (home / "secret-key").write_text("secret d’essai")
    database(home / "hygie.sqlite3")
    return home


def names(path: Path) -> set[str]:
    return set(zipfile.ZipFile(path).namelist())


def test_the_secret_stays_home_unless_asked_for(home: Path, tmp_path: Path) -> None:
    settings = {"ENGINE": "sqlite3", "NAME": str(home / "hygie.sqlite3")}
    plain, full = tmp_path / "plain.zip", tmp_path / "full.zip"

    made = make_backup(plain, home=home, database=settings, now=NOW)
    make_backup(full, home=home, database=settings, now=NOW, extras=("secret-key",))

    assert names(plain) == {"database.sqlite3", "files/2026/preuve.txt", "manifest.json"}
    assert names(full) - names(plain) == {"secret-key"}
    assert made.manifest == read_manifest(plain)
    assert made.sha256 == sha256_of(plain)
    assert plain.stat().st_mode & 0o777 == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {"home", "plain.zip", "full.zip"}


def test_an_archive_that_exists_is_never_overwritten(home: Path, tmp_path: Path) -> None:
    settings = {"ENGINE": "sqlite3", "NAME": str(home / "hygie.sqlite3")}
    (tmp_path / "old.zip").write_text("hier")

    with pytest.raises(UsageError, match="existe déjà"):
        make_backup(tmp_path / "old.zip", home=home, database=settings, now=NOW)
    with pytest.raises(UsageError, match="ne peut pas être écrit"):
        make_backup(tmp_path / "absent" / "new.zip", home=home, database=settings, now=NOW)

    assert (tmp_path / "old.zip").read_text() == "hier"
