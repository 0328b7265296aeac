"""What the documents for operators and auditors name is there."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"`((?:tests|src|docs|deploy|requirements)/[^`\s]+|pyproject\.toml)`")
ROW = re.compile(r"(?m)^\| (\d+\.\d+\.\d+) \| ([^|]+) \| (.+) \|$")


def read(name: str) -> str:
    return (ROOT / "docs" / name).read_text()


@pytest.mark.parametrize("name", ["asvs.md", "security.md", "operation.md"])
def test_every_path_named_is_there(name: str) -> None:
    missing = [path for path in NAMED.findall(read(name)) if not (ROOT / path).exists()]

    assert missing == []


def test_every_requirement_is_answered_once_with_a_known_word_and_a_proof() -> None:
    rows = ROW.findall(read("asvs.md"))

    assert max(Counter(number for number, _, _ in rows).values()) == 1
    assert {state for _, state, _ in rows} == {"yes", "partly", "no", "n/a"}
    assert [number for number, state, text in rows if state == "yes" and "`" not in text] == []
    assert {int(number.split(".")[0]) for number, _, _ in rows} == set(range(1, 17))
    assert len(rows) > 200


def test_every_variable_that_an_operator_sets_is_explained() -> None:
    text = read("operation.md")
    sources = [
        (ROOT / "src/hygie/config" / name).read_text()
        for name in ("environment.py", "operating.py")
    ]
    known = {name for source in sources for name in re.findall(r"\bHYGIE_[A-Z_]+\b", source)}

    assert sorted(name for name in known if name not in text) == []
