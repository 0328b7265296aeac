from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tests.engines.probing.peers import HOST, NOW, answering, lab, run, serving

from hygie.engines.probing import services

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from hygie.vocabulary.facts import Observation

Handler = "Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]"


def observe(
    handler: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]], port: int
) -> Observation:
    async def scenario() -> Observation:
        async with serving(handler) as actual:
            return await services.observe(HOST, port, lab({f"{HOST}:{port}": actual}), now=NOW)

    return run(scenario())


def test_a_closed_port_is_a_fact() -> None:
    seen = run(services.observe(HOST, 3389, lab({}), now=NOW))

    assert seen.value == {"open": False, "service": "rdp", "banner": ""}
    assert seen.subject == f"{HOST}:3389"


def test_a_service_that_speaks_first_is_only_listened_to() -> None:
    seen = observe(answering(b"SSH-2.0-OpenSSH_7.4\r\n", after=0), 22)

    assert seen.value == {"open": True, "service": "ssh", "banner": "SSH-2.0-OpenSSH_7.4"}
    assert (seen.product, seen.version, seen.confidence) == ("openbsd/openssh", "7.4", 1.0)


def test_the_greeting_wins_over_the_port() -> None:
    assert observe(answering(b"SSH-2.0-x\r\n", after=0), 23).value["service"] == "ssh"
    assert observe(answering(b"hello\r\n", after=0), 7).value["service"] == "inconnu"


def test_a_service_inside_http_keeps_the_name_of_its_port() -> None:
    page = b'HTTP/1.0 200 OK\r\n\r\n{"number":"7.1.0","tagline":"You Know, for Search"}'

    seen = observe(answering(page), 9200)

    assert seen.value["service"] == "elasticsearch"
    assert (seen.product, seen.version) == ("elastic/elasticsearch", "7.1.0")


def test_a_service_that_waits_gets_its_one_question() -> None:
    received: list[bytes] = []

    async def redis(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received.append(await reader.read(100))
        writer.write(b"+PONG\r\n")
        received.append(await reader.read(100))

    seen = observe(redis, 6379)

    assert seen.value["banner"] == "+PONG"
    assert b"".join(received) == b"PING\r\n"


def test_a_printer_receives_not_a_byte() -> None:
    received: list[bytes] = []

    async def printer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:  # noqa: ARG001
        received.append(await reader.read(100))

    assert observe(printer, 9100).value == {"open": True, "service": "printer", "banner": ""}
    assert b"".join(received) == b""


def test_a_service_that_hangs_up_is_open_and_silent() -> None:
    seen = observe(answering(b"", after=0), 5900)

    assert seen.value == {"open": True, "service": "vnc", "banner": ""}
    assert seen.confidence < 1
