from __future__ import annotations

import ssl
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

from hygie.engines.probing import tls
from hygie.engines.probing.errors import ProtocolError
from hygie.engines.probing.tls_hello import Alert, ServerHello, TlsVersion

if TYPE_CHECKING:
    from pathlib import Path

    from hygie.vocabulary.facts import Observation


async def observe(context: ssl.SSLContext, **directory: str) -> Observation:
    async with serving(answering(b"", after=1), context) as port:
        return await tls.observe(HOST, 443, lab({f"{HOST}:443": port}, **directory), now=NOW)


def test_a_modern_service_accepts_two_versions_and_shows_its_certificate(tmp_path: Path) -> None:
    authority = Authority()
    (tmp_path / "ca.pem").write_bytes(authority.pem)

    seen = run(
        observe(server_context(tmp_path, *authority.sign(HOST)), ca=str(tmp_path / "ca.pem"))
    )

    value: Any = seen.value
    assert (seen.subject, seen.probe) == (f"{HOST}:443", "tls")
    assert value["accepted"] == ["TLSv1.2", "TLSv1.3"]
    assert value["rejected"] == ["SSLv3", "TLSv1.0", "TLSv1.1"]
    assert value["undetermined"] == []
    assert value["cipher"].startswith("TLS_")
    assert value["forward_secrecy"] is True
    assert value["certificate"]["trusted"] is True
    assert value["certificate"]["name_matches"] is True
    assert seen.evidence[:1] == b"\x16"


def test_an_old_service_is_seen_without_an_old_openssl(tmp_path: Path) -> None:
    context = server_context(tmp_path, *Authority().sign(HOST))
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("AES128-SHA:ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0")

    value: Any = run(observe(context)).value

    assert value["accepted"] == ["TLSv1.0", "TLSv1.1", "TLSv1.2"]
    assert value["rejected"] == ["SSLv3", "TLSv1.3"]
    assert value["cipher"] == "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"
    assert value["certificate"]["trusted"] is False


def test_a_service_that_is_not_tls_is_a_protocol_error() -> None:
    async def scenario() -> None:
        async with serving(answering(b"220 mail.example ESMTP\r\n")) as port:
            await tls.observe(HOST, 443, lab({f"{HOST}:443": port}), now=NOW)

    with pytest.raises(ProtocolError):
        run(scenario())


def test_a_closed_port_is_refused() -> None:
    with pytest.raises(ConnectionRefusedError):
        run(tls.observe(HOST, 443, lab({}), now=NOW))


def test_a_lower_version_and_a_hang_up_both_refuse() -> None:
    facts: Any = tls.versions_facts(
        {
            TlsVersion.SSLV3: None,
            TlsVersion.TLS10: "closed",
            TlsVersion.TLS11: Alert(70),
            TlsVersion.TLS12: ServerHello(0x0303, 0x009C),
            TlsVersion.TLS13: ServerHello(0x0303, 0x009C),
        }
    )

    assert facts["accepted"] == ["TLSv1.2"]
    assert facts["rejected"] == ["TLSv1.0", "TLSv1.1", "TLSv1.3"]
    assert facts["undetermined"] == ["SSLv3"]
    assert (facts["cipher"], facts["forward_secrecy"]) == ("TLS_RSA_WITH_AES_128_GCM_SHA256", False)


def test_a_chain_is_read_in_clear_where_no_handshake_can_be_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuses(_self: tls.TlsChannel) -> None:
        raise ProtocolError("no suite in common")

    context = server_context(tmp_path, *Authority().sign(HOST))
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    monkeypatch.setattr(tls.TlsChannel, "handshake", refuses)

    value: Any = run(observe(context)).value

    assert value["certificate"]["names"] == [HOST]
