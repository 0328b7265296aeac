from __future__ import annotations

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygie.engines.probing import dnsclient
from hygie.engines.probing.dnswire import encode_query, read_plain
from hygie.engines.probing.errors import ProtocolError

KINDS = {
    "A": ["192.0.2.1", "192.0.2.2"],
    "AAAA": ["2001:db8::1", "::ffff:192.0.2.1"],
    "NS": ["Ns1.Ch.example.", "ns2.autre.example."],
    "MX": ["10 Mail.ch.example.", "0 ."],
    "TXT": ['"v=spf1 " "-all"', '"caf\\195\\169"'],
    "PTR": ["www.ch.example."],
    "CAA": ['0 issue "ca.example"'],
    "TLSA": ["3 1 1 " + "00" * 32],
}
NAMES = st.sampled_from(["ch.example.", "www.ch.example.", "_dmarc.CH.example.", "a\\032b.ex."])


def response(query: bytes, lines: list[tuple[str, str, str]], rcode: int, soa: str | None) -> bytes:
    message = dns.message.make_response(dns.message.from_wire(query))
    message.set_rcode(dns.rcode.Rcode.make(rcode))
    for name, kind, value in lines:
        message.answer.append(dns.rrset.from_text(name, 60, "IN", kind, value))
    if soa:
        text = f"ns.{soa} dns.{soa} 1 2 3 4 5"
        message.authority.append(dns.rrset.from_text(soa, 60, "IN", "SOA", text))
    return message.to_wire()


@st.composite
def answers(draw: st.DrawFn) -> tuple[bytes, bytes]:
    kind = draw(st.sampled_from(sorted(KINDS)))
    name = draw(NAMES)
    query = encode_query(name, kind)
    owner = name
    lines: list[tuple[str, str, str]] = []
    for step in range(draw(st.integers(0, 3))):
        target = f"cible{step}.Autre.example."
        lines.append((owner, "CNAME", target))
        owner = target
    values = draw(st.lists(st.sampled_from(KINDS[kind]), max_size=3))
    lines += [(owner, kind, value) for value in values]
    rcode = draw(st.sampled_from([0, 2, 3, 5, 16]))
    return query, response(query, lines, rcode, draw(st.sampled_from([None, "example."])))


@given(case=answers())
@settings(max_examples=200, deadline=None)
def test_what_is_read_quickly_is_what_dnspython_reads(case: tuple[bytes, bytes]) -> None:
    query, wire = case
    quick = read_plain(query, wire)
    if quick is None:
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dnsclient, "read_plain", lambda *_: None)
        slow = dnsclient.read_answer(query, wire)

    assert quick == slow


@given(data=st.binary(max_size=120), at=st.integers(0, 60))
@settings(max_examples=300, deadline=None)
def test_damaged_bytes_are_left_to_others(data: bytes, at: int) -> None:
    query = encode_query("ch.example", "TXT")
    good = response(query, [("ch.example.", "TXT", '"un"')], 0, None)
    for wire in (data, query[:2] + data, good[:at] + data, good[:at] + data + good[at:]):
        found = read_plain(query, wire)
        assert found is None or all(isinstance(record, str) for record in found.records)


def test_the_plain_answers_take_the_quick_way() -> None:
    for kind, values in KINDS.items():
        query = encode_query("ch.example", kind)
        wire = response(query, [("ch.example.", kind, values[0])], 0, None)

        assert (read_plain(query, wire) is None) is (kind in ("CAA", "TLSA"))


def test_a_denial_names_the_zone_that_denies() -> None:
    query = encode_query("parti.ch.example", "A")

    denied = read_plain(query, response(query, [], 3, "ch.example."))

    assert denied is not None
    assert (denied.rcode, denied.denied_by) == ("NXDOMAIN", "ch.example")


def test_a_pointer_may_only_go_back() -> None:
    query = encode_query("ch.example", "A")
    end = len(query) - 11
    head = query[:2] + bytes.fromhex("818000010001000000 00".replace(" ", "")) + query[12:end]
    loop = bytes([0xC0, end]) + bytes.fromhex("00010001000000 3c0004c0000201".replace(" ", ""))

    assert read_plain(query, head + loop) is None
    with pytest.raises(ProtocolError):
        dnsclient.read_answer(query, head + loop)


def test_an_iterative_question_does_not_ask_for_recursion() -> None:
    flags = dns.message.from_wire(encode_query("ch.example", "NS", recursive=False)).flags

    assert not flags & dns.flags.RD
