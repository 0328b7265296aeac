"""Macros of SPF (RFC 7208 section 7): ``%{ir}.%{v}._spf.%{d2}``."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

if TYPE_CHECKING:
    import datetime as dt

    from hygie.engines.probing.spf_record import Address

NAME_MAX: Final = 253
_MACRO: Final = re.compile(
    r"%(?:(?P<literal>[%_-])|\{(?P<letter>[slodiphcrtv])(?P<parts>[0-9]{0,9})(?P<reverse>r?)"
    r"(?P<delimiters>[.\-+,/_=]*)\})",
    re.IGNORECASE,
)
_LITERALS: Final = {"%": "%", "_": " ", "-": "%20"}


@dataclass(frozen=True, slots=True)
class MacroValues:
    """What the letters stand for, for one message and one current domain.

    ``validated_name`` is ``%{p}``: resolved beforehand only where a macro wants it.
    """

    ip: Address
    domain: str
    sender: str
    helo: str
    validated_name: str = "unknown"
    receiver: str = "unknown"
    at: dt.datetime | None = None

    def of(self, letter: str) -> str:
        """Return the value of one letter, lower case."""
        local, _, sender_domain = self.sender.rpartition("@")
        return {
            "s": self.sender,
            "l": local,
            "o": sender_domain,
            "d": self.domain,
            "i": _dotted(self.ip),
            "p": self.validated_name,
            "v": "ip6" if isinstance(self.ip, ipaddress.IPv6Address) else "in-addr",
            "h": self.helo,
            "c": str(self.ip),
            "r": self.receiver,
            "t": str(int(self.at.timestamp())) if self.at else "0",
        }[letter]


def _dotted(ip: Address) -> str:
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    return ".".join(f"{int(ip):032x}")


def wants_validated_name(text: str) -> bool:
    """Tell whether expanding ``text`` needs ``%{p}``."""
    return "%{p" in text.lower()


def expand(text: str, values: MacroValues) -> str:
    """Return ``text`` with its macros replaced."""

    def one(match: re.Match[str]) -> str:
        if match["literal"]:
            return _LITERALS[match["literal"]]
        letter = match["letter"]
        value = _transform(
            values.of(letter.lower()),
            parts=int(match["parts"] or 0),
            reverse=bool(match["reverse"]),
            delimiters=match["delimiters"] or ".",
        )
        return quote(value, safe="-._~") if letter.isupper() else value

    return _MACRO.sub(one, text)


def _transform(value: str, *, parts: int, reverse: bool, delimiters: str) -> str:
    pieces = re.split(f"[{re.escape(delimiters)}]", value)
    if reverse:
        pieces.reverse()
    return ".".join(pieces[-parts:] if parts else pieces)


def expand_name(text: str, values: MacroValues) -> str:
    """Return the domain name ``text`` stands for, shortened from the left to fit (section 7.3)."""
    name = expand(text, values).rstrip(".")
    while len(name) > NAME_MAX and "." in name:
        name = name.partition(".")[2]
    return name
