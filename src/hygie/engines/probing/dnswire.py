"""Questions and answers of the DNS as bytes: the plain ones read here, quickly, without trust.

``read_plain`` reads what hospitals' zones are nearly always made of and returns None for anything
else, or anything odd: the caller then lets dnspython decide. Names are read backwards only, so a
compression loop cannot turn for ever. Sources: RFC 1035 section 4, RFC 6891, RFC 2308.
"""

from __future__ import annotations

import re
import secrets
import struct
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import dns.exception
import dns.ipv6
import dns.name
import dns.rcode
import dns.rdatatype

from hygie.engines.probing.errors import ProtocolError

if TYPE_CHECKING:
    from collections.abc import Callable

HEADER_BYTES: Final = 12
MAX_RECORDS: Final = 512
ALIASES_MAX: Final = 16
_PAYLOAD: Final = 1232  # avoids fragments, https://www.dnsflagday.net/2020/
_NAME_MAX: Final = 255
_SECTION_MAX: Final = 1024
_IN: Final = 1
_A, _NS, _CNAME, _SOA, _PTR, _MX, _TXT, _AAAA, _OPT = 1, 2, 5, 6, 12, 15, 16, 28, 41
_AUTHENTIC, _AUTHORITATIVE = 0x0020, 0x0400
_PLAIN_NAME: Final = re.compile(r"(?:[A-Za-z0-9_*-]{1,63}\.)*[A-Za-z0-9_*-]{1,63}\.?")
_PLAIN_LABEL: Final = re.compile(rb"[A-Za-z0-9_*-]+")
_FIXED: Final = struct.Struct(">HHIH")
_HEADER: Final = struct.Struct(">HHHHHH")
_RCODES: Final = {0: "NOERROR", 1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP"}


@dataclass(frozen=True, slots=True)
class DnsAnswer:
    """What the DNS says of one name and one type.

    Attributes:
        rcode: ``NOERROR``, ``NXDOMAIN``, ``SERVFAIL``, ``REFUSED``...
        records: the values, aliases followed: addresses as text, names in lower case without
            final dot, TXT with its strings joined, MX as ``10 mail.example``, others in
            presentation format.
        aliases: names the CNAME records lead to, in order.
        authenticated: the resolver vouches for DNSSEC (AD bit).
        wire: the message itself, as evidence.
        authoritative: the server says that the zone is its own (AA bit).
        denied_by: zone whose SOA record states that there is nothing (RFC 2308), else None.
    """

    rcode: str
    records: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    authenticated: bool = False
    wire: bytes = b""
    authoritative: bool = False
    denied_by: str | None = None

    @property
    def exists(self) -> bool:
        """Tell whether the name has at least one record of this type."""
        return bool(self.records)

    @property
    def failed(self) -> bool:
        """Tell whether the servers could not say (neither a value nor its absence)."""
        return self.rcode not in ("NOERROR", "NXDOMAIN")


def encode_query(
    name: str, rdtype: str, *, checking_disabled: bool = False, recursive: bool = True
) -> bytes:
    """Return a query; with ``checking_disabled`` it also wants the signatures.

    Raises:
        ProtocolError: if ``name`` cannot be a domain name or ``rdtype`` is unknown.
    """
    flags = (0x0100 if recursive else 0) | (0x0010 if checking_disabled else 0)
    header = _HEADER.pack(secrets.randbelow(0x10000), flags, 1, 0, 0, 1)
    signatures = 0x8000 if checking_disabled else 0
    edns = struct.pack(">BHHHHH", 0, _OPT, _PAYLOAD, 0, signatures, 0)
    return header + _question(name, rdtype) + edns


@lru_cache(maxsize=4096)
def _question(name: str, rdtype: str) -> bytes:
    try:
        kind = dns.rdatatype.from_text(rdtype)
        wire = _plain_wire(name) or dns.name.from_text(name).to_wire() or b""
    except (dns.exception.DNSException, UnicodeError, ValueError) as error:
        raise ProtocolError(f"« {name[:80]} » n’est pas un nom de domaine") from error
    return wire + struct.pack(">HH", kind, _IN)


def _plain_wire(name: str) -> bytes | None:
    if len(name) >= _NAME_MAX - 1 or not _PLAIN_NAME.fullmatch(name):
        return None
    labels = name.rstrip(".").encode("ascii").split(b".")
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


class _OddError(Exception):
    """Not plain, or not right: somebody else must read it."""


def read_plain(query: bytes, wire: bytes) -> DnsAnswer | None:
    """Read the answer to ``query``; None when it is not a plain one."""
    try:
        return _read_plain(query, wire)
    except (_OddError, IndexError, struct.error, ValueError):
        return None


def _read_plain(query: bytes, wire: bytes) -> DnsAnswer:
    _, flags, questions, answers, authorities, others = _HEADER.unpack_from(wire)
    asked, position = _read_name(query, HEADER_BYTES)
    kind = int.from_bytes(query[position : position + 2], "big")
    end = position + 4
    same = wire[HEADER_BYTES:end].lower() == query[HEADER_BYTES:end].lower()
    known = kind in _READERS or not answers  # an empty answer is read whatever was asked
    if questions != 1 or wire[:2] != query[:2] or not same or not known:
        raise _OddError
    if max(answers, authorities, others) > _SECTION_MAX:
        raise _OddError
    rows, end = _read_rows(wire, end, answers, kind)
    denied_by, end = _read_authority(wire, end, authorities)
    rcode = (flags & 0xF) | _extended_code(wire, end, others) << 4
    aliases = _follow(asked, rows)
    name = aliases[-1] if aliases and kind != _CNAME else asked
    found = dict.fromkeys(value for owner, code, value in rows if code == kind and owner == name)
    records = tuple(found)[:MAX_RECORDS]
    return DnsAnswer(
        rcode=_RCODES.get(rcode) or dns.rcode.to_text(dns.rcode.Rcode.make(rcode)),
        records=records,
        aliases=() if kind == _CNAME else tuple(aliases),
        authenticated=bool(flags & _AUTHENTIC),
        wire=wire,
        authoritative=bool(flags & _AUTHORITATIVE),
        denied_by=None if records else denied_by,
    )


def _read_rows(
    wire: bytes, position: int, count: int, kind: int
) -> tuple[list[tuple[str, int, str]], int]:
    rows: list[tuple[str, int, str]] = []
    for _ in range(count):
        owner, position = _read_name(wire, position)
        code, space, _ttl, length = _FIXED.unpack_from(wire, position)
        position += 10
        end = position + length
        if end > len(wire) or space != _IN:
            raise _OddError
        if code in (kind, _CNAME):
            rows.append((owner, code, _READERS[code](wire, position, end)))
        position = end
    return rows, position


def _follow(name: str, rows: list[tuple[str, int, str]]) -> list[str]:
    targets = {owner: value for owner, code, value in rows if code == _CNAME}
    aliases: list[str] = []
    while name in targets and len(aliases) < ALIASES_MAX:
        name = targets[name]
        aliases.append(name)
    return aliases


def _read_authority(wire: bytes, position: int, count: int) -> tuple[str | None, int]:
    """Return the owner of the SOA record, if there is one, and where the section ends."""
    denied_by: str | None = None
    for _ in range(count):
        owner, position = _read_name(wire, position)
        code, _space, _ttl, length = _FIXED.unpack_from(wire, position)
        if code == _SOA:
            denied_by = owner
        position += 10 + length
    return denied_by, position


def _extended_code(wire: bytes, position: int, count: int) -> int:
    """Return the upper bits of the result code, which the OPT record carries."""
    for _ in range(count):
        if wire[position] == 0:
            code, _space, ttl, length = _FIXED.unpack_from(wire, position + 1)
            if code == _OPT:
                return int(ttl >> 24)
            position += 11 + length
        else:
            _, position = _read_name(wire, position)
            position += 10 + int(_FIXED.unpack_from(wire, position)[3])
    return 0


def _read_name(wire: bytes, position: int) -> tuple[str, int]:
    """Return a name, lower case without final dot, and where what follows it begins."""
    labels: list[str] = []
    after = 0
    lowest = position
    while (length := wire[position]) != 0:
        if length >= 0xC0:  # noqa: PLR2004 - a pointer, RFC 1035 section 4.1.4
            after = after or position + 2
            position = (length & 0x3F) << 8 | wire[position + 1]
            if position >= lowest:
                raise _OddError
            lowest = position
            continue
        label = wire[position + 1 : position + 1 + length]
        if length > 63 or len(label) != length or not _PLAIN_LABEL.fullmatch(label):  # noqa: PLR2004
            raise _OddError
        labels.append(label.decode("ascii").lower())
        position += 1 + length
    name = ".".join(labels)
    if len(name) > _NAME_MAX - 2:
        raise _OddError
    return name or ".", after or position + 1


def _ipv4(wire: bytes, start: int, end: int) -> str:
    if end - start != 4:  # noqa: PLR2004 - bytes of an address
        raise _OddError
    return "{}.{}.{}.{}".format(*wire[start:end])


def _ipv6(wire: bytes, start: int, end: int) -> str:
    return dns.ipv6.inet_ntoa(wire[start:end])


def _name(wire: bytes, start: int, end: int) -> str:
    name, after = _read_name(wire, start)
    if after != end:
        raise _OddError
    return name


def _mail_server(wire: bytes, start: int, end: int) -> str:
    return f"{int.from_bytes(wire[start : start + 2], 'big')} {_name(wire, start + 2, end)}"


def _text(wire: bytes, start: int, end: int) -> str:
    parts: list[bytes] = []
    while start < end:
        length = wire[start]
        parts.append(wire[start + 1 : start + 1 + length])
        start += 1 + length
    if start != end or not parts:
        raise _OddError
    return b"".join(parts).decode("utf-8", "replace")


_READERS: Final[dict[int, Callable[[bytes, int, int], str]]] = {
    _A: _ipv4,
    _AAAA: _ipv6,
    _NS: _name,
    _CNAME: _name,
    _PTR: _name,
    _MX: _mail_server,
    _TXT: _text,
}
