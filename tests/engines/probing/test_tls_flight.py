from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygie.engines.probing.errors import ProtocolError
from hygie.engines.probing.tls_flight import FLIGHT_MAX_BYTES, Flight, read_flight
from hygie.engines.probing.tls_hello import Alert


def record(kind: int, body: bytes) -> bytes:
    return bytes([kind, 3, 3]) + len(body).to_bytes(2, "big") + body


def message(kind: int, body: bytes) -> bytes:
    return bytes([kind]) + len(body).to_bytes(3, "big") + body


def hello(suite: int, extensions: bytes = b"") -> bytes:
    tail = len(extensions).to_bytes(2, "big") + extensions if extensions else b""
    return message(2, b"\x03\x03" + bytes(32) + b"\0" + suite.to_bytes(2, "big") + b"\0" + tail)


DONE = message(14, b"")
P256 = message(12, b"\x03\x00\x17" + b"\x41" + bytes(65))
PRIME_1024 = message(12, (128).to_bytes(2, "big") + b"\xff" * 128 + b"\0\x01\x02\0\x01\x03")
STAPLE = message(22, b"\x01\x00\x00\x03abc")


def test_the_curve_of_the_key_exchange_is_read() -> None:
    flight = read_flight(record(22, hello(0xC02F) + P256 + DONE))

    assert isinstance(flight, Flight)
    assert (flight.complete, flight.curve, flight.dhe_bits) == (True, 23, None)


def test_the_size_of_a_prime_is_read_across_records() -> None:
    flight = read_flight(record(22, hello(0x0033)) + record(22, PRIME_1024 + DONE))

    assert isinstance(flight, Flight)
    assert (flight.curve, flight.dhe_bits) == (None, 1024)


def test_a_stapled_answer_is_noticed() -> None:
    flight = read_flight(record(22, hello(0xC02F, b"\0\x05\0\0") + STAPLE + DONE))

    assert isinstance(flight, Flight)
    assert flight.stapled
    assert 5 in flight.hello.extensions


def test_the_chain_is_read_in_clear_up_to_a_cut_one() -> None:
    listed = b"\0\0\x03abc" + b"\0\0\x02de"
    whole = message(11, b"\0\0\x0b" + listed)
    cut = message(11, b"\0\0\x0b" + listed[:-1])

    for sent, chain in ((whole, (b"abc", b"de")), (cut, (b"abc",)), (message(11, b""), ())):
        flight = read_flight(record(22, hello(0x000A) + sent + DONE))

        assert isinstance(flight, Flight)
        assert flight.chain == chain


def test_what_is_encrypted_ends_what_can_be_read() -> None:
    flight = read_flight(record(22, hello(0x1301)) + record(20, b"\x01") + record(23, b"x" * 20))

    assert isinstance(flight, Flight)
    assert not flight.complete


def test_a_flight_is_waited_for_unless_the_service_left() -> None:
    half = record(22, hello(0xC02F))

    assert read_flight(half) is None
    assert isinstance(read_flight(half, ended=True), Flight)
    assert read_flight(b"", ended=True) is None


def test_a_refusal_is_an_alert() -> None:
    assert read_flight(record(21, b"\x02\x28")) == Alert(40)
    assert read_flight(record(21, b"\x01\x70")) is None  # a warning about the name: more follows


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"HTTP/1.1 400 Bad Request\r\n", id="not TLS"),
        pytest.param(record(22, message(1, b"")), id="not a ServerHello"),
        pytest.param(record(22, b"\x02\xff\xff\xff"), id="endless message"),
        pytest.param(record(22, message(11, b"x")) * (FLIGHT_MAX_BYTES // 10), id="no hello"),
        pytest.param(
            record(22, hello(0xC02F) + message(11, bytes(10_000))) + record(22, bytes(0)) * 20_000,
            id="never ends",
        ),
    ],
)
def test_anything_else_is_a_protocol_error(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        read_flight(data)


@given(data=st.binary(max_size=200), good=st.integers(0, 120), ended=st.booleans())
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes, good: int, ended: bool) -> None:  # noqa: FBT001
    whole = record(22, hello(0xC02F) + P256 + STAPLE + DONE)
    for wire in (data, whole[:good] + data, record(22, data), record(22, hello(0x33) + data)):
        with suppress(ProtocolError):
            reply = read_flight(wire, ended=ended)
            assert reply is None or isinstance(reply, Flight | Alert)
