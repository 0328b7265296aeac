"""The archive of a backup: a ZIP whose manifest names every file with its size and SHA-256.

    manifest.json                          written last, read first
    database.sqlite3 | database.pgdump     one consistent snapshot
    files/…                                what people attached
    corpus.hygie, secret-key               only when asked for

An archive comes from outside: names, sizes, counts and hashes are checked before a byte of it
replaces anything.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
import zlib
from dataclasses import asdict, dataclass
from typing import IO, TYPE_CHECKING, Any, Final

from hygie.vocabulary.errors import InputError, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

FORMAT: Final = "hygie-backup"
FORMAT_VERSION: Final = 1
MANIFEST: Final = "manifest.json"
SQLITE_FILE: Final = "database.sqlite3"
POSTGRESQL_FILE: Final = "database.pgdump"
MANIFEST_MAX_BYTES: Final = 64 * 1024**2
FILES_MAX: Final = 1_000_000

_CHUNK_BYTES: Final = 1024**2
_ROOT_NAMES: Final = frozenset({SQLITE_FILE, POSTGRESQL_FILE, "corpus.hygie", "secret-key"})
_NAME: Final = re.compile(r"files(?:/[^/\\\0]{1,255}){1,20}")
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_STORED: Final = (POSTGRESQL_FILE, "corpus.hygie")
"""Compressed already."""


class BackupError(InputError):
    """The file is no backup of Hygie, or not a whole one; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Held:
    """One file of the archive: its size and its SHA-256 in hexadecimal."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive says of itself.

    Attributes:
        hygie: version that made it.
        made_at: ISO time of the snapshot.
        database: ``sqlite`` or ``postgresql``.
        journal_sequence, journal_hash: head of the journal in the snapshot.
        migrations: ``app.name`` of every migration the snapshot has had.
        files: every other file of the archive by name.
    """

    hygie: str
    made_at: str
    database: str
    journal_sequence: int
    journal_hash: str
    migrations: tuple[str, ...]
    files: Mapping[str, Held]


class Writer:
    """Fills an archive; ``files`` are those written so far."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.files: dict[str, Held] = {}

    def add(self, name: str, path: Path) -> None:
        """Copy a file in, hashing what is really written."""
        kind = zipfile.ZIP_STORED if name in _STORED else zipfile.ZIP_DEFLATED
        entry = zipfile.ZipInfo(name)
        entry.compress_type, entry.external_attr = kind, 0o600 << 16
        digest, size = hashlib.sha256(), 0
        with (
            path.open("rb") as source,
            self._archive.open(entry, "w", force_zip64=True) as target,
        ):
            for chunk in _chunks(source):
                digest.update(chunk)
                size += len(chunk)
                target.write(chunk)
        self.files[name] = Held(size, digest.hexdigest())

    def close(self, manifest: Manifest) -> None:
        """Write the manifest, last."""
        document = {"format": FORMAT, "format_version": FORMAT_VERSION, **asdict(manifest)}
        self._archive.writestr(MANIFEST, json.dumps(document, indent=1, ensure_ascii=False))


def read_manifest(path: Path) -> Manifest:
    """Return the manifest of an archive whose names and sizes agree with it.

    Raises:
        BackupError: if it is absent, truncated, foreign, or disagrees with its content.
        TooLargeError: if it passes a bound.
    """
    with _opened(path) as archive, _explained(path):
        sizes = _sizes(archive, path)
        if MANIFEST not in sizes:
            raise zipfile.BadZipFile(MANIFEST)
        if sizes.pop(MANIFEST) > MANIFEST_MAX_BYTES:
            raise TooLargeError("manifeste démesuré", source=path.name)
        with archive.open(MANIFEST) as file:
            manifest = _manifest(json.loads(file.read(MANIFEST_MAX_BYTES + 1)))
        if sizes != {name: held.bytes for name, held in manifest.files.items()}:
            raise ValueError("sizes")
        return manifest


def extract(path: Path, manifest: Manifest, folder: Path) -> None:
    """Write every file of the archive under ``folder``, readable by its owner only.

    Raises:
        BackupError: if a file is not the one the manifest names; ``folder`` is then unusable.
    """
    with _opened(path) as archive, _explained(path):
        for name, held in manifest.files.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with archive.open(name) as source, target.open("xb") as file:
                target.chmod(0o600)
                _copy(source, file, held)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy(source: IO[bytes], target: IO[bytes], held: Held) -> None:
    """Copy at most what was declared: a bomb fills no disk."""
    digest, size = hashlib.sha256(), 0
    for chunk in _chunks(source):
        size += len(chunk)
        if size > held.bytes:
            break
        digest.update(chunk)
        target.write(chunk)
    if (size, digest.hexdigest()) != (held.bytes, held.sha256):
        raise ValueError("sha256")


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK_BYTES):
        yield chunk


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except FileNotFoundError as error:
        raise BackupError("fichier introuvable ; vérifiez son nom", source=path.name) from error
    except OSError as error:
        raise BackupError(f"illisible ({error.strerror})", source=path.name) from error
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _damaged(path) from error


class _explained:  # noqa: N801 - reads as a word in "with"
    """Turns whatever a damaged archive raises into one line."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Explain what a hostile or broken archive does; let our own errors and bugs through."""
        faults = (
            *(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RecursionError),
            *(ValueError, KeyError, TypeError, AttributeError, RuntimeError),
        )
        if isinstance(error, faults):
            raise _damaged(self._path) from error


def _damaged(path: Path) -> BackupError:
    return BackupError(
        "ce n’est pas une sauvegarde entière de Hygie (tronquée, modifiée ou autre) ; "
        "rien n’a été changé, prenez-en une autre",
        source=path.name,
    )


def _sizes(archive: zipfile.ZipFile, path: Path) -> dict[str, int]:
    entries = archive.infolist()
    if len(entries) > FILES_MAX:
        raise TooLargeError(f"plus de {FILES_MAX} fichiers", source=path.name)
    sizes = {entry.filename: entry.file_size for entry in entries}
    if len(sizes) != len(entries) or not all(_is_ours(name) for name in sizes):
        raise ValueError("names")
    return sizes


def _is_ours(name: str) -> bool:
    if name in _ROOT_NAMES or name == MANIFEST:
        return True
    return bool(_NAME.fullmatch(name)) and not {".", ".."} & set(name.split("/"))


def _manifest(document: Any) -> Manifest:  # noqa: ANN401 - whatever the JSON holds
    if (document["format"], document["format_version"]) != (FORMAT, FORMAT_VERSION):
        raise ValueError("format")
    manifest = Manifest(
        hygie=_text(document["hygie"]),
        made_at=_text(document["made_at"]),
        database=_text(document["database"]),
        journal_sequence=int(document["journal_sequence"]),
        journal_hash=_text(document["journal_hash"]),
        migrations=tuple(_text(name) for name in document["migrations"]),
        files={name: _held(row) for name, row in document["files"].items()},
    )
    databases = {"sqlite": SQLITE_FILE, "postgresql": POSTGRESQL_FILE}
    if databases[manifest.database] not in manifest.files:
        raise ValueError("database")
    return manifest


def _held(row: Mapping[str, object]) -> Held:
    size, digest = row["bytes"], _text(row["sha256"])
    if not isinstance(size, int) or size < 0 or not _HASH.fullmatch(digest):
        raise ValueError("held")
    return Held(size, digest)


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > 300:  # noqa: PLR2004 - no field is as long
        raise ValueError("text")
    return value
