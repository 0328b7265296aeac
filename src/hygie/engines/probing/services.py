"""Whether a port is open, and what speaks there.

Value: open, service (what the greeting shows, else what ``ports.SERVICES`` expects), banner
(first words, printable, empty when none or not asked).

At most one harmless question (``ports.Service.question``), else we only listen. A refused
connection is a fact: the machine was reached and the port is closed. Silence is NotObserved.
Evidence: the bytes received.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hygie.engines.probing.banners import Banner, read_banner
from hygie.engines.probing.errors import ProtocolError
from hygie.engines.probing.ports import SERVICES, Service
from hygie.vocabulary.facts import EVIDENCE_MAX_BYTES, Observation

if TYPE_CHECKING:
    import datetime as dt

    from hygie.engines.probing.network import Network

_GREETING_S: Final = 1.5
_GREETING_MAX_BYTES: Final = 2_048
_UNKNOWN: Final = Service("inconnu")


async def observe(
    host: str, port: int, network: Network, *, now: dt.datetime, address: str | None = None
) -> Observation:
    """Connect to ``host:port`` and read its first words.

    Raises:
        OSError, TimeoutError: if the machine does not answer.
        ForbiddenError: if the guard refuses.
    """
    service = SERVICES.get(port, _UNKNOWN)
    try:
        data = await _first_words(host, port, service, network, address)
    except ConnectionRefusedError:
        return _observation(f"{host}:{port}", service, None, now)
    return _observation(f"{host}:{port}", service, data, now)


async def _first_words(
    host: str, port: int, service: Service, network: Network, address: str | None
) -> bytes:
    async with await network.open(host, port, address=address) as connection:
        if not service.listens:
            return b""
        try:
            if service.question:
                await connection.write(service.question)
            return await connection.read_greeting(_GREETING_MAX_BYTES, wait_s=_GREETING_S)
        except (ConnectionError, ProtocolError):
            return b""  # it accepted the connection, then hung up: open, and says nothing


def _observation(
    subject: str, service: Service, data: bytes | None, now: dt.datetime
) -> Observation:
    banner = read_banner(data) if data else Banner("")
    # HTTP carries many services: the port then says more than the greeting.
    shown = None if banner.service == "http" and service is not _UNKNOWN else banner.service
    return Observation(
        subject=subject,
        probe="tcp",
        value={
            "open": data is not None,
            "service": shown or service.name,
            "banner": banner.text,
        },
        evidence=(data or b"")[:EVIDENCE_MAX_BYTES],
        at=now,
        confidence=1.0 if banner.service or data is None else 0.7,
        product=banner.product,
        version=banner.version,
    )
