"""Whether a service on UDP answers a stranger, and what it says of itself.

Value: answers, service (see ``udp_questions``), detail (what it says, printable, or empty),
amplification (bytes received for one byte sent, rounded; null without an answer).

One datagram, sent twice at most: UDP loses some. A machine that says "nothing listens" gives
answers false; so does a readable refusal. Silence is NotObserved: a filtered port and a closed
one look alike. Evidence: the first datagram received.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hygie.engines.probing.errors import ProtocolError
from hygie.engines.probing.udp_questions import QUESTIONS, Words
from hygie.vocabulary.facts import EVIDENCE_MAX_BYTES, Observation

if TYPE_CHECKING:
    import datetime as dt

    from hygie.engines.probing.reach import Network

_TRIES: Final = 2


async def observe(
    host: str, port: int, network: Network, *, now: dt.datetime, address: str | None = None
) -> Observation:
    """Put the question of ``port`` to ``host``.

    Raises:
        ProtocolError: if there is no question for that port.
        OSError, TimeoutError, ForbiddenError: if it cannot be reached or says nothing.
    """
    question = QUESTIONS.get(port)
    if question is None:
        raise ProtocolError(f"aucune question pour le port UDP {port}")
    words: Words | None = None
    sent, data = question.encode(), b""
    try:
        data = await _answer(host, port, network, sent, address)
        words = question.read(data)
    except (ProtocolError, ConnectionRefusedError):
        pass  # nothing listens, or what answers is not that service, or it refuses strangers
    return Observation(
        subject=f"{host}:{port}",
        probe="udp",
        value={
            "answers": words is not None,
            "service": question.service,
            "detail": words.detail if words else "",
            "amplification": round(len(data) / len(sent)) if words else None,
        },
        evidence=data[:EVIDENCE_MAX_BYTES],
        at=now,
        product=words.product if words else None,
        version=words.version if words else None,
    )


async def _answer(
    host: str, port: int, network: Network, sent: bytes, address: str | None
) -> bytes:
    for _ in range(_TRIES - 1):
        try:
            return await network.exchange(host, port, sent, address=address)
        except TimeoutError:
            continue
    return await network.exchange(host, port, sent, address=address)
