from __future__ import annotations

from contextlib import suppress

import dns.flags
import dns.message
import dns.rrset
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygie.engines.probing.errors import ProtocolError
from hygie.engines.probing.udp_questions import QUESTIONS, Words


def resolved(*, recursive: bool) -> bytes:
    message = dns.message.make_response(dns.message.from_wire(QUESTIONS[53].encode()))
    message.answer.append(dns.rrset.from_text("example.com.", 60, "IN", "A", "192.0.2.1"))
    message.flags |= dns.flags.RA if recursive else 0
    return message.to_wire()


def announced() -> bytes:
    message = dns.message.make_response(dns.message.from_wire(QUESTIONS[5353].encode()))
    name = "_services._dns-sd._udp.local."
    message.answer.append(dns.rrset.from_text(name, 10, "IN", "PTR", "_ipp._tcp.local."))
    return message.to_wire()


NTP = b"\x24\x02" + bytes(46)
# Report of an SNMPv3 engine of enterprise 9: engine identifier 80 00 00 09 03 + six bytes.
SNMP = bytes.fromhex(
    "306402010330110202 4a69020300ffe3040100020103 0421301f040b 8000000903001122334455"
    " 0201010202 00ff 0400 0400 0400"
)
RMCP = bytes.fromhex("0600ff06 000011be 40 00 00 10 000011be 00000000 81 00 000000000000")
SSDP = b"HTTP/1.1 200 OK\r\nSERVER: Linux/4.4 UPnP/1.0 Onduleur/2.1\r\nST: upnp:rootdevice\r\n\r\n"
I_AM = bytes.fromhex("810a0014 0100 1000 c4 020004d2 2204009103210f")
MEMCACHED = b"\x48\x79\0\0\0\x01\0\0VERSION 1.5.5\r\n"

GOOD = {
    53: (resolved(recursive=True), "résout pour tout le monde"),
    123: (NTP, "NTP version 4, strate 2"),
    161: (SNMP, "SNMPv3, fabricant IANA 9"),
    623: (RMCP, "IPMI géré"),
    1900: (SSDP, "Linux/4.4 UPnP/1.0 Onduleur/2.1"),
    5353: (announced(), "_ipp._tcp.local."),
    11211: (MEMCACHED, "memcached 1.5.5"),
    47808: (I_AM, "appareil BACnet 1234"),
}


def test_every_question_has_its_captured_answer() -> None:
    assert set(GOOD) == set(QUESTIONS)


@pytest.mark.parametrize("port", GOOD)
def test_an_answer_shows_what_stands_there(port: int) -> None:
    data, detail = GOOD[port]

    assert QUESTIONS[port].read(data).detail == detail


def test_a_product_that_names_itself_goes_to_the_matcher() -> None:
    assert QUESTIONS[11211].read(MEMCACHED) == Words(
        "memcached 1.5.5", "memcached/memcached", "1.5.5"
    )


def test_a_name_server_that_refuses_strangers_does_not_resolve_for_all() -> None:
    with pytest.raises(ProtocolError):
        QUESTIONS[53].read(resolved(recursive=False))


@pytest.mark.parametrize("port", GOOD)
def test_other_bytes_are_a_protocol_error(port: int) -> None:
    for data in (b"", b"hello", bytes(60), b"\xff" * 60):
        with pytest.raises(ProtocolError):
            QUESTIONS[port].read(data)


@pytest.mark.parametrize("port", GOOD)
def test_a_question_fits_one_small_datagram_and_carries_no_secret(port: int) -> None:
    sent = QUESTIONS[port].encode()

    assert 0 < len(sent) <= 200
    assert b"public" not in sent
    assert b"stats" not in sent


def test_the_discovery_of_snmp_is_whole() -> None:
    sent = QUESTIONS[161].encode()

    assert sent[0] == 0x30
    assert sent[1] == len(sent) - 2 < 128
    assert sent[2:5] == b"\x02\x01\x03"


@given(port=st.sampled_from(sorted(GOOD)), data=st.binary(max_size=120), at=st.integers(0, 60))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_read_or_refused(port: int, data: bytes, at: int) -> None:
    good = GOOD[port][0]
    for wire in (data, good[:at] + data, good[:at] + data + good[at:]):
        with suppress(ProtocolError):
            words = QUESTIONS[port].read(wire)
            assert len(words.detail) <= 200
