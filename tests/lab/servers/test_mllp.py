from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hygie.lab.network import State
from hygie.lab.servers.mllp import MllpSettings, acknowledge

if TYPE_CHECKING:
    from tests.lab.conftest import Lab

SERVICE = "hl7.ch-val-hygie.example:2575"
MESSAGE = rb"MSH|^~\&|HYGIE|SONDE|||20261124||QRY^A19|42|P|2.5" + b"\r"


def test_a_message_is_acknowledged_by_its_control_id(lab: Lab) -> None:
    with lab.connect(SERVICE) as line:
        line.sendall(b"\x0b" + MESSAGE + b"\x1c\x0d")
        answer = line.recv(4096)

    assert answer.startswith(b"\x0bMSH|^~\\&|MIRTH|HYGIE|HYGIE|SONDE|")
    assert answer.endswith(b"\rMSA|AA|42\r\x1c\x0d")


def test_two_messages_on_one_line_get_two_answers(lab: Lab) -> None:
    with lab.connect(SERVICE) as line:
        for _ in range(2):
            line.sendall(b"\x0b" + MESSAGE + b"\x1c\x0d")
            assert b"MSA|AA|42" in line.recv(4096)


@pytest.mark.parametrize("message", [b"", b"bonjour", b"\r\r", b"PID|1"])
def test_what_is_not_hl7_is_rejected(message: bytes) -> None:
    assert b"\rMSA|AR|" in acknowledge(message, MllpSettings())


def test_the_port_closes_when_the_flow_is_repaired(lab: Lab) -> None:
    lab.turn("hl7-ch-val-hygie", State.FIXED)

    with pytest.raises(ConnectionRefusedError):
        lab.connect(SERVICE)
