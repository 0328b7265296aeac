from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import dns.flags
import dns.message
import dns.rrset
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.probing.peers import run, serving

from hygie.engines.probing.dnsclient import DnsClient, encode_query, is_truncated, read_answer
from hygie.engines.probing.errors import ProtocolError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable


def reply(query: bytes, *rrsets: str, rcode: int = 0, flags: int = 0) -> bytes:
    message = dns.message.make_response(dns.message.from_wire(query))
    message.set_rcode(rcode)  # type: ignore[arg-type]
    message.flags |= flags
    for line in rrsets:
        name, kind, *values = line.split("|")
        message.answer.append(dns.rrset.from_text(name, 60, "IN", kind, *values))
    return message.to_wire()


def test_aliases_are_followed_and_values_are_plain_text() -> None:
    query = encode_query("WWW.ch.example", "A")

    answer = read_answer(
        query,
        reply(query, "www.ch.example.|CNAME|Web.host.example.", "web.host.example.|A|192.0.2.1"),
    )

    assert answer.records == ("192.0.2.1",)
    assert answer.aliases == ("web.host.example",)
    assert answer.exists
    assert not answer.failed


def test_texts_are_joined_and_mail_servers_keep_their_preference() -> None:
    texts, mail = encode_query("ch.example", "TXT"), encode_query("ch.example", "MX")

    assert read_answer(texts, reply(texts, 'ch.example.|TXT|"v=spf1 " "-all"')).records == (
        "v=spf1 -all",
    )
    assert read_answer(mail, reply(mail, "ch.example.|MX|10 Mail.ch.example.")).records == (
        "10 mail.ch.example",
    )


def test_absence_and_failure_are_told_apart() -> None:
    query = encode_query("ch.example", "A")

    absent, failed = (
        read_answer(query, reply(query, rcode=3)),
        read_answer(query, reply(query, rcode=2)),
    )

    assert (absent.rcode, absent.failed) == ("NXDOMAIN", False)
    assert (failed.rcode, failed.failed) == ("SERVFAIL", True)


def test_an_answer_to_another_question_is_refused() -> None:
    query, other = encode_query("ch.example", "A"), encode_query("autre.example", "A")
    stolen = query[:2] + reply(other)[2:]

    for wire in (b"\x00\x00" + reply(query)[2:] if query[:2] != b"\x00\x00" else b"x", stolen):
        with pytest.raises(ProtocolError):
            read_answer(query, wire)


def test_a_compression_loop_is_a_protocol_error() -> None:
    query = encode_query("ch.example", "A")
    looping = query[:2] + bytes.fromhex("8180 0000 0001 0000 0000".replace(" ", ""))
    looping += bytes.fromhex("c00c 0001 0001 0000003c 0004 c0000201".replace(" ", ""))

    with pytest.raises(ProtocolError):
        read_answer(query, looping)


@pytest.mark.parametrize("name", ["a" * 64 + ".example", "x." * 140, "a..example"])
def test_what_cannot_be_a_name_is_not_asked(name: str) -> None:
    with pytest.raises(ProtocolError):
        encode_query(name, "A")


@given(data=st.binary(max_size=80))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_an_answer_or_a_protocol_error(data: bytes) -> None:
    query = encode_query("ch.example", "TXT")
    for wire in (data, query[:2] + data, reply(query)[:12] + data):
        with suppress(ProtocolError):
            read_answer(query, wire)


class _Answers(asyncio.DatagramProtocol):
    def __init__(self, answer: Callable[[bytes], bytes | None]) -> None:
        self.answer = answer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str | object, int]) -> None:
        if (wire := self.answer(data)) is not None:
            self.transport.sendto(wire, addr)  # type: ignore[attr-defined]


@asynccontextmanager
async def name_server(answer: Callable[[bytes], bytes | None], port: int = 0) -> AsyncIterator[int]:
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: _Answers(answer), local_addr=("127.0.0.1", port)
    )
    try:
        yield transport.get_extra_info("sockname")[1]
    finally:
        transport.close()


def test_a_forged_datagram_is_not_taken_for_the_answer() -> None:
    async def scenario() -> tuple[str, ...]:
        async with name_server(lambda q: reply(q, "ch.example.|A|192.0.2.7")) as port:
            client = DnsClient([("127.0.0.1", port)])
            return (await client.ask(encode_query("ch.example", "A"))).records

    assert run(scenario()) == ("192.0.2.7",)


def test_a_truncated_answer_is_asked_again_over_tcp() -> None:
    async def by_tcp(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        length = int.from_bytes(await reader.readexactly(2), "big")
        wire = reply(await reader.readexactly(length), "ch.example.|A|192.0.2.8")
        writer.write(len(wire).to_bytes(2, "big") + wire)
        await writer.drain()
        await reader.read()

    async def scenario() -> tuple[str, ...]:
        async with (
            serving(by_tcp) as port,
            name_server(lambda q: reply(q, flags=dns.flags.TC), port),
        ):
            client = DnsClient([("127.0.0.1", port)])
            return (await client.ask(encode_query("ch.example", "A"))).records

    assert run(scenario()) == ("192.0.2.8",)
    assert is_truncated(reply(encode_query("ch.example", "A"), flags=dns.flags.TC))
    assert not is_truncated(b"")


def test_the_next_server_is_asked_when_one_is_mute() -> None:
    async def scenario() -> tuple[str, ...]:
        async with (
            name_server(lambda _: None) as mute,
            name_server(lambda q: reply(q, "ch.example.|A|192.0.2.9")) as port,
        ):
            client = DnsClient([("127.0.0.1", mute), ("127.0.0.1", port)], attempt_s=0.05)
            return (await client.ask(encode_query("ch.example", "A"))).records

    assert run(scenario()) == ("192.0.2.9",)


def test_silence_of_every_server_is_a_timeout() -> None:
    async def scenario() -> None:
        async with name_server(lambda _: None) as port:
            await DnsClient([("127.0.0.1", port)], attempt_s=0.02).ask(
                encode_query("a.example", "A")
            )

    with pytest.raises(TimeoutError):
        run(scenario())


def test_questions_wait_for_their_turn_and_their_time_does_not_run() -> None:
    under_way: list[int] = []

    class Slow(DnsClient):
        async def _by_udp(self, server: tuple[str, int], query: bytes) -> bytes:  # noqa: ARG002
            under_way.append(sum(under_way[-1:]) + 1)
            await asyncio.sleep(0.03)
            under_way.append(under_way[-1] - 1)
            return reply(query, "ch.example.|A|192.0.2.7")

    async def scenario() -> list[tuple[str, ...]]:
        client = Slow([("127.0.0.1", 9)], attempt_s=0.2, at_once=2)
        queries = [encode_query("ch.example", "A") for _ in range(20)]
        return [answer.records for answer in await asyncio.gather(*map(client.ask, queries))]

    assert run(scenario()) == [("192.0.2.7",)] * 20
    assert max(under_way) == 2
