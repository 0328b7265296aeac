from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.probing.peers import HOST, NOW, answering, lab, run, serving

from hygie.engines.probing import mllp
from hygie.engines.probing.errors import ProtocolError

if TYPE_CHECKING:
    from hygie.vocabulary.facts import Observation

NACK = (
    b"\x0bMSH|^~\\&|MIRTH^1.2|CH|HYGIE|CONTROLE|20261124||ACK|1|T|2.5\r"
    b"MSA|AR|HYGIE20261124120000|Unsupported\r\x1c\r"
)


def observe(data: bytes) -> Observation:
    async def scenario() -> Observation:
        async with serving(answering(data)) as port:
            return await mllp.observe(HOST, 2575, lab({f"{HOST}:2575": port}), now=NOW)

    return run(scenario())


def test_an_acknowledgement_tells_who_answers() -> None:
    seen = observe(NACK)

    assert seen.value == {"answers": True, "ack_code": "AR", "sending_application": "MIRTH"}
    assert seen.evidence.startswith(b"\x0bMSH")


def test_the_question_names_no_patient_and_is_for_training() -> None:
    question = mllp.encode_question(NOW)
    fields = question.decode("ascii").strip("\x0b\x1c\r").split("|")

    assert question.count(b"\r") == 2
    assert fields[8] == "NMQ^N01^NMQ_N01"
    assert fields[10] == "T"


@pytest.mark.parametrize("data", [b"", b"HTTP/1.1 400 Bad Request\r\n", b"\x0bPID|1\r\x1c\r"])
def test_what_is_not_hl7_does_not_answer(data: bytes) -> None:
    assert observe(data).value["answers"] is False


def test_a_closed_port_does_not_answer() -> None:
    assert run(mllp.observe(HOST, 2575, lab({}), now=NOW)).value["answers"] is False


def test_separators_are_those_the_message_declares() -> None:
    answer = mllp.read_answer(b"\x0bMSH#*~\\&#LABO*X#CH\rMSA#CA#1\r\x1c")

    assert answer == mllp.Acknowledgement("CA", "LABO")


@given(data=st.binary(max_size=100) | st.binary(max_size=60).map(lambda b: b"\x0bMSH" + b))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_an_answer_or_a_protocol_error(data: bytes) -> None:
    with suppress(ProtocolError):
        mllp.read_answer(data)
