from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from hygie.lab.network import State
from hygie.lab.state import Switchboard, UnknownWeaknessError
from hygie.vocabulary.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("a", "b")


def test_everything_is_broken_at_first(tmp_path: Path) -> None:
    assert Switchboard(tmp_path, NAMES).states() == {"a": State.BROKEN, "b": State.BROKEN}


def test_another_process_sees_what_was_turned(tmp_path: Path) -> None:
    Switchboard(tmp_path, NAMES).turn("a", State.FIXED)

    assert Switchboard(tmp_path, NAMES).state_of("a") is State.FIXED
    assert Switchboard(tmp_path, NAMES).state_of("b") is State.BROKEN


def test_the_file_is_a_plain_object_of_names_and_states(tmp_path: Path) -> None:
    Switchboard(tmp_path, NAMES).turn("b", State.DOWN)

    assert json.loads((tmp_path / "lab" / "state.json").read_text()) == {"b": "down"}


def test_no_half_written_file_is_left(tmp_path: Path) -> None:
    switchboard = Switchboard(tmp_path, NAMES)

    for state in State:
        switchboard.turn("a", state)

    assert [path.name for path in (tmp_path / "lab").iterdir()] == ["state.json"]


def test_reset_breaks_everything_again(tmp_path: Path) -> None:
    switchboard = Switchboard(tmp_path, NAMES)
    switchboard.turn("a", State.FIXED)

    switchboard.reset()
    switchboard.reset()

    assert switchboard.state_of("a") is State.BROKEN


def test_an_unknown_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownWeaknessError, match="hygie lab list"):
        Switchboard(tmp_path, NAMES).turn("c", State.FIXED)


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'{"a": "half"}', b"\xff", b"[" * 90_000, b'{"a": {"b": 1}}']
)
def test_a_damaged_file_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "lab").mkdir()
    (tmp_path / "lab" / "state.json").write_bytes(content)

    with pytest.raises(InputError, match="hygie lab reset") as caught:
        Switchboard(tmp_path, NAMES).states()

    assert "\n" not in str(caught.value)
