"""The first words of an SMTP conversation, no mail begun. Source: RFC 5321, RFC 3207."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hygie.engines.probing.errors import ProtocolError

if TYPE_CHECKING:
    from hygie.engines.probing.connection import Stream

_LINES_MAX: Final = 100
_LINE_MAX_BYTES: Final = 2_048
_REPLY: Final = re.compile(r"([2-5][0-9]{2})([ -]?)(.*)", re.DOTALL)
# Says what we are without claiming a name that is not ours (RFC 2606).
_GREETING: Final = b"EHLO hygie.invalid\r\n"


async def offers_starttls(stream: Stream) -> bool:
    """Tell whether the server offers STARTTLS, then leave; no message is begun.

    Raises:
        ProtocolError: if it does not speak SMTP.
    """
    code, _ = await _reply(stream)
    if code != 220:  # noqa: PLR2004 - ready
        raise ProtocolError("le serveur de messagerie n’accepte pas la conversation")
    await stream.write(_GREETING)
    code, lines = await _reply(stream)
    await stream.write(b"QUIT\r\n")
    return code == 250 and "STARTTLS" in extensions(lines)  # noqa: PLR2004 - done


def extensions(lines: list[str]) -> set[str]:
    """Return the keywords of an EHLO reply, upper case; its first line is the server's name."""
    return {line.split()[0].upper() for line in lines[1:] if line.split()}


async def _reply(stream: Stream) -> tuple[int, list[str]]:
    lines: list[str] = []
    for _ in range(_LINES_MAX):
        code, last, text = read_line(await stream.read_until(b"\n", limit=_LINE_MAX_BYTES))
        lines.append(text)
        if last:
            return code, lines
    raise ProtocolError("le serveur de messagerie parle sans fin")


def read_line(data: bytes) -> tuple[int, bool, str]:
    """Return (code, whether it is the last line of the reply, text).

    Raises:
        ProtocolError: if it is not a line of an SMTP reply.
    """
    match = _REPLY.fullmatch(data.decode("utf-8", "replace").rstrip("\r\n"))
    if match is None:
        raise ProtocolError("le service ne parle pas SMTP")
    return int(match[1]), match[2] != "-", match[3]


async def begin_tls(stream: Stream) -> bool:
    """Ask for STARTTLS and stop where TLS begins; False when the server does not offer it.

    Raises:
        ProtocolError: if it does not speak SMTP, or offers STARTTLS and then refuses it.
    """
    code, _ = await _reply(stream)
    if code != 220:  # noqa: PLR2004 - ready
        raise ProtocolError("le serveur de messagerie n’accepte pas la conversation")
    await stream.write(_GREETING)
    code, lines = await _reply(stream)
    if code != 250 or "STARTTLS" not in extensions(lines):  # noqa: PLR2004 - done
        return False
    await stream.write(b"STARTTLS\r\n")
    code, _ = await _reply(stream)
    if code != 220:  # noqa: PLR2004 - ready
        raise ProtocolError("le serveur de messagerie refuse STARTTLS après l’avoir proposé")
    return True
