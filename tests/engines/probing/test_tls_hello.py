from __future__ import annotations

import ssl
import struct
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.probing.peers import HOST, Authority, server_context

from hygie.engines.probing.errors import ProtocolError
from hygie.engines.probing.tls_hello import (
    Alert,
    ServerHello,
    TlsVersion,
    encode_client_hello,
    read_hello_reply,
)

RANDOM = bytes(range(64))
# A TLS 1.2 ServerHello (version 0303, suite C02F) written from RFC 5246 section 7.4.1.3.
SERVER_HELLO = (
    bytes.fromhex("160303002a0200002603 03".replace(" ", ""))
    + bytes(32)
    + bytes.fromhex("00c02f00")
)
FATAL_PROTOCOL_VERSION = bytes.fromhex("15030100020246")


def record(content: bytes, kind: int = 22) -> bytes:
    return struct.pack(">BHH", kind, 0x0303, len(content)) + content


def hello(body: bytes) -> bytes:
    return b"\x02" + len(body).to_bytes(3, "big") + body


def test_the_client_hello_states_its_version_and_its_server_name() -> None:
    data = encode_client_hello(TlsVersion.TLS12, HOST, random=RANDOM)

    assert data[:3] == b"\x16\x03\x01"
    assert struct.unpack(">H", data[3:5])[0] == len(data) - 5
    assert data[9:11] == b"\x03\x03"
    assert HOST.encode() in data


def test_sslv3_has_no_extensions_and_an_address_no_server_name() -> None:
    old = encode_client_hello(TlsVersion.SSLV3, HOST, random=RANDOM)
    by_address = encode_client_hello(TlsVersion.TLS13, "192.0.2.1", random=RANDOM)

    assert old[:3] == b"\x16\x03\x00"
    assert HOST.encode() not in old
    assert b"192.0.2.1" not in by_address


@pytest.mark.parametrize("version", [TlsVersion.TLS12, TlsVersion.TLS13])
def test_openssl_understands_our_hello(
    version: TlsVersion, tmp_path: pytest.TempPathFactory
) -> None:
    context = server_context(tmp_path, *Authority().sign(HOST))  # type: ignore[arg-type]
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = context.wrap_bio(incoming, outgoing, server_side=True)
    incoming.write(encode_client_hello(version, HOST, random=RANDOM))

    with pytest.raises(ssl.SSLWantReadError):
        server.do_handshake()

    reply = read_hello_reply(outgoing.read())
    assert isinstance(reply, ServerHello)
    assert reply.version == version


def test_a_server_hello_is_read_even_cut_into_records_and_bytes() -> None:
    content = SERVER_HELLO[5:]
    split = record(content[:10]) + record(content[10:])

    assert read_hello_reply(SERVER_HELLO) == ServerHello(0x0303, 0xC02F)
    assert read_hello_reply(split) == ServerHello(0x0303, 0xC02F)
    assert all(read_hello_reply(split[:cut]) is None for cut in range(len(split)))


def test_tls_13_is_read_from_its_extension() -> None:
    extension = bytes.fromhex("002b00020304")
    body = b"\x03\x03" + bytes(32) + b"\x00" + b"\x13\x01" + b"\x00" + b"\x00\x06" + extension

    assert read_hello_reply(record(hello(body))) == ServerHello(
        0x0304, 0x1301, extensions=frozenset({43})
    )


def test_an_alert_is_a_refusal_and_a_name_warning_is_not() -> None:
    unrecognised_name = record(b"\x01\x70", kind=21)

    assert read_hello_reply(FATAL_PROTOCOL_VERSION) == Alert(70)
    assert read_hello_reply(unrecognised_name + SERVER_HELLO) == ServerHello(0x0303, 0xC02F)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"HTTP/1.1 400 Bad Request\r\n", id="HTTP"),
        pytest.param(b"\x16\x03\x03\xff\xff", id="record too long"),
        pytest.param(record(b"\x0b\x00\x00\x00"), id="not a ServerHello"),
        pytest.param(record(hello(b"\x03\x03")), id="ServerHello cut"),
        pytest.param(record(b"\x02\x02\x00", kind=21), id="alert of three bytes"),
    ],
)
def test_anything_else_is_not_tls(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        read_hello_reply(data)


@given(data=st.binary(max_size=80) | st.binary(max_size=60).map(lambda b: record(hello(b))))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_a_reply_or_a_protocol_error(data: bytes) -> None:
    with suppress(ProtocolError):
        read_hello_reply(data)
