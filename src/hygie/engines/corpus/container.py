"""One memory-mapped file of named Arrow tables, with format version and checksum.

Layout: a fixed header of 64 bytes (magic, format version, place and size of the directory,
total size), a SHA-256 of all that follows the header and itself, the tables as Arrow IPC
streams at offsets multiple of 64, and a JSON directory at the end. A table opened from the
mapping is read where it lies. A new file replaces the old one in one rename.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from hygie.vocabulary.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import IO

FORMAT_VERSION: Final = 2

_MAGIC: Final = b"HYGIECOR"
_HEADER: Final = struct.Struct("<8sIQQQ32s")
_HEADER_BYTES: Final = 128
_ALIGNMENT: Final = 64
_DIRECTORY_MAX_BYTES: Final = 16 * 1024 * 1024
_CHUNK_BYTES: Final = 1 << 20
_DAMAGE: Final = (ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError)


class CorpusFileError(InputError):
    """The file is not a corpus, not whole, or of another format version."""


@dataclass(frozen=True, slots=True)
class Container:
    """An open file: its tables, read in place, and its description.

    Attributes:
        path: the file.
        tables: Arrow tables by name; they keep the mapping alive.
        description: what the writer said of it: sources, counts, dates.
        checksum: SHA-256 the file states, in hexadecimal; it names the corpus.
    """

    path: Path
    tables: Mapping[str, Any]
    description: Mapping[str, Any]
    checksum: str


def write_container(path: Path, tables: Mapping[str, Any], description: Mapping[str, Any]) -> int:
    """Write the tables beside ``path``, then put the file in its place at once.

    Returns:
        The size of the file in bytes.

    Raises:
        CorpusFileError: if the folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    except OSError as error:
        raise _unwritable(path, error) from error
    part = Path(name)
    try:
        with os.fdopen(handle, "w+b") as file:
            size = _write(file, tables, description)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o644)
        part.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        part.unlink(missing_ok=True)
    return size


def open_container(path: Path) -> Container:
    """Map a file and return its tables without reading them.

    Raises:
        CorpusFileError: if the file is absent, foreign, truncated or of another version.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            header = file.read(_HEADER.size)
        at, length, digest = _read_header(header, size, path)
        mapped = pa.memory_map(str(path), "r").read_buffer()
    except OSError as error:
        raise CorpusFileError(
            f"corpus illisible ({error.strerror or error}) ; construisez-le avec "
            "« hygie corpus build DOSSIER --out FICHIER »",
            source=path.name,
        ) from error
    try:
        directory = json.loads(bytes(mapped[at : at + length]))
        tables = {
            name: pa.ipc.open_stream(mapped[start : start + bytes_]).read_all()
            for name, (start, bytes_) in directory["tables"].items()
        }
        return Container(path, tables, directory["description"], digest.hex())
    except (*_DAMAGE, pa.ArrowException) as error:
        raise _damaged(path) from error


def checksum_holds(path: Path) -> bool:
    """Read the whole file and tell whether its SHA-256 is the one it states.

    Raises:
        CorpusFileError: as ``open_container``.
    """
    try:
        with path.open("rb") as file:
            header = file.read(_HEADER.size)
            _, _, stated = _read_header(header, path.stat().st_size, path)
            return _digest(file) == stated
    except OSError as error:
        raise CorpusFileError(f"corpus illisible ({error})", source=path.name) from error


def _write(file: IO[bytes], tables: Mapping[str, Any], description: Mapping[str, Any]) -> int:
    file.write(b"\0" * _HEADER_BYTES)
    places = {}
    for name, table in tables.items():
        file.write(b"\0" * (-file.tell() % _ALIGNMENT))
        start = file.tell()
        with pa.ipc.new_stream(file, table.schema) as writer:
            writer.write_table(table.combine_chunks())
        places[name] = (start, file.tell() - start)
    directory = json.dumps({"tables": places, "description": description}).encode()
    at = file.tell()
    file.write(directory)
    size = file.tell()
    file.flush()
    digest = _digest(file)
    file.seek(0)
    file.write(_HEADER.pack(_MAGIC, FORMAT_VERSION, at, len(directory), size, digest))
    return size


def _digest(file: IO[bytes]) -> bytes:
    file.seek(_HEADER_BYTES)
    digest = hashlib.sha256()
    while chunk := file.read(_CHUNK_BYTES):
        digest.update(chunk)
    return digest.digest()


def _read_header(header: bytes, size: int, path: Path) -> tuple[int, int, bytes]:
    if len(header) < _HEADER.size or not header.startswith(_MAGIC):
        raise CorpusFileError(
            "ce n’est pas un corpus Hygie ; construisez-en un avec « hygie corpus build »",
            source=path.name,
        )
    _, version, at, length, stated_size, digest = _HEADER.unpack(header)
    if version != FORMAT_VERSION:
        raise CorpusFileError(
            f"corpus au format {version}, cette version de Hygie lit le format "
            f"{FORMAT_VERSION} ; reconstruisez-le avec « hygie corpus build »",
            source=path.name,
        )
    if stated_size != size:
        raise CorpusFileError(
            f"corpus incomplet : {size} octets sur {stated_size} ; reconstruisez-le",
            source=path.name,
        )
    if length > _DIRECTORY_MAX_BYTES or at + length != size or at < _HEADER_BYTES:
        raise _damaged(path)
    return at, length, digest


def _damaged(path: Path) -> CorpusFileError:
    return CorpusFileError(
        "corpus abîmé ; reconstruisez-le avec « hygie corpus build »", source=path.name
    )


def _unwritable(path: Path, error: OSError) -> CorpusFileError:
    return CorpusFileError(
        f"écriture impossible ({error.strerror or error}) ; choisissez un autre dossier",
        source=path.name,
    )


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
