from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from hygie.lab.thread import start_in_thread

if TYPE_CHECKING:
    from pathlib import Path


def test_a_world_starts_and_stops_well_under_two_seconds(tmp_path: Path) -> None:
    started = time.monotonic()

    with start_in_thread(tmp_path) as handle:
        assert handle.directory_path.exists()

    assert time.monotonic() - started < 2
    assert not (tmp_path / "lab" / "network.json").exists()


def test_a_world_that_cannot_start_says_so_and_leaves_nothing_open(tmp_path: Path) -> None:
    (tmp_path / "lab").write_text("a file where the folder should be")

    with pytest.raises(OSError, match="lab"):
        start_in_thread(tmp_path)


def test_stopping_twice_is_harmless(tmp_path: Path) -> None:
    handle = start_in_thread(tmp_path)

    handle.stop()
    handle.stop()
