"""Read what services say first, and which product says it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

BANNER_MAX: Final = 256
_IAC, _SB, _SE = 255, 250, 240


@dataclass(frozen=True, slots=True)
class Banner:
    """What a greeting tells.

    Attributes:
        text: printable, on one line, at most BANNER_MAX characters.
        service: the protocol the greeting itself shows, None when it shows none.
        product: CPE ``vendor/product``, None when unknown.
        version: as written, None when not stated.
    """

    text: str
    service: str | None = None
    product: str | None = None
    version: str | None = None


_VERSION: Final = r"([0-9]+(?:\.[0-9A-Za-z]+)+(?:p[0-9]+)?)"

# First match wins. Product names are those under which vulnerabilities are published.
_PRODUCTS: Final[tuple[tuple[str, str], ...]] = (
    (r"^SSH-[0-9.]+-OpenSSH_([0-9][0-9.]*(?:p[0-9]+)?)", "openbsd/openssh"),
    (r"^SSH-[0-9.]+-dropbear_([0-9.]+)", "dropbear_ssh_project/dropbear_ssh"),
    (rf"\bProFTPD {_VERSION}", "proftpd/proftpd"),
    (rf"\bvsFTPd {_VERSION}", "vsftpd_project/vsftpd"),
    (rf"\bPure-FTPd(?: {_VERSION})?", "pureftpd/pure-ftpd"),
    (rf"\bFileZilla Server(?: version)? {_VERSION}", "filezilla-project/filezilla_server"),
    (rf"\bServ-U (?:FTP Server )?v?{_VERSION}", "solarwinds/serv-u"),
    (r"\bMicrosoft FTP Service\b()", "microsoft/internet_information_services"),
    (rf"\bExim {_VERSION}", "exim/exim"),
    (rf"\bESMTP Postfix(?: \(?{_VERSION})?", "postfix/postfix"),
    (rf"\bSendmail {_VERSION}", "proofpoint/sendmail"),
    (rf"\bMicrosoft ESMTP MAIL Service(?:,? Version: {_VERSION})?", "microsoft/exchange_server"),
    (rf"\bDovecot(?: {_VERSION})?", "dovecot/dovecot"),
    (rf"\bServer: Apache/{_VERSION}", "apache/http_server"),
    (rf"\bServer: nginx/{_VERSION}", "f5/nginx"),
    (rf"\bServer: CouchDB/{_VERSION}", "apache/couchdb"),
    (rf"\bServer: MiniServ/{_VERSION}", "webmin/webmin"),
    (rf"\bServer: CUPS/{_VERSION}", "openprinting/cups"),
    (rf"\bServer: Docker/{_VERSION}", "docker/docker"),
    (rf"^VERSION {_VERSION}", "memcached/memcached"),
)
_COMPILED: Final = tuple((re.compile(pattern), product) for pattern, product in _PRODUCTS)
_ELASTIC: Final = re.compile(rb"\"number\"\s*:\s*\"([0-9.]{3,20})\"")

_SERVICES: Final[tuple[tuple[bytes, str], ...]] = (
    (rb"SSH-[12]\.", "ssh"),
    (rb"RFB [0-9]{3}\.[0-9]{3}", "vnc"),
    (rb"@RSYNCD:", "rsync"),
    (rb"\+OK ", "pop3"),
    (rb"\* OK ", "imap"),
    (rb"220[ -][^\n]{0,200}(?:ESMTP|SMTP)", "smtp"),
    (rb"220[ -][^\n]{0,200}FTP", "ftp"),
    (rb"HTTP/1\.[01] [1-5]", "http"),
    (rb"\x03\x00\x00[\x0b-\x40].\xd0", "rdp"),
    (rb"(?:\+PONG|-NOAUTH|-DENIED)", "redis"),
)


def read_banner(data: bytes) -> Banner:
    """Return what ``data``, the first bytes of a service, tells; any bytes are accepted."""
    if (mysql := _read_mysql(data)) is not None:
        return mysql
    service = next((name for sign, name in _SERVICES if re.match(sign, data, re.DOTALL)), None)
    if service == "rdp":
        return Banner(_rdp_security(data), "rdp")
    if data[:1] == b"\xff" and len(data) > 2 and data[1] >= _SE:  # noqa: PLR2004 - one command
        service = "telnet"
        data = strip_telnet(data)
    full = data.decode("utf-8", "replace")
    product, version = _product(full, data)
    return Banner(_printable(full), service, product, version)


def strip_telnet(data: bytes) -> bytes:
    """Return what a person would see: option negotiation taken out (RFC 854)."""
    shown = bytearray()
    position = 0
    while position < len(data):
        byte = data[position]
        if byte != _IAC:
            shown.append(byte)
            position += 1
        elif data[position + 1 : position + 2] == bytes([_SB]):
            end = data.find(bytes([_IAC, _SE]), position)
            position = len(data) if end < 0 else end + 2
        else:
            position += 3
    return bytes(shown)


def _product(text: str, data: bytes) -> tuple[str | None, str | None]:
    for pattern, product in _COMPILED:
        if match := pattern.search(text):
            return product, match[1] or None
    if b"You Know, for Search" in data and (number := _ELASTIC.search(data)):
        return "elastic/elasticsearch", number[1].decode()
    return None, None


def _read_mysql(data: bytes) -> Banner | None:
    """Read a MySQL greeting (Protocol::HandshakeV10) or the error sent to strangers."""
    if len(data) < 6 or data[3] != 0:  # noqa: PLR2004 - header and first byte
        return None
    if data[4] == 0xFF and b"is not allowed to connect" in data:  # noqa: PLR2004 - error packet
        return Banner(_printable(data[7:].decode("utf-8", "replace")), "mysql")
    end = data.find(b"\0", 5, 5 + BANNER_MAX)
    if data[4] != 10 or end < 0 or not data[5:end].isascii():  # noqa: PLR2004 - protocol 10
        return None
    text = data[5:end].decode("ascii")
    match = re.match(r"(?:5\.5\.5-)?([0-9]+(?:\.[0-9]+)+)", text)
    if match is None:
        return None
    maria = "mariadb" in text.lower()
    return Banner(
        _printable(text), "mysql", "mariadb/mariadb" if maria else "oracle/mysql", match[1]
    )


def _rdp_security(data: bytes) -> str:
    """Say which protection the server chose (MS-RDPBCGR 2.2.1.2.1)."""
    chosen = data[15] if len(data) > 18 and data[11] == 2 else None  # noqa: PLR2004 - offsets
    names = {0: "RDP sans TLS", 1: "RDP sur TLS", 2: "RDP avec NLA", 8: "RDP avec NLA"}
    return names.get(chosen, "RDP") if chosen is not None else "RDP"


def _printable(text: str) -> str:
    text = text.replace("\N{REPLACEMENT CHARACTER}", " ")
    shown = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(shown.split())[:BANNER_MAX]
