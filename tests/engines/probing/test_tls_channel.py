from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import pytest
from tests.engines.probing.peers import (
    HOST,
    Authority,
    answering,
    der,
    lab,
    run,
    server_context,
    serving,
)

from hygie.engines.probing.errors import ProtocolError
from hygie.engines.probing.tls_channel import TlsChannel

if TYPE_CHECKING:
    from pathlib import Path


def test_what_is_said_inside_tls_is_read_and_the_chain_is_shown(tmp_path: Path) -> None:
    certificate, key = Authority().sign(HOST)

    async def scenario() -> tuple[bytes, bytes, tuple[bytes, ...], str | None]:
        async with (
            serving(answering(b"hello"), server_context(tmp_path, certificate, key)) as port,
            await lab({f"{HOST}:443": port}).open(HOST, 443) as connection,
        ):
            channel = TlsChannel(connection, HOST)
            await channel.handshake()
            await channel.write(b"question")
            data, end = await channel.read_exactly(5), await channel.read()
            return data, end, channel.certificates(), channel.cipher

    data, end, chain, cipher = run(scenario())
    assert (data, end) == (b"hello", b"")
    assert chain == (der(certificate),)
    assert cipher


def test_an_old_suite_is_spoken_to_read_its_certificate(tmp_path: Path) -> None:
    context = server_context(tmp_path, *Authority().sign(HOST))
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0")
    context.maximum_version = ssl.TLSVersion.TLSv1_2

    async def scenario() -> int:
        async with (
            serving(answering(b""), context) as port,
            await lab({f"{HOST}:443": port}).open(HOST, 443) as connection,
        ):
            channel = TlsChannel(connection, HOST)
            await channel.handshake()
            return len(channel.certificates())

    assert run(scenario()) == 1


@pytest.mark.parametrize("data", [b"220 ready\r\n", b"\x15\x03\x01\x00\x02\x02\x28", b""])
def test_a_peer_that_does_not_agree_is_a_protocol_error(data: bytes) -> None:
    async def scenario() -> None:
        async with (
            serving(answering(data)) as port,
            await lab({f"{HOST}:443": port}).open(HOST, 443) as connection,
        ):
            await TlsChannel(connection, HOST).handshake()

    with pytest.raises(ProtocolError):
        run(scenario())
