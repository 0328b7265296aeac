from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.domain.veille.vex_documents import openvex

from hygie.cli.main import main
from hygie.domain.veille.models import VexStatement

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.django_db

Capture = pytest.CaptureFixture[str]


def write(folder: Path, document: bytes, name: str = "vex.json") -> str:
    path = folder / name
    path.write_bytes(document)
    return str(path)


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["import", "vex", *arguments])
    return int(ended.value.code or 0)


def test_a_vex_is_shared_once_and_says_what_it_leaves_out(tmp_path: Path, capsys: Capture) -> None:
    path = write(tmp_path, openvex("pkg:pypi/essai@2.1", "Essai 2.1"))

    assert run(path) == 0

    said = capsys.readouterr().out
    assert "Partagées : 1 déclarations." in said
    assert "Laissées de côté (1) : VEX : produit sans purl ni CPE" in said
    assert VexStatement.objects.get().author == "Acme Santé"


def test_a_dry_run_writes_nothing(tmp_path: Path, capsys: Capture) -> None:
    assert run(write(tmp_path, openvex("pkg:pypi/essai@2.1")), "--dry-run") == 0

    assert "À partager : 1 déclarations." in capsys.readouterr().out
    assert not VexStatement.objects.exists()


def test_json_is_one_document(tmp_path: Path, capsys: Capture) -> None:
    run(write(tmp_path, openvex("pkg:pypi/essai@2.1")), "--format", "json")

    [told] = json.loads(capsys.readouterr().out)
    assert (told["author"], told["statements"], told["left_out"]) == ("Acme Santé", 1, [])


def test_a_bad_file_among_good_ones_leaves_nothing_half_done(
    tmp_path: Path, capsys: Capture
) -> None:
    good = write(tmp_path, openvex("pkg:pypi/essai@2.1"))
    bad = write(tmp_path, b"<html>maintenance</html>", "page.json")

    assert run(good, bad) == 3

    assert "page.json" in capsys.readouterr().err
    assert not VexStatement.objects.exists()


def test_a_format_that_is_not_one_is_bad_use(tmp_path: Path) -> None:
    assert run(write(tmp_path, openvex("pkg:pypi/essai@2.1")), "--format", "xml") == 2
