"""Servers that do harm: each probe ends within its budget, says why, and keeps little."""

from __future__ import annotations

import asyncio
import gzip
import tracemalloc
from typing import TYPE_CHECKING

import pytest
from tests.engines.probing.peers import NOW, lab, run, serving
from tests.journeys.hostile.neighbours import huge_header, tls_garbage

from hygie.engines.probing import http
from hygie.engines.probing.observe import Target, observe_target
from hygie.vocabulary.facts import NotObserved, Observation

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from hygie.vocabulary.facts import Outcome

    Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

ADDRESS = "198.51.100.7"
BUDGET_S = 0.15
BOMB = gzip.compress(bytes(20_000_000))
MEMORY_MAX_BYTES = 16_000_000
PORTS = {
    "tls": 443,
    "http": 80,
    "tcp": 21,
    "dicom": 104,
    "mllp": 2575,
    "tls-depth": 443,
    "starttls": 25,
    "fhir": 8080,
    "dicomweb": 8042,
}


async def never_answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:  # noqa: ARG001
    await asyncio.sleep(30)


async def one_byte_at_a_time(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:  # noqa: ARG001
    for byte in b"HTTP/1.1 200 OK\r\n" + b"X-Slow: " + b"a" * 1_000:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.05)


async def talks_for_ever(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:  # noqa: ARG001
    while True:
        writer.write(b"220-hello hello hello\r\n" * 400)
        await writer.drain()


async def handshake_crumbs(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:  # noqa: ARG001
    while True:
        writer.write(b"\x16\x03\x03\x00\x00" * 2_000)
        await writer.drain()


async def gzip_bomb(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(10_000)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n")
    writer.write(BOMB)
    await writer.drain()
    await reader.read()


async def redirect_loop(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(10_000)
    writer.write(b"HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n")
    await writer.drain()
    await reader.read()


async def endless_chunks(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(10_000)
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"1\r\na\r\n" * 2_000)
        await writer.drain()


async def observe(
    handler: Handler, probe: str, budget_s: float = BUDGET_S
) -> tuple[Outcome, float, int]:
    loop = asyncio.get_running_loop()
    async with serving(handler) as port:
        network = lab({f"{ADDRESS}:{PORTS[probe]}": port})
        started = loop.time()
        target = Target(ADDRESS, (PORTS[probe],), (probe,))
        [outcome] = await observe_target(target, network, now=NOW, budget_s=budget_s)
        return outcome, loop.time() - started, tracemalloc.get_traced_memory()[1]


@pytest.mark.parametrize("probe", PORTS)
@pytest.mark.parametrize(
    "handler",
    [
        never_answers,
        one_byte_at_a_time,
        talks_for_ever,
        huge_header,
        tls_garbage,
        handshake_crumbs,
        gzip_bomb,
        redirect_loop,
        endless_chunks,
    ],
)
def test_every_probe_ends_in_time_with_bounded_memory(handler: Handler, probe: str) -> None:
    tracemalloc.start()
    try:
        outcome, seconds, peak = run(observe(handler, probe))
    finally:
        tracemalloc.stop()

    assert seconds < BUDGET_S + 10  # of a machine that may be busy: endless is what must not be
    assert peak < MEMORY_MAX_BYTES
    if isinstance(outcome, NotObserved):
        assert outcome.reason in ("timeout", "protocol")
        assert outcome.detail
    else:
        assert len(outcome.evidence) <= 4096


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "_BODY_TIMEOUT_S", 0.1)


@pytest.mark.usefixtures("_impatient")
def test_a_redirect_is_reported_and_never_followed() -> None:
    outcome, _, _ = run(observe(redirect_loop, "http", 5.0))

    assert isinstance(outcome, Observation)
    assert outcome.value["location"] == "/"


@pytest.mark.usefixtures("_impatient")
def test_a_bomb_is_still_a_page_whose_head_was_read() -> None:
    outcome, _, _ = run(observe(gzip_bomb, "http", 5.0))

    assert isinstance(outcome, Observation)
    assert outcome.value["status"] == 200
