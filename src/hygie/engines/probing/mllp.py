"""Does an HL7 v2 interface answer a stranger, in clear?

Value: answers (an HL7 message came back), ack_code (MSA-1, or null), sending_application
(MSH-3 of the answer, or null).

The question is one NMQ^N01, "application management query" (HL7 v2.5 chapter 14): it concerns
the interface itself, names no patient, no order and no observation, so that even a receiver
which handles it has nothing to change; most answer that they do not know it. Processing ID T
(training) keeps it out of production flows, and no original-style query segment follows, so
that nothing is selected. An empty frame would be quieter still, but most receivers drop it
without a word, and silence teaches nothing. Frame: 0x0B message 0x1C 0x0D (MLLP release 1).
A refused connection, or a peer that hangs up without HL7, gives answers false.
Evidence: the answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hygie.engines.probing.errors import ProtocolError
from hygie.vocabulary.facts import EVIDENCE_MAX_BYTES, Observation

if TYPE_CHECKING:
    import datetime as dt

    from hygie.engines.probing.network import Network

ANSWER_MAX_BYTES: Final = 16_384
_START: Final = b"\x0b"
_END: Final = b"\x1c"
_TEXT_MAX: Final = 100
_ACK_CODE: Final = re.compile(r"[AC][AER]")


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What an answer says; None where it says nothing."""

    ack_code: str | None
    sending_application: str | None


async def observe(
    host: str, port: int, network: Network, *, now: dt.datetime, address: str | None = None
) -> Observation:
    """Ask ``host:port`` one harmless question.

    Raises:
        OSError, TimeoutError, ForbiddenError: if it cannot be reached or says nothing.
    """
    answer, data = None, b""
    try:
        async with await network.open(host, port, address=address) as connection:
            await connection.write(encode_question(now))
            data = await connection.read_until(_END, limit=ANSWER_MAX_BYTES)
            answer = read_answer(data)
    except (ProtocolError, ConnectionError):
        pass  # something else listens there, or nothing any more
    return Observation(
        subject=f"{host}:{port}",
        probe="mllp",
        value={
            "answers": answer is not None,
            "ack_code": answer.ack_code if answer else None,
            "sending_application": answer.sending_application if answer else None,
        },
        evidence=data[:EVIDENCE_MAX_BYTES],
        at=now,
    )


def encode_question(now: dt.datetime) -> bytes:
    """Return the framed question, dated and numbered by ``now``."""
    stamp = f"{now:%Y%m%d%H%M%S}"
    fields = (
        *("MSH", r"^~\&", "HYGIE", "CONTROLE", "", "", stamp, "", "NMQ^N01^NMQ_N01"),
        *(f"HYGIE{stamp}", "T", "2.5"),
    )
    return _START + "|".join(fields).encode("ascii") + b"\r" + _END + b"\r"


def read_answer(data: bytes) -> Acknowledgement:
    """Read one framed HL7 v2 message.

    Raises:
        ProtocolError: if ``data`` holds no frame, or its message does not begin with MSH.
    """
    message = data.partition(_START)[2].partition(_END)[0].decode("utf-8", "replace")
    if not message.startswith("MSH") or len(message) < 8:  # noqa: PLR2004 - MSH and separators
        raise ProtocolError("le service ne répond pas en HL7")
    separator = message[3]
    segments = [segment.split(separator) for segment in re.split(r"[\r\n]+", message)[:50]]
    code = next((s[1].strip() for s in segments if s[0] == "MSA" and len(s) > 1), None)
    application = segments[0][2] if len(segments[0]) > 2 else ""  # noqa: PLR2004 - MSH-3
    shown = "".join(c for c in application.split(message[4])[0] if c.isprintable())
    return Acknowledgement(
        code if code and _ACK_CODE.fullmatch(code) else None, shown.strip()[:_TEXT_MAX] or None
    )
