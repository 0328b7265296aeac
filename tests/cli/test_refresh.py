from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.domain.veille.sources import write_sources

from hygie.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HYGIE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    return int(ended.value.code or 0)


def test_a_folder_becomes_the_corpus_in_use(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("refresh", "--from", write_sources(tmp_path / "usb"), "--format", "json") == 0

    captured = capsys.readouterr()
    document = json.loads(captured.out)
    assert document["corpus"]["path"] == str(home / "corpus.hygie")
    assert document["corpus"]["counts"]["cve"] > 100
    assert captured.err == ""


def test_a_folder_is_told_in_three_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("refresh", "--from", write_sources(tmp_path / "usb"))

    assert "Corpus reconstruit" in capsys.readouterr().out


def test_the_age_of_each_source_is_shown_without_network(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("refresh", "kev", "--status") == 0
    out = capsys.readouterr().out
    assert "known_exploited_vulnerabilities.json" in out
    assert "inconnu" in out
    assert run("refresh", "kev", "--status", "--check", "--format", "json") == 1


@pytest.mark.parametrize(
    "arguments",
    [("keev",), ("--format", "xml"), ("kev", "--from", "."), ("--from", ".", "--status")],
)
def test_bad_use_is_said(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert run("refresh", *arguments) == 2
    assert "Erreur" in capsys.readouterr().err


def test_a_folder_without_source_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    assert run("refresh", "--from", tmp_path / "empty") == 3
