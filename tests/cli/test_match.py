from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.domain.veille.sources import write_sbom, write_sources

from hygie.cli import main
from hygie.cli.match import register
from hygie.domain.veille.building import build_corpus

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return build_corpus(write_sources(tmp_path / "s"), tmp_path / "corpus.hygie").path


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as stopped:
        main.main([str(argument) for argument in arguments])
    return int(stopped.value.code or 0)


def test_the_table_ends_with_what_matters(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run("match", write_sbom(tmp_path), "--corpus", corpus)

    text = " ".join(capsys.readouterr().out.split())
    assert code == 0
    assert "CVE-2024-0001" in text
    assert "Couples composant–CVE touchés : 1 ; à vérifier : 0." in text
    assert "Composants sans aucune entrée dans le corpus : 1 sur 2" in text
    assert "cve.jsonl.zst (2026-01-15)" in text
    assert "Ensuite : hygie match" in text


def test_an_inventory_may_be_a_table(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "parc.csv"
    table.write_text("Éditeur;Logiciel;Version\nAcme;Box;1.4\n")

    assert run("match", table, write_sbom(tmp_path), "--corpus", corpus, "--check") == 1
    text = capsys.readouterr().out
    assert text.index("parc.csv") < text.index("CVE-2024-0001") < text.index("Couples")


def test_json_is_stable_and_alone_on_stdout(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("match", write_sbom(tmp_path), "--corpus", corpus, "--format", "json")

    captured = capsys.readouterr()
    document = json.loads(captured.out)
    [sbom] = document["sboms"]
    assert captured.err == ""
    assert (sbom["components"], sbom["without_entry"], sbom["affected"]) == (2, 1, 1)
    assert sbom["results"][0]["cve"] == "CVE-2024-0001"
    assert sbom["results"][0]["fixed_in"] == "2.0"
    assert sbom["results"][0]["kev_added_on"] == "2024-10-18"


@pytest.mark.parametrize(("form", "key"), [("vex", "vulnerabilities"), ("sarif", "runs")])
def test_documents_are_written_for_other_tools(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str, key: str
) -> None:
    run("match", write_sbom(tmp_path), "--corpus", corpus, "--format", form)

    text = capsys.readouterr().out
    assert key in json.loads(text)
    assert "CVE-2024-0001" in text


@pytest.mark.parametrize(("version", "code"), [("1.4", 1), ("2.0", 0)])
def test_check_fails_only_when_something_is_touched(
    corpus: Path, tmp_path: Path, version: str, code: int
) -> None:
    sbom = write_sbom(tmp_path, version=version)

    assert run("match", sbom, "--corpus", corpus, "--check") == code


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("1.4", "touché par CVE-2024-0001"),
        ("2.0", "2.0 hors de : … < 2.0 (NVD)"),
    ],
)
def test_explain_tells_why(
    corpus: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    version: str,
    said: str,
) -> None:
    sbom = write_sbom(tmp_path, version=version)
    run("match", sbom, "--corpus", corpus, "--explain", "cve-2024-0001")

    assert said in " ".join(capsys.readouterr().out.split())


def test_explain_of_a_cve_that_names_nothing_here_says_so(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("match", write_sbom(tmp_path), "--corpus", corpus, "--explain", "CVE-2024-9999")

    assert "Aucun composant de cet inventaire" in " ".join(capsys.readouterr().out.split())


def test_bad_use_and_bad_input_have_their_codes(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    sbom = write_sbom(tmp_path)

    assert run("match", sbom, "--corpus", corpus, "--format", "pdf") == 2
    assert run("match", broken, "--corpus", corpus) == 3
    assert run("match", sbom, "--corpus", broken) == 3
    assert run("match", sbom, "--corpus", corpus, "--explain", "log4shell") == 3
    assert callable(register)
    assert capsys.readouterr().err.count("\n") == 4
