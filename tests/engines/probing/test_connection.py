from __future__ import annotations

import pytest
from tests.engines.probing.peers import HOST, answering, lab, run, serving

from hygie.engines.probing.connection import Stream
from hygie.engines.probing.errors import ProtocolError


class Given(Stream):
    """A stream that yields the given pieces, then ends."""

    def __init__(self, *pieces: bytes, max_bytes: int = 1_000) -> None:
        super().__init__(max_bytes=max_bytes)
        self.pieces = list(pieces)

    async def write(self, data: bytes) -> None:
        raise NotImplementedError

    async def _receive(self, limit: int) -> bytes:
        if not self.pieces:
            return b""
        piece, self.pieces[0] = self.pieces[0][:limit], self.pieces[0][limit:]
        if not self.pieces[0]:
            self.pieces.pop(0)
        return piece


def test_what_follows_a_marker_stays_readable() -> None:
    stream = Given(b"one\r", b"\ntwo", b"three")

    assert run(stream.read_until(b"\r\n", limit=10)) == b"one\r\n"
    assert run(stream.read(2)) == b"tw"
    assert run(stream.read_exactly(4)) == b"othr"
    assert run(stream.read()) == b"ee"


def test_a_missing_marker_and_an_early_end_are_protocol_errors() -> None:
    with pytest.raises(ProtocolError):
        run(Given(b"abc").read_until(b"\n", limit=10))
    with pytest.raises(ProtocolError):
        run(Given(b"abcdefghijkl\n").read_until(b"\n", limit=10))
    with pytest.raises(ProtocolError):
        run(Given(b"abc").read_exactly(4))


def test_no_more_is_read_than_allowed() -> None:
    stream = Given(b"a" * 50, max_bytes=20)

    assert len(run(stream.read(100))) == 20
    with pytest.raises(ProtocolError):
        run(stream.read(1))


def test_a_connection_can_be_closed_twice() -> None:
    async def scenario() -> bytes:
        async with serving(answering(b"bye", after=0)) as port:
            async with await lab({f"{HOST}:1": port}).open(HOST, 1) as connection:
                data = await connection.read_greeting(100, wait_s=2)
                connection.close()
            return data

    assert run(scenario()) == b"bye"
