"""Make a backup: snapshot first, then the files it speaks of, then the manifest."""

from __future__ import annotations

import os
import tempfile
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hygie import __version__
from hygie.jobs.backups.archive import Manifest, Writer, sha256_of
from hygie.jobs.backups.snapshot import take_snapshot, vendor_of
from hygie.vocabulary.errors import UsageError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Made:
    """An archive made: its manifest, its size, and the SHA-256 to note elsewhere."""

    manifest: Manifest
    size_bytes: int
    sha256: str


def make_backup(
    destination: Path,
    *,
    home: Path,
    database: Mapping[str, Any],
    now: dt.datetime,
    extras: tuple[str, ...] = (),
) -> Made:
    """Write the archive of an installation; it appears under its name only once whole.

    Args:
        destination: file to make, in a folder that exists.
        home: folder of the state.
        database: Django's settings of the database.
        now: time written in the manifest.
        extras: among ``corpus.hygie`` and ``secret-key``, what to add.

    Raises:
        UsageError: if ``destination`` exists or cannot be written.
        DatabaseToolError: if the database cannot be copied.
    """
    if destination.exists():
        raise UsageError(f"{destination} existe déjà ; choisissez un autre nom")
    partial = destination.with_name(f".{destination.name}.partial")
    try:
        with tempfile.TemporaryDirectory(dir=destination.parent, prefix=".hygie-") as folder:
            manifest = _fill(partial, Path(folder), (home, database), extras, now)
        partial.replace(destination)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UsageError(f"{destination} ne peut pas être écrit ({reason})") from error
    finally:
        with suppress(FileNotFoundError):
            partial.unlink()
    return Made(manifest, destination.stat().st_size, sha256_of(destination))


def _fill(
    partial: Path,
    folder: Path,
    state: tuple[Path, Mapping[str, Any]],
    extras: tuple[str, ...],
    now: dt.datetime,
) -> Manifest:
    home, database = state
    dump, contents = take_snapshot(database, folder)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file, zipfile.ZipFile(file, "w") as archive:
        writer = Writer(archive)
        writer.add(dump.name, dump)
        for path in sorted((home / "files").rglob("*")):
            if path.is_file() and not path.is_symlink():
                writer.add(f"files/{path.relative_to(home / 'files').as_posix()}", path)
        for name in extras:
            if (home / name).exists():
                writer.add(name, home / name)
        manifest = Manifest(
            hygie=__version__,
            made_at=now.isoformat(timespec="seconds"),
            database=vendor_of(database),
            journal_sequence=contents.sequence,
            journal_hash=contents.hash,
            migrations=contents.migrations,
            files=writer.files,
        )
        writer.close(manifest)
    return manifest
