from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "deploy" / "audit.py"


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    found = importlib.util.spec_from_file_location("audit", SCRIPT)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


SOUND = {"name": "essai", "version": "1.0", "vulns": []}
SKIPPED = {"name": "autre", "skip_reason": "not found"}
FLAWED = {
    "name": "vieux",
    "version": "0.1",
    "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["0.2"], "description": "…"}],
}


def answer(*rows: object) -> str:
    return json.dumps({"dependencies": rows, "fixes": []})


def test_everything_asked_and_nothing_found_is_well(audit: ModuleType) -> None:
    assert audit.judge(answer(SOUND), tolerant=False)[0] == 0


@pytest.mark.parametrize("tolerant", [True, False])
def test_a_vulnerability_is_a_failure_whatever_the_rest(
    audit: ModuleType,
    tolerant: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    code, lines = audit.judge(answer(SOUND, SKIPPED, FLAWED), tolerant=tolerant)

    assert code == 1
    assert "vieux 0.1: PYSEC-2026-1, fixed in 0.2" in lines


@pytest.mark.parametrize("said", ["", "{}", "no JSON", "[]", answer(), answer(SOUND, SKIPPED)])
def test_silence_is_never_taken_for_no(audit: ModuleType, said: str) -> None:
    strict, lines = audit.judge(said, tolerant=False)
    tolerant, same = audit.judge(said, tolerant=True)

    assert (strict, tolerant) == (3, 0)
    assert lines == same
    assert "NOT AUDITED" in "\n".join(lines)
