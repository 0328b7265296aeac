"""Another process of ours, kept beside this one for as long as a block lasts."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_STOP_S = 10.0


@contextmanager
def hygie_beside(*arguments: str, quiet: bool = False) -> Iterator[subprocess.Popen[bytes]]:
    """Run ``hygie`` with these arguments beside us and end it with the block.

    A server forks: only the process that started the other one ends it, or the first worker
    to be replaced would take it away.
    """
    parent = os.getpid()
    child = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "hygie", *arguments],
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL if quiet else None,
    )
    try:
        yield child
    finally:
        if os.getpid() == parent:
            _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(_STOP_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
