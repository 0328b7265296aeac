"""Indicators of compromise: kinds, their check, and how each format names them.

Sources: STIX 2.1 section 9 (patterning) and section 6 (cyber-observable objects),
https://www.misp-standard.org/rfc/misp-standard-core.html section 2.4.2.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from hygie.vocabulary.errors import InputError

if TYPE_CHECKING:
    import datetime as dt

VALUE_MAX_CHARS: Final = 2048


class IndicatorKind(StrEnum):
    """What a value is."""

    IPV4 = "ipv4"
    IPV6 = "ipv6"
    DOMAIN = "domain"
    URL = "url"
    EMAIL = "email"
    MD5 = "md5"
    SHA1 = "sha1"
    SHA256 = "sha256"
    FILENAME = "filename"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One value to look for.

    Attributes:
        seen_at: aware, since when it is known.
        until: aware end of life; None while it has none.
    """

    kind: IndicatorKind
    value: str
    seen_at: dt.datetime
    until: dt.datetime | None = None
    comment: str = ""


_HOST: Final = r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9-]{2,63}"
_SHAPES: Final = {
    IndicatorKind.DOMAIN: re.compile(_HOST, re.IGNORECASE),
    IndicatorKind.URL: re.compile(r"[a-z][a-z0-9+.-]{1,15}://[^\s]+", re.IGNORECASE),
    IndicatorKind.EMAIL: re.compile(rf"[^\s@<>\"]{{1,64}}@{_HOST}", re.IGNORECASE),
    IndicatorKind.MD5: re.compile(r"[0-9a-f]{32}", re.IGNORECASE),
    IndicatorKind.SHA1: re.compile(r"[0-9a-f]{40}", re.IGNORECASE),
    IndicatorKind.SHA256: re.compile(r"[0-9a-f]{64}", re.IGNORECASE),
    IndicatorKind.FILENAME: re.compile(r"[^\x00-\x1f]+"),
}
_LOWERED: Final = frozenset(set(_SHAPES) - {IndicatorKind.URL, IndicatorKind.FILENAME})
# How analysts keep a mail or a chat from making a link of it.
_DEFANGED: Final = (("[.]", "."), ("(.)", "."), ("[:]", ":"), ("[@]", "@"), ("hxxp", "http"))


def normal_value(kind: IndicatorKind, text: str) -> str:
    """Return the one spelling of a value, ``evil[.]example`` read as ``evil.example``.

    Raises:
        InputError: if it cannot be a value of this kind.
    """
    value = text.strip()
    for written, meant in _DEFANGED:
        value = value.replace(written, meant)
    if not 0 < len(value) <= VALUE_MAX_CHARS:
        raise InputError(f"indicateur vide ou de plus de {VALUE_MAX_CHARS} caractères")
    if kind in (IndicatorKind.IPV4, IndicatorKind.IPV6):
        return _address(kind, value)
    if not _SHAPES[kind].fullmatch(value):
        raise InputError(f"« {value[:60]} » n’est pas un indicateur de type {kind}")
    return value.lower() if kind in _LOWERED else value


def _address(kind: IndicatorKind, value: str) -> str:
    """Return an address or a network of the wanted family."""
    try:
        network = ipaddress.ip_network(value, strict=False)
    except ValueError as error:
        raise InputError(f"« {value[:60]} » n’est pas une adresse IP") from error
    if network.version != (4 if kind is IndicatorKind.IPV4 else 6):
        raise InputError(f"« {value[:60]} » n’est pas une adresse de type {kind}")
    whole = network.prefixlen == network.max_prefixlen
    return str(network.network_address) if whole else str(network)


_HASHES: Final = {32: IndicatorKind.MD5, 40: IndicatorKind.SHA1, 64: IndicatorKind.SHA256}


def kind_of(text: str) -> IndicatorKind | None:
    """Guess what a bare value is; None when nothing but a file name fits."""
    for kind in (
        *(_HASHES[size] for size in [len(text.strip())] if size in _HASHES),
        IndicatorKind.IPV4,
        IndicatorKind.IPV6,
        IndicatorKind.URL,
        IndicatorKind.EMAIL,
        IndicatorKind.DOMAIN,
    ):
        try:
            normal_value(kind, text)
        except InputError:
            continue
        return kind
    return None
