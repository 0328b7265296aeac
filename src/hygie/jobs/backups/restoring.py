"""Restore a backup: read it all, prove it aside, then swap; before that nothing changes."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess  # nosec B404 - our own command
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import psycopg
from django.conf import settings

from hygie.jobs.backups.archive import BackupError, Manifest, extract, read_manifest
from hygie.jobs.backups.places import Place, PostgresqlPlace, SqlitePlace
from hygie.jobs.backups.snapshot import first_line, vendor_of
from hygie.vocabulary.errors import UsageError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Mapping

_SPARE_BYTES: Final = 100 * 1024**2
_PROOF_TIMEOUT_S: Final = 3600


class OccupiedError(UsageError):
    """Something is there already; ``--yes`` replaces it."""


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup that took its place.

    Attributes:
        manifest: that of the archive.
        kept_folder: where the replaced files lie, None when there were none.
        kept_database: former file or database, empty when there was none.
    """

    manifest: Manifest
    kept_folder: Path | None
    kept_database: str


def check_archive(path: Path, *, database: Mapping[str, Any], known: Collection[str]) -> Manifest:
    """Return the manifest of an archive that this version and this database can hold.

    Raises:
        BackupError: if it is damaged, of a newer version, or of the other kind of database.
    """
    manifest = read_manifest(path)
    if manifest.database != vendor_of(database):
        names = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
        raise BackupError(
            f"sauvegarde d’une base {names[manifest.database]} ; "
            f"l’installation emploie {names[vendor_of(database)]}, réglez DATABASE_URL",
            source=path.name,
        )
    newer = [name for name in manifest.migrations if name not in known]
    if newer:
        raise BackupError(
            f"faite par une version plus récente (hygie {manifest.hygie}, {newer[0]}) ; "
            "installez cette version, puis restaurez",
            source=path.name,
        )
    return manifest


def restore_backup(
    path: Path,
    manifest: Manifest,
    *,
    home: Path,
    database: Mapping[str, Any],
    now: dt.datetime,
    replace: bool,
) -> Restored:
    """Put the archive in the place of the installation, proved beforehand.

    Args:
        path: the archive.
        manifest: what ``check_archive`` returned of it.
        home: folder of the state.
        database: Django's settings of the database.
        now: dates the names under which what is replaced is kept.
        replace: whether an installation that is there may be replaced.

    Raises:
        OccupiedError: if it may not.
        BackupError: if the content is not what the manifest says, or its journal is broken.
        DatabaseToolError: if the database refuses, or is still in use.
    """
    _check_room(manifest, home)
    with ExitStack() as stack:
        folder = tempfile.TemporaryDirectory(dir=home, prefix=".restore-")
        aside = Path(stack.enter_context(folder))
        place = _place(database, aside)
        if not replace and (place.occupied() or _has_files(home)):
            raise OccupiedError(
                "il y a déjà une installation ici ; ajoutez --yes pour la remplacer "
                "(elle sera gardée sous un autre nom)"
            )
        extract(path, manifest, aside)
        stack.callback(place.discard)
        place.prepare()
        _prove(place, manifest, aside, path)
        return _swap(place, manifest, (aside, home), f"{now:%Y%m%d_%H%M%S}")


def _place(database: Mapping[str, Any], aside: Path) -> Place:
    if vendor_of(database) == "sqlite":
        return SqlitePlace(database, aside)
    return PostgresqlPlace(database, aside)


def _check_room(manifest: Manifest, home: Path) -> None:
    needed = sum(held.bytes for held in manifest.files.values()) + _SPARE_BYTES
    if shutil.disk_usage(home).free < needed:
        raise UsageError(f"il faut {needed // 1024**2} Mio libres sous {home} ; faites de la place")


def _has_files(home: Path) -> bool:
    folder = home / "files"
    return folder.is_dir() and any(folder.iterdir())


def _prove(place: Place, manifest: Manifest, aside: Path, path: Path) -> None:
    """Compare the journal's head, bring the tables up to date, read the whole journal."""
    try:
        found = place.contents()
    except (sqlite3.Error, psycopg.Error) as error:
        reason = f"base illisible ({first_line(error)}) ; rien n’a été changé"
        raise BackupError(reason, source=path.name) from error
    if (found.sequence, found.hash) != (manifest.journal_sequence, manifest.journal_hash):
        raise BackupError(
            "la fin du journal n’est pas celle du manifeste ; rien n’a été changé",
            source=path.name,
        )
    _hygie(place, aside, ["migrate"], path)
    verdict = json.loads(_hygie(place, aside, ["journal", "verify", "--format", "json"], path))
    if verdict["lines"] < found.sequence:
        raise BackupError("le journal est plus court que sa fin ; rien n’a été changé")


def _hygie(place: Place, aside: Path, arguments: list[str], path: Path) -> str:
    """Run our own command on the database aside, with the secret key that it will be used with.

    PostgreSQL keeps what tells a scope sealed with that key from a forged one.
    """
    known = {"HYGIE_HOME": str(aside), "DATABASE_URL": place.address}
    if not (aside / "secret-key").exists():
        known["HYGIE_SECRET_KEY"] = settings.SECRET_KEY
    done = subprocess.run(  # noqa: S603 # nosec B603 - our own command
        [sys.executable, "-m", "hygie", *arguments],
        env=os.environ | known,
        capture_output=True, text=True, errors="replace", check=False,
        timeout=_PROOF_TIMEOUT_S, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    if done.returncode:
        said = done.stderr.strip().splitlines()
        reason = said[-1][:200] if said else "journal rompu"
        raise BackupError(f"{reason} ; rien n’a été changé", source=path.name)
    return done.stdout


def _swap(place: Place, manifest: Manifest, folders: tuple[Path, Path], stamp: str) -> Restored:
    """Swap the database, then the files; undo what was done if the rest cannot be."""
    aside, home = folders
    kept = home / f"avant-restauration-{stamp}"
    kept.mkdir(mode=0o700)
    former = ""
    done: list[tuple[Path, Path | None]] = []
    try:
        former = place.swap(stamp, kept)
        try:
            for name in _tops(manifest):
                done.append(_exchange(name, aside, home, kept))  # noqa: PERF401 - partial on error
        except OSError:
            _put_back(done)
            place.undo(former)
            raise
    finally:
        if not any(kept.iterdir()):
            kept.rmdir()
    return Restored(manifest, kept if kept.exists() else None, former)


def _tops(manifest: Manifest) -> list[str]:
    """Return what lies beside the database: the folder of files always, even left empty."""
    extras = [name for name in ("corpus.hygie", "secret-key") if name in manifest.files]
    return ["files", *extras]


def _exchange(name: str, aside: Path, home: Path, kept: Path) -> tuple[Path, Path | None]:
    current, former = home / name, kept / name
    moved = None
    if current.exists():
        current.rename(former)
        moved = former
    if (aside / name).exists():
        (aside / name).rename(current)
    return current, moved


def _put_back(done: list[tuple[Path, Path | None]]) -> None:
    for current, former in reversed(done):
        if current.is_dir():
            shutil.rmtree(current)
        else:
            current.unlink(missing_ok=True)
        if former is not None:
            former.rename(current)
