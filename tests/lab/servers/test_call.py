from __future__ import annotations

import asyncio
import datetime as dt
import socket
from typing import TYPE_CHECKING

import pytest

from hygie.lab.certificates import CertificateAuthority
from hygie.lab.servers.call import Call, answering

if TYPE_CHECKING:
    from pathlib import Path

NOW = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)


@pytest.fixture
def authority(tmp_path: Path) -> CertificateAuthority:
    return CertificateAuthority(tmp_path, now=NOW)


def test_what_was_sent_arrives_before_the_line_ends(authority: CertificateAuthority) -> None:
    async def scene() -> bytes:
        here, there = socket.socketpair()
        here.settimeout(0)
        async with answering(Call(here, "x.example", {}, authority)) as line:
            await line.send(b"a" * 50_000)
        with there:
            return b"".join(iter(lambda: there.recv(65_536), b""))

    assert asyncio.run(scene()) == b"a" * 50_000


def test_an_error_cuts_the_line(authority: CertificateAuthority) -> None:
    async def scene() -> bytes:
        here, there = socket.socketpair()
        here.settimeout(0)
        with there:
            with pytest.raises(EOFError):
                async with answering(Call(here, "x.example", {}, authority)):
                    raise EOFError
            return there.recv(10)

    assert asyncio.run(scene()) == b""


def test_a_caller_who_does_not_speak_tls_is_closed(authority: CertificateAuthority) -> None:
    async def scene() -> None:
        here, there = socket.socketpair()
        here.settimeout(0)
        call = Call(here, "x.example", {}, authority)
        with there:
            there.sendall(b"GET / HTTP/1.1\r\n\r\n")
            with pytest.raises(OSError, match=r"HTTP_REQUEST|http request"):
                async with answering(call, tls=call.tls_context()):
                    pass
        assert here.fileno() == -1

    asyncio.run(scene())


def test_tls_settings_are_picked_from_those_of_the_server(
    authority: CertificateAuthority,
) -> None:
    with socket.socket() as caller:
        call = Call(caller, "x.example", {"page": "owa", "certificate": "expired"}, authority)

        assert call.tls_context() is call.tls_context()
        assert (authority.path.parent / "x.example-expired.pem").exists()
