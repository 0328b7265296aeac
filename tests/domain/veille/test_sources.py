from __future__ import annotations

import io
import json
import tarfile
from typing import TYPE_CHECKING

import pytest
import zstandard
from tests.domain.veille.sources import BOX, write_sources

from hygie.domain.veille import sources
from hygie.domain.veille.building import build_corpus
from hygie.domain.veille.sources import archived_readers, sorted_sources
from hygie.vocabulary.errors import InputError, TooLargeError

if TYPE_CHECKING:
    from pathlib import Path

OSV = {
    "schema_version": "1.6.0",
    "id": "PYSEC-2024-1",
    "aliases": ["CVE-2024-0009"],
    "modified": "2024-05-01T00:00:00Z",
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "boxlib"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.0"}]}],
        }
    ],
}


def archive(path: Path, **members: bytes) -> Path:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as tar:
        for name, document in members.items():
            info = tarfile.TarInfo(f"2024/{name}.json")
            info.size = len(document)
            tar.addfile(info, io.BytesIO(document))
    path.write_bytes(zstandard.compress(content.getvalue()))
    return path


def test_files_are_told_by_content_and_taken_in_order(tmp_path: Path) -> None:
    folder = write_sources(tmp_path)
    (folder / "anything.json").write_text(json.dumps(OSV))
    (folder / "photo.json").write_text("{}")
    archive(folder / "csaf.tar.zst")

    assert [kind for kind, _ in sorted_sources(folder, None)] == [
        *("cve", "osv", "archive", "kev", "epss")
    ]


def test_documents_of_an_archive_are_read(tmp_path: Path) -> None:
    path = archive(tmp_path / "all.tar.zst", one=json.dumps(OSV).encode(), other=b"{}")

    [reader] = archived_readers(path)

    assert [record.cve_id for record in reader.records()] == ["CVE-2024-0009"]


def test_an_archive_reaches_the_corpus(tmp_path: Path) -> None:
    folder = write_sources(tmp_path / "s")
    archive(folder / "all.tar.zst", one=json.dumps(OSV).encode())

    report = build_corpus(folder, tmp_path / "corpus.hygie")

    assert ("all.tar.zst", "archive", 1) in [source[:3] for source in report.sources]
    assert report.counts["cve"] == 2


def test_a_file_that_bears_an_official_name_must_be_what_it_says(tmp_path: Path) -> None:
    folder = write_sources(tmp_path / "s")
    (folder / "kev" / "known_exploited_vulnerabilities.json").write_text("<html>maintenance")

    with pytest.raises(InputError):
        build_corpus(folder, tmp_path / "corpus.hygie")


@pytest.mark.parametrize("cut", [600, 40])
def test_a_cut_archive_is_refused(tmp_path: Path, cut: int) -> None:
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w") as tar:
        info = tarfile.TarInfo("a.json")
        info.size = 900
        tar.addfile(info, io.BytesIO(b"{" + b" " * 899))
    path = tmp_path / "a.tar"
    path.write_bytes(whole.getvalue()[:cut])

    with pytest.raises(InputError, match="abîmée"):
        list(archived_readers(path))


def test_bounds_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = archive(tmp_path / "all.tar.zst", one=b"{}", two=BOX.encode())
    monkeypatch.setattr(sources, "MAX_ARCHIVE_MEMBERS", 1)
    with pytest.raises(TooLargeError):
        list(archived_readers(path))

    monkeypatch.setattr(sources, "MAX_ARCHIVE_MEMBERS", 10)
    monkeypatch.setattr(sources, "MAX_DOCUMENT_BYTES", 1)
    with pytest.raises(TooLargeError):
        list(archived_readers(path))
