"""An HL7 v2 interface over MLLP that acknowledges whatever it gets and keeps nothing.

Source: HL7 Transport Specification: MLLP, release 1 (0x0B message 0x1C 0x0D).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hygie.lab.servers.call import answering

if TYPE_CHECKING:
    from hygie.lab.servers.call import Call

_START: Final = b"\x0b"
_END: Final = b"\x1c\x0d"
_MAX_MESSAGES: Final = 10


@dataclass(frozen=True, slots=True)
class MllpSettings:
    """Who answers.

    Attributes:
        application: MSH-3 of the acknowledgement.
        facility: MSH-4 of the acknowledgement.
    """

    application: str = "LABO"
    facility: str = "HYGIE"


async def serve(call: Call) -> None:
    """Acknowledge each framed message."""
    settings = MllpSettings(**call.settings)
    async with answering(call) as line:
        for _ in range(_MAX_MESSAGES):
            frame = await line.reader.readuntil(_END)
            message = frame.rpartition(_START)[2].removesuffix(_END)
            await line.send(_START + acknowledge(message, settings) + _END)


def acknowledge(message: bytes, settings: MllpSettings) -> bytes:
    """Return the ACK of one message: AA with its control id, AR when it is no HL7 message."""
    header = message.split(b"\r")[0].split(b"|")
    understood = header[0] == b"MSH"
    asked = dict(enumerate(header, start=1))
    answer = [
        b"MSH",
        rb"^~\&",
        settings.application.encode(),
        settings.facility.encode(),
        asked.get(3, b""),
        asked.get(4, b""),
        asked.get(7, b""),
        b"",
        b"ACK",
        b"LABO1",
        b"P",
        b"2.5",
    ]
    verdict = [b"MSA", b"AA" if understood else b"AR", asked.get(10, b"")]
    return b"|".join(answer) + b"\r" + b"|".join(verdict) + b"\r"
