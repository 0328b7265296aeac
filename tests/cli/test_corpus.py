from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.domain.veille.sources import write_sources

from hygie.cli import main
from hygie.cli.corpus import register

if TYPE_CHECKING:
    from pathlib import Path


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as stopped:
        main.main([str(argument) for argument in arguments])
    return int(stopped.value.code or 0)


def test_build_then_info(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sources, out = write_sources(tmp_path / "s"), tmp_path / "corpus.hygie"

    assert run("corpus", "build", sources, "--out", out) == 0
    built = " ".join(capsys.readouterr().out.split())
    assert "cve.jsonl.zst" in built
    assert "1 scores EPSS concernent des CVE absentes du corpus." in built
    assert "Ensuite : hygie match SBOM" in built

    assert run("corpus", "info", out) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "2026-01-30" in told
    assert "SHA-256" in told


def test_both_speak_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sources, out = write_sources(tmp_path / "s"), tmp_path / "corpus.hygie"

    run("corpus", "build", sources, "--out", out, "--format", "json")
    built = json.loads(capsys.readouterr().out)
    run("corpus", "info", out, "--format", "json")
    captured = capsys.readouterr()
    told = json.loads(captured.out)

    assert captured.err == ""
    assert built["counts"] == told["counts"]
    assert told["checksum_ok"] is True
    assert len(told["sha256"]) == 64


def test_a_changed_file_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sources, out = write_sources(tmp_path / "s"), tmp_path / "corpus.hygie"
    run("corpus", "build", sources, "--out", out)
    content = bytearray(out.read_bytes())
    content[-200] ^= 1  # inside the description
    out.write_bytes(content)
    capsys.readouterr()

    assert run("corpus", "info", out) == 3
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_bad_use_and_bad_input_have_their_codes(tmp_path: Path) -> None:
    assert run("corpus", "build", tmp_path, "--out", tmp_path / "x") == 3
    assert run("corpus", "build", tmp_path / "none", "--out", tmp_path / "x") == 3
    assert run("corpus", "build", tmp_path, "--format", "pdf") == 2
    assert run("corpus", "info", tmp_path / "none") == 3
    assert callable(register)
