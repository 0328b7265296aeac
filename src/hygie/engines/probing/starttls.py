"""How a mail server encrypts once STARTTLS is asked for: versions, suite, certificate.

Value: offered (STARTTLS is offered), then the keys of ``tls`` (accepted, rejected, undetermined,
cipher, forward_secrecy, certificate), null or empty when it is not offered.

One conversation up to STARTTLS for each version, one full handshake; no mail is begun.
Evidence: the server's reply at the highest version accepted. Source: RFC 3207.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hygie.engines.probing.smtp import begin_tls
from hygie.engines.probing.tls import tls_facts
from hygie.engines.probing.tls_ask import Door
from hygie.vocabulary.facts import EVIDENCE_MAX_BYTES, Json, Observation

if TYPE_CHECKING:
    import datetime as dt

    from hygie.engines.probing.network import Network

_NOT_OFFERED: Final[dict[str, Json]] = {
    "accepted": [],
    "rejected": [],
    "undetermined": [],
    "cipher": None,
    "forward_secrecy": None,
    "certificate": None,
}


async def observe(
    host: str, port: int, network: Network, *, now: dt.datetime, address: str | None = None
) -> Observation:
    """Ask the mail server at ``host:port`` what it encrypts with.

    Raises:
        ProtocolError: if it does not speak SMTP, or never TLS after STARTTLS.
        OSError, TimeoutError, ForbiddenError: if it cannot be reached or says nothing.
    """
    async with await network.open(host, port, address=address) as line:
        offered = await begin_tls(line)
    facts, evidence = _NOT_OFFERED, b""
    if offered:
        facts, evidence = await tls_facts(
            Door(host, port, network, address, starttls=True), now=now
        )
    return Observation(
        subject=f"{host}:{port}",
        probe="starttls",
        value={"offered": offered, **facts},
        evidence=evidence[:EVIDENCE_MAX_BYTES],
        at=now,
    )
