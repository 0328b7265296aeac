from __future__ import annotations

import asyncio
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygie.engines.probing.udp_questions import QUESTIONS
from hygie.lab.door import LOOPBACK
from hygie.lab.servers.udp import ANSWERS, UdpDoor, UdpSettings, answer

PORTS = {question.service: port for port, question in QUESTIONS.items() if port != 5353}


def test_every_question_of_the_probe_has_its_server() -> None:
    assert set(ANSWERS) == set(PORTS)


@pytest.mark.parametrize("service", sorted(ANSWERS))
def test_the_question_gets_an_answer_that_the_probe_reads(service: str) -> None:
    question = QUESTIONS[PORTS[service]]

    reply = answer(question.encode(), UdpSettings(service, "1.5.5"))

    assert reply is not None
    assert question.read(reply).detail


@given(service=st.sampled_from(sorted(ANSWERS)), data=st.binary(max_size=80))
def test_any_datagram_gets_bytes_or_silence(service: str, data: bytes) -> None:
    assert isinstance(answer(data, UdpSettings(service)), bytes | None)


def test_a_door_that_closes_refuses_and_opens_again_at_the_same_number() -> None:
    async def scene() -> tuple[bytes, int, int]:
        door = UdpDoor(lambda data: data[::-1])
        await door.open(LOOPBACK)
        first = door.port
        door.close()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as caller:
            caller.setblocking(False)  # noqa: FBT003 - the library's signature
            caller.connect((LOOPBACK, first))
            caller.send(b"?")
            with pytest.raises(ConnectionRefusedError):
                await asyncio.get_running_loop().sock_recv(caller, 10)
        await door.open(LOOPBACK)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as caller:
            caller.setblocking(False)  # noqa: FBT003 - the library's signature
            caller.connect((LOOPBACK, door.port))
            caller.send(b"ab")
            reply = await asyncio.get_running_loop().sock_recv(caller, 10)
        door.close()
        await asyncio.sleep(0)
        return reply, first, door.port

    reply, first, again = asyncio.run(scene())
    assert (reply, first) == (b"ba", again)
