"""A mail server that greets, offers STARTTLS or not, and takes no mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hygie.lab.certificates import TlsSettings
from hygie.lab.servers.call import answering

if TYPE_CHECKING:
    from hygie.lab.servers.call import Call, Line

_MAX_COMMANDS: Final = 20


@dataclass(frozen=True, slots=True)
class SmtpSettings(TlsSettings):
    """What the server says.

    Attributes:
        greeting: what follows the host name in the first line.
        starttls: offer STARTTLS (RFC 3207).
    """

    greeting: str = "ESMTP"
    starttls: bool = True


async def serve(call: Call) -> None:
    """Hold one SMTP conversation (RFC 5321), short and without mail."""
    settings = SmtpSettings(**call.settings)
    async with answering(call) as line:
        await line.send(f"220 {call.host} {settings.greeting}\r\n".encode())
        encrypted = False
        for _ in range(_MAX_COMMANDS):
            verb = (await line.reader.readuntil(b"\n")).strip().upper().partition(b" ")[0]
            if verb == b"QUIT":
                await line.send(b"221 2.0.0 Au revoir\r\n")
                return
            if verb == b"STARTTLS" and settings.starttls and not encrypted:
                await _encrypt(line, call)
                encrypted = True
                continue
            offered = settings.starttls and not encrypted
            await line.send(_reply(verb, call.host, starttls=offered))


async def _encrypt(line: Line, call: Call) -> None:
    await line.send(b"220 2.0.0 Ready to start TLS\r\n")
    await line.start_tls(call.tls_context())


def _reply(verb: bytes, host: str, *, starttls: bool) -> bytes:
    if verb == b"HELO":
        return f"250 {host}\r\n".encode()
    if verb == b"EHLO":
        features = [host, "SIZE 10485760", *(["STARTTLS"] if starttls else []), "8BITMIME"]
        marks = ["-"] * (len(features) - 1) + [" "]
        text = "".join(f"250{m}{f}\r\n" for m, f in zip(marks, features, strict=True))
        return text.encode()
    if verb in (b"NOOP", b"RSET"):
        return b"250 2.0.0 Ok\r\n"
    return b"502 5.5.1 Commande sans objet dans ce laboratoire\r\n"
