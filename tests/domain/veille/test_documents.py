from __future__ import annotations

import io
import tarfile
from typing import TYPE_CHECKING

import pytest
from tests.domain.veille.publications import bulletin

from hygie.domain.veille.documents import each_document
from hygie.vocabulary.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path


def names(folder: Path) -> list[str]:
    return [document.name for document in each_document(folder)]


def test_documents_are_found_alone_in_lines_and_in_archives(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(bulletin())
    (tmp_path / "b.jsonl").write_bytes(bulletin() + b"\n\n" + bulletin("CERTFR-2099-AVI-0002"))
    with tarfile.open(tmp_path / "c.tar.gz", "w:gz") as archive:
        entry = tarfile.TarInfo("dossier/d.json")
        body = bulletin("CERTFR-2099-AVI-0003")
        entry.size = len(body)
        archive.addfile(entry, io.BytesIO(body))

    assert names(tmp_path) == ["a.json", "b.jsonl:1", "b.jsonl:3", "c.tar.gz:d.json"]


def test_what_is_not_of_the_stream_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "sbom.json").write_text('{"bomFormat": "CycloneDX"}')
    (tmp_path / ".part.json").write_bytes(bulletin())
    (tmp_path / "notes.txt").write_text("rien")

    assert names(tmp_path) == []
    assert names(tmp_path / "absent") == []


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "c.tar").write_bytes(b"ceci n'est pas une archive" * 100)

    with pytest.raises(InputError, match="archive abîmée"):
        names(tmp_path)
