from __future__ import annotations

import asyncio

import pytest
from tests.engines.probing.peers import HOST, answering, lab, run, serving

from hygie.engines.probing.errors import ForbiddenError, ProtocolError
from hygie.engines.probing.network import LabNetwork
from hygie.engines.probing.tls_ask import Answer, Door, ask
from hygie.engines.probing.tls_flight import read_flight
from hygie.engines.probing.tls_hello import Alert, TlsVersion, usual_offer

OFFER = usual_offer(TlsVersion.TLS12)


async def answer_to(reply: bytes, *, starttls: bool = False) -> Answer[object]:
    async with serving(answering(reply, after=0 if starttls else 1)) as port:
        door = Door(HOST, 443, lab({f"{HOST}:443": port}), starttls=starttls)
        return await ask(door, OFFER, read_flight)


def test_an_alert_is_a_reply() -> None:
    answer = run(answer_to(b"\x15\x03\x03\x00\x02\x02\x28"))

    assert answer.reply == Alert(40)
    assert answer.data


def test_a_hang_up_is_told_from_silence_and_from_nonsense() -> None:
    assert run(answer_to(b"")).closed
    assert isinstance(run(answer_to(b"hello, hello")).failure, ProtocolError)


def test_silence_is_an_empty_answer() -> None:
    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:  # noqa: ARG001
        await asyncio.sleep(30)

    async def scenario() -> Answer[object]:
        async with serving(mute) as port:
            door = Door(HOST, 443, lab({f"{HOST}:443": port}))
            return await ask(door, OFFER, read_flight, timeout_s=0.05)

    assert run(scenario()) == Answer()


def test_a_mail_server_that_does_not_offer_tls_is_a_failure() -> None:
    words = b"220 mx ESMTP\r\n250 mx\r\n"

    assert isinstance(run(answer_to(words, starttls=True)).failure, ProtocolError)


@pytest.mark.parametrize("error", [ForbiddenError("x"), ConnectionRefusedError()])
def test_why_nothing_was_asked_is_kept(error: Exception) -> None:
    def guard(*_: object) -> None:
        if isinstance(error, ForbiddenError):
            raise error

    network = LabNetwork({"dns": ["127.0.0.1", 9], "services": {}}, guard=guard)
    answer = run(ask(Door(HOST, 443, network), OFFER, read_flight))

    assert isinstance(answer.failure, type(error))
