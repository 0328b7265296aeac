from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from tests.engines.probing.peers import HOST, lab, run

from hygie.engines.probing.errors import ForbiddenError
from hygie.engines.probing.network import LabNetwork
from hygie.engines.probing.politeness import Politeness
from hygie.engines.probing.reach import allow_all, exchange, literal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable


class _Echo(asyncio.DatagramProtocol):
    def __init__(self, answer: Callable[[bytes], bytes | None]) -> None:
        self.answer = answer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str | object, int]) -> None:
        if (reply := self.answer(data)) is not None:
            self.transport.sendto(reply, addr)  # type: ignore[attr-defined]


@asynccontextmanager
async def datagrams(answer: Callable[[bytes], bytes | None]) -> AsyncIterator[int]:
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: _Echo(answer), local_addr=("127.0.0.1", 0)
    )
    try:
        yield transport.get_extra_info("sockname")[1]
    finally:
        transport.close()
        await asyncio.sleep(0)
        await asyncio.sleep(0)


def test_one_datagram_goes_and_one_comes_back() -> None:
    async def scenario() -> bytes:
        async with datagrams(lambda data: data[::-1]) as port:
            network = lab({}, datagrams={f"{HOST}:123": ["127.0.0.1", port]})
            return await network.exchange(HOST, 123, b"abc")

    assert run(scenario()) == b"cba"


def test_a_port_where_nothing_listens_refuses() -> None:
    async def scenario() -> bytes:
        async with datagrams(lambda _: None) as port:
            pass
        return await exchange(
            ("127.0.0.1", port), (HOST, "127.0.0.1", port), b"?", allow_all, Politeness()
        )

    with pytest.raises(ConnectionRefusedError):
        run(scenario())
    with pytest.raises(ConnectionRefusedError):
        run(lab({}).exchange(HOST, 123, b"?"))


def test_silence_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hygie.engines.probing.reach.DATAGRAM_TIMEOUT_S", 0.05)

    async def scenario() -> bytes:
        async with datagrams(lambda _: None) as port:
            network = lab({}, datagrams={f"{HOST}:123": ["127.0.0.1", port]})
            return await network.exchange(HOST, 123, b"?")

    with pytest.raises(TimeoutError):
        run(scenario())


def test_the_guard_is_asked_before_a_datagram_leaves() -> None:
    heard: list[bytes] = []

    def guard(host: str, address: str, port: int) -> None:
        raise ForbiddenError(f"{host} {address} {port}")

    async def scenario() -> None:
        async with datagrams(heard.append) as port:
            place = ["127.0.0.1", port]
            directory = {"dns": place, "services": {}, "datagrams": {f"{HOST}:123": place}}
            network = LabNetwork(directory, guard=guard)
            for ask in (
                network.exchange(HOST, 123, b"?"),
                network.query_at(HOST, "x.example", "NS"),
            ):
                with pytest.raises(ForbiddenError):
                    await ask
            await asyncio.sleep(0.01)

    run(scenario())
    assert heard == []


@pytest.mark.parametrize(
    ("text", "address"),
    [("192.0.2.1", "192.0.2.1"), ("[2001:DB8::1]", "2001:db8::1"), ("ch.example", None)],
)
def test_an_address_is_told_from_a_name(text: str, address: str | None) -> None:
    assert literal(text) == address
