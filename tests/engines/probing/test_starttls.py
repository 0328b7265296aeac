from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from tests.engines.probing.peers import HOST, NOW, Authority, lab, run, server_context, serving

from hygie.engines.probing import starttls
from hygie.engines.probing.errors import ProtocolError

if TYPE_CHECKING:
    import ssl
    from pathlib import Path

    from hygie.vocabulary.facts import Observation


async def observe(tls: ssl.SSLContext | None, refusal: bytes = b"") -> Observation:
    async def mail(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mx ESMTP\r\n")
        await reader.readline()
        writer.write(
            b"250-mx\r\n" + (b"250-STARTTLS\r\n" if tls or refusal else b"") + b"250 OK\r\n"
        )
        await reader.readline()
        if refusal or tls is None:
            writer.write(refusal)
            return
        writer.write(b"220 go\r\n")
        await writer.drain()
        await writer.start_tls(tls)
        await reader.read()

    async with serving(mail) as port:
        return await starttls.observe(HOST, 25, lab({f"{HOST}:25": port}), now=NOW)


def test_versions_and_certificate_are_read_behind_starttls(tmp_path: Path) -> None:
    seen = run(observe(server_context(tmp_path, *Authority().sign(HOST))))

    value: Any = seen.value
    assert (seen.probe, seen.subject) == ("starttls", f"{HOST}:25")
    assert value["offered"] is True
    assert value["accepted"] == ["TLSv1.2", "TLSv1.3"]
    assert value["certificate"]["name_matches"] is True
    assert seen.evidence[:1] == b"\x16"


def test_a_server_without_starttls_is_a_fact() -> None:
    value = run(observe(None)).value

    assert (value["offered"], value["accepted"], value["certificate"]) == (False, [], None)


def test_an_offer_that_is_withdrawn_is_a_protocol_error() -> None:
    with pytest.raises(ProtocolError):
        run(observe(None, b"454 4.7.0 TLS not available\r\n"))
