from __future__ import annotations

import json
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hygie.jobs.backups.archive import (
    BackupError,
    Manifest,
    Writer,
    extract,
    read_manifest,
    sha256_of,
)
from hygie.vocabulary.errors import InputError


def archive(folder: Path, *, attachment: str = "files/2026/preuve.pdf") -> Path:
    """Return a small whole archive."""
    source = folder / "source"
    source.write_bytes(b"SQLite format 3\0" + bytes(range(256)) * 40)
    path = folder / "hygie.zip"
    with zipfile.ZipFile(path, "w") as opened:
        writer = Writer(opened)
        writer.add("database.sqlite3", source)
        writer.add(attachment, source)
        writer.close(manifest(writer))
    return path


def manifest(writer: Writer) -> Manifest:
    return Manifest(
        hygie="0.1.0",
        made_at="2026-06-01T12:00:00+00:00",
        database="sqlite",
        journal_sequence=3,
        journal_hash="ab" * 32,
        migrations=("journal.0001_initial",),
        files=writer.files,
    )


def rewritten(path: Path, **changes: object) -> Path:
    """Return a copy whose manifest says something else."""
    copy = path.with_name("changed.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(copy, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "manifest.json":
                data = json.dumps(json.loads(data) | changes).encode()
            new.writestr(name, data)
    return copy


def test_what_goes_in_comes_out_for_its_owner_only(tmp_path: Path) -> None:
    path, out = archive(tmp_path), tmp_path / "out"

    extract(path, read_manifest(path), out)

    assert (out / "database.sqlite3").read_bytes() == (tmp_path / "source").read_bytes()
    assert (out / "files/2026/preuve.pdf").stat().st_mode & 0o777 == 0o600
    assert len(sha256_of(path)) == 64


def test_a_truncated_archive_is_refused_in_one_line(tmp_path: Path) -> None:
    path = archive(tmp_path)
    data = path.read_bytes()

    for length in (0, 10, len(data) // 2, len(data) - 1):
        path.write_bytes(data[:length])
        with pytest.raises(BackupError) as refused:
            extract(path, read_manifest(path), tmp_path / f"out{length}")
        assert "\n" not in str(refused.value)


def test_an_absent_file_and_a_folder_are_said(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="introuvable"):
        read_manifest(tmp_path / "absent.zip")
    with pytest.raises(BackupError):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    "changes",
    [
        {"format_version": 2},
        {"files": {}},
        {"files": {"database.sqlite3": {"bytes": 1, "sha256": "0" * 64}}},
        {"files": []},
        {"database": "oracle"},
        {"database": "postgresql"},
        {"hygie": 3},
        {"migrations": None},
        {"journal_sequence": "many"},
    ],
)
def test_a_manifest_that_disagrees_is_refused(tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(BackupError, match="rien n’a été changé"):
        read_manifest(rewritten(archive(tmp_path), **changes))


def test_content_that_is_not_what_the_manifest_names_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path)
    files = json.loads(zipfile.ZipFile(path).read("manifest.json"))["files"]
    files["database.sqlite3"]["sha256"] = "0" * 64
    changed = rewritten(path, files=files)

    with pytest.raises(BackupError, match="rien n’a été changé"):
        extract(changed, read_manifest(changed), tmp_path / "out")


@pytest.mark.parametrize(
    "name", ["../evil", "files/../../evil", "/etc/passwd", "other", "files/./a", "files//a"]
)
def test_a_name_that_leaves_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BackupError):
        read_manifest(archive(tmp_path, attachment=name))
    assert not (tmp_path / "evil").exists()


def test_a_bomb_writes_no_more_than_it_declared(tmp_path: Path) -> None:
    path = archive(tmp_path)
    data = path.read_bytes()
    manifest_read = read_manifest(path)
    small = {n: type(h)(10, h.sha256) for n, h in manifest_read.files.items()}
    lying = Manifest(
        **{f: getattr(manifest_read, f) for f in Manifest.__slots__} | {"files": small}
    )

    with pytest.raises(BackupError):
        extract(path, lying, tmp_path / "out")

    assert sum(p.stat().st_size for p in (tmp_path / "out").rglob("*") if p.is_file()) <= 10
    assert path.read_bytes() == data


@given(st.data())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_change_of_a_byte_is_refused_or_harmless(tmp_path: Path, data: st.DataObject) -> None:
    """A byte of the ZIP's own bookkeeping may not matter; what comes out is always the same."""
    path = archive(tmp_path)
    content = bytearray(path.read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    changed = tmp_path / "changed.zip"
    changed.write_bytes(content)
    out = Path(tempfile.mkdtemp(dir=tmp_path))

    refused = ""
    try:
        extract(changed, read_manifest(changed), out)
    except InputError as error:
        refused = str(error)

    assert "\n" not in refused
    source = (tmp_path / "source").read_bytes()
    assert refused or (out / "database.sqlite3").read_bytes() == source


@given(st.binary(max_size=400))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_other_bytes_are_no_backup(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any.zip"
    path.write_bytes(content)

    with pytest.raises(InputError):
        read_manifest(path)
