from __future__ import annotations

import asyncio
import ssl
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.engines.probing.peers import (
    HOST,
    NOW,
    Authority,
    answering,
    lab,
    run,
    server_context,
    serving,
)

from hygie.engines.probing import tls_depth
from hygie.engines.probing.errors import ProtocolError
from hygie.engines.probing.tls_ask import ask

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from hygie.vocabulary.facts import Observation

    Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def context(folder: Path, ciphers: str = "", version: str = "") -> ssl.SSLContext:
    made = server_context(folder, *Authority().sign(HOST))
    if ciphers:
        made.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        made.set_ciphers(f"{ciphers}:@SECLEVEL=0")
    if version == "1.2":
        made.maximum_version = ssl.TLSVersion.TLSv1_2
    if version == "1.3":
        made.minimum_version = ssl.TLSVersion.TLSv1_3
    return made


async def observe(tls: ssl.SSLContext | None, handler: Handler | None = None) -> Observation:
    async with serving(handler or answering(b""), tls) as port:
        return await tls_depth.observe(HOST, 443, lab({f"{HOST}:443": port}), now=NOW)


def test_a_modern_server_refuses_every_broken_family(tmp_path: Path) -> None:
    value: Any = run(observe(context(tmp_path))).value

    assert value["asked_version"] == "TLSv1.2"
    assert {"ecdhe", "aead"} <= set(value["families_accepted"])
    assert {"null", "anonymous", "export", "rc4", "des", "3des", "rsa"} <= set(
        value["families_rejected"]
    )
    assert value["families_undetermined"] == []
    assert value["sslv2"] is False
    assert {"x25519", "secp256r1"} <= set(value["groups_accepted"])
    assert value["post_quantum"] is ("X25519MLKEM768" in value["groups_accepted"])
    assert (value["compression"], value["secure_renegotiation"]) == (False, True)
    assert value["extended_master_secret"] is True
    assert value["ocsp_stapled"] is False
    assert value["curve"] in {"x25519", "secp256r1"}


def test_old_suites_are_found_behind_the_preferred_one(tmp_path: Path) -> None:
    ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-NULL-SHA:AECDH-AES128-SHA"
    value: Any = run(observe(context(tmp_path, ciphers, "1.2"))).value

    assert {"null", "anonymous", "ecdhe", "aead"} == set(value["families_accepted"])
    assert "TLS_ECDHE_ECDSA_WITH_NULL_SHA" in value["suites"]
    assert "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" in value["suites"]


def test_who_decides_the_order_is_seen(tmp_path: Path) -> None:
    ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384"
    own, theirs = (context(tmp_path, ciphers, "1.2") for _ in range(2))
    own.options |= ssl.OP_CIPHER_SERVER_PREFERENCE
    theirs.options &= ~ssl.OP_CIPHER_SERVER_PREFERENCE

    assert run(observe(own)).value["server_order"] is True
    assert run(observe(theirs)).value["server_order"] is False


def test_a_server_of_tls_13_alone_has_groups_and_no_older_fact(tmp_path: Path) -> None:
    value: Any = run(observe(context(tmp_path, version="1.3"))).value

    assert value["asked_version"] is None
    assert value["families_accepted"] == []
    assert "x25519" in value["groups_accepted"]
    assert (value["dhe_bits"], value["secure_renegotiation"]) == (None, None)


def test_one_group_alone_is_seen_alone(tmp_path: Path) -> None:
    made = context(tmp_path)
    made.set_ecdh_curve("secp384r1")

    value: Any = run(observe(made)).value

    assert value["groups_accepted"] == ["secp384r1"]
    assert "x25519" in value["groups_rejected"]


def test_what_is_not_tls_is_said_so() -> None:
    with pytest.raises(ProtocolError):
        run(observe(None, answering(b"220 mail.example ESMTP\r\n")))


def test_a_closed_port_is_refused() -> None:
    with pytest.raises(ConnectionRefusedError):
        run(tls_depth.observe(HOST, 443, lab({}), now=NOW))


def test_silence_ends_the_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:  # noqa: ARG001
        await asyncio.sleep(30)

    monkeypatch.setattr(tls_depth, "ask", partial(ask, timeout_s=0.02))
    with pytest.raises(TimeoutError):
        run(observe(None, mute))


def test_a_server_that_tires_of_us_leaves_the_families_undetermined(tmp_path: Path) -> None:
    made = context(tmp_path)
    calls = 0

    async def tired(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal calls
        calls += 1
        if calls <= 3:
            await writer.start_tls(made)
            await reader.read()

    value: Any = run(observe(None, tired)).value

    assert value["families_accepted"] == ["null"] or "null" in value["families_undetermined"]
    assert "rc4" in value["families_undetermined"]
    assert value["families_rejected"] == []
