from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.probing.peers import (
    HOST,
    Authority,
    answering,
    lab,
    run,
    server_context,
    serving,
)

from hygie.engines.probing.errors import ProtocolError
from hygie.engines.probing.smtp import extensions, offers_starttls, read_line

if TYPE_CHECKING:
    import ssl
    from pathlib import Path


async def ask_aiosmtpd(context: ssl.SSLContext | None) -> bool:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(Sink(), hostname=HOST, tls_context=context, loop=loop), "127.0.0.1", 0
    )
    port = server.sockets[0].getsockname()[1]
    try:
        async with await lab({f"{HOST}:25": port}).open(HOST, 25) as connection:
            return await offers_starttls(connection)
    finally:
        server.close()
        await asyncio.sleep(0.01)


def test_a_real_server_offers_starttls_when_it_has_a_certificate(tmp_path: Path) -> None:
    context = server_context(tmp_path, *Authority().sign(HOST))

    assert run(ask_aiosmtpd(context)) is True
    assert run(ask_aiosmtpd(None)) is False


@pytest.mark.parametrize(
    "greeting",
    [
        pytest.param(b"HTTP/1.1 400 Bad Request\r\n\r\n", id="another protocol"),
        pytest.param(b"554 go away\r\n", id="refusal"),
        pytest.param(b"220-again\r\n" * 200, id="endless greeting"),
        pytest.param(b"220 " + b"a" * 9_000, id="endless line"),
        pytest.param(b"", id="hang up"),
    ],
)
def test_anything_else_is_a_protocol_error(greeting: bytes) -> None:
    async def scenario() -> None:
        async with (
            serving(answering(greeting, after=0)) as port,
            await lab({f"{HOST}:25": port}).open(HOST, 25) as connection,
        ):
            await offers_starttls(connection)

    with pytest.raises(ProtocolError):
        run(scenario())


def test_keywords_are_the_first_word_of_each_line_after_the_name() -> None:
    assert extensions(["mail.starttls.example", "SIZE 1000", "starttls", ""]) == {
        "SIZE",
        "STARTTLS",
    }


@given(data=st.binary(max_size=60))
@settings(max_examples=80, deadline=None)
def test_any_line_is_a_reply_or_a_protocol_error(data: bytes) -> None:
    with suppress(ProtocolError):
        read_line(data)
