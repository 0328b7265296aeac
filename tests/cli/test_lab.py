from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from hygie.cli.main import main
from hygie.lab.network import State, load_network
from hygie.lab.state import Switchboard

if TYPE_CHECKING:
    from pathlib import Path

NAME = "vpn-ch-val-hygie"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HYGIE_HOME", str(tmp_path))
    return tmp_path


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["lab", *arguments])
    return int(ended.value.code or 0)


@pytest.mark.parametrize(
    ("command", "state"), [("fix", State.FIXED), ("down", State.DOWN), ("break", State.BROKEN)]
)
def test_each_verb_turns_the_switch_and_says_what_to_do_next(
    home: Path, capsys: pytest.CaptureFixture[str], command: str, state: State
) -> None:
    assert run(command, NAME) == 0

    assert Switchboard(home).state_of(NAME) is state
    assert "Ensuite : hygie round" in capsys.readouterr().out


def test_reset_turns_everything_back(home: Path) -> None:
    run("fix", NAME)

    assert run("reset") == 0
    assert set(Switchboard(home).states().values()) == {State.BROKEN}


def test_an_unknown_name_is_one_line_and_exit_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("fix", "rien") == 2

    [line] = capsys.readouterr().err.strip().splitlines()
    assert "hygie lab list" in line


def test_a_damaged_state_file_is_one_line_and_exit_3(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "lab").mkdir()
    (home / "lab" / "state.json").write_text("{")

    assert run("list") == 3

    [line] = capsys.readouterr().err.strip().splitlines()
    assert "hygie lab reset" in line


def test_list_shows_every_weakness_with_its_state_and_establishment(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run("down", NAME)
    capsys.readouterr()

    assert run("list") == 0

    text = capsys.readouterr().out
    assert all(weakness.name in text for weakness in load_network().weaknesses)
    assert "injoignable" in text
    assert "Injoignables : 1." in text


def test_list_as_json_is_silent_elsewhere_and_stable(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("list", "--format", "json") == 0

    captured = capsys.readouterr()
    assert captured.err == ""
    assert json.loads(captured.out)[0] == {
        "name": NAME,
        "title": "Passerelle VPN restée en FortiOS 6.0.4, faille exploitée",
        "repair": "Passage à FortiOS 7.4.11",
        "state": "broken",
        "establishment": "ch-val-hygie",
        "establishment_name": "Centre hospitalier de Val-d’Hygie",
    }


def test_an_unknown_format_is_refused() -> None:
    assert run("list", "--format", "xml") == 2


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serve_answers_until_it_is_stopped(tmp_path: Path, number: signal.Signals) -> None:
    program = "import sys; from hygie.cli.main import main; main(sys.argv[1:])"
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", program, "lab", "serve"],
        env=os.environ | {"HYGIE_HOME": str(tmp_path)},
        stderr=subprocess.PIPE,
        text=True,
    )
    directory = tmp_path / "lab" / "network.json"
    deadline = time.monotonic() + 20
    while not directory.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    present = directory.exists()
    process.send_signal(number)
    _, said = process.communicate(timeout=20)

    assert present
    assert process.returncode == 0
    assert "Monde inventé arrêté." in said
    assert "Warning" not in said
    assert not directory.exists()
