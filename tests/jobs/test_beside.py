from __future__ import annotations

import os

import pytest

from hygie.jobs.beside import hygie_beside


def test_the_other_process_ends_with_the_block() -> None:
    with hygie_beside("lab", "list", quiet=True) as child:
        assert child.poll() is None

    assert child.poll() is not None


def test_an_error_in_the_block_ends_it_too() -> None:
    with pytest.raises(ZeroDivisionError), hygie_beside("lab", "list", quiet=True) as child:
        _ = 1 / 0

    assert child.poll() is not None


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_forked_server_worker_does_not_take_it_away() -> None:
    beside = hygie_beside("lab", "serve", quiet=True)
    child = beside.__enter__()
    try:
        if (forked := os.fork()) == 0:
            try:  # what the end of a server's worker does: it leaves every block
                beside.__exit__(None, None, None)
            finally:
                os._exit(0)
        os.waitpid(forked, 0)

        assert child.poll() is None
    finally:
        beside.__exit__(None, None, None)
    assert child.poll() is not None
