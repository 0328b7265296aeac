from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygie.engines.probing.errors import ProtocolError
from hygie.engines.probing.tls_sslv2 import encode_sslv2_hello, read_sslv2_reply

# SERVER-HELLO: no session, X.509, version 2, certificate of 5 bytes, two ciphers, 16 bytes of id.
ACCEPTED = bytes.fromhex("802604 0001 0002 0005 0006 0010".replace(" ", "")) + bytes(27)


def test_the_question_is_a_hello_of_two_bytes_header() -> None:
    hello = encode_sslv2_hello()

    assert hello[0] & 0x80
    assert int.from_bytes(hello[:2], "big") & 0x7FFF == len(hello) - 2
    assert hello[2:5] == b"\x01\x00\x02"


def test_a_server_hello_with_a_cipher_accepts() -> None:
    assert read_sslv2_reply(ACCEPTED, ended=False) is True
    without = ACCEPTED[:9] + b"\0\0" + ACCEPTED[11:]
    assert read_sslv2_reply(without, ended=False) is False


def test_an_alert_or_a_hang_up_refuses() -> None:
    assert read_sslv2_reply(b"\x15\x03\x01\x00\x02\x02\x46", ended=False) is False
    assert read_sslv2_reply(b"", ended=True) is False
    assert read_sslv2_reply(b"\x80", ended=False) is None


def test_other_words_are_a_protocol_error() -> None:
    with pytest.raises(ProtocolError):
        read_sslv2_reply(b"HTTP/1.1 400 Bad Request", ended=False)


@given(data=st.binary(max_size=60), ended=st.booleans())
def test_any_bytes_are_read_or_refused(data: bytes, ended: bool) -> None:  # noqa: FBT001
    with suppress(ProtocolError):
        assert read_sslv2_reply(data, ended=ended) in (True, False, None)
