from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from hygie.engines.rendering import document as module
from hygie.engines.rendering.document import Block, Document, RenderingError, render_pdf

if TYPE_CHECKING:
    from pathlib import Path

NOW = dt.datetime(2026, 3, 4, 9, 30, tzinfo=dt.UTC)
HOSTILE = '#import "@preview/x:1.0.0" $x$ *gras* ] #panic() \\ <script> é’œ'
WHOLE = Document(
    title="Synthèse d’essai",
    lang="fr",
    foot="Hygie",
    blocks=(
        Block("heading", "Où en sommes-nous ?"),
        Block("text", HOSTILE),
        Block("strong", "Note B"),
        Block("items", rows=(("une",), (HOSTILE,))),
        Block("steps", rows=(("d’abord",), ("ensuite",))),
        Block("heading", "Plan", 2),
        Block("table", "Plan classé", rows=(("Quoi", "Avant"), (HOSTILE, "vendredi"), ("x", ""))),
        Block("page"),
        Block("heading", "Annexe", 2),
    ),
)


def test_a_document_is_tagged_and_says_its_words(tmp_path: Path) -> None:
    made = render_pdf(WHOLE, now=NOW)
    assert made.startswith(b"%PDF-1.7")
    assert b"pdfuaid" in made
    if shutil.which("pdftotext"):
        file = tmp_path / "x.pdf"
        file.write_bytes(made)
        text = subprocess.run(
            ["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True
        ).stdout
        told = subprocess.run(
            ["pdfinfo", str(file)], capture_output=True, text=True, check=True
        ).stdout
        assert "#panic()" in text
        assert "Plan classé" in text
        assert "Tagged:          yes" in told
        assert "Synthèse d’essai" in told


def test_the_same_values_give_the_same_bytes() -> None:
    assert render_pdf(WHOLE, now=NOW) == render_pdf(WHOLE, now=NOW)


def test_a_document_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_BLOCKS", 3)
    with pytest.raises(RenderingError, match="trop long"):
        render_pdf(WHOLE, now=NOW)


def test_what_breaks_the_standard_is_refused() -> None:
    skipped = Document("t", "fr", (Block("heading", "a", 1), Block("heading", "c", 3)))

    with pytest.raises(RenderingError, match="ne se fait pas"):
        render_pdf(skipped, now=NOW)
