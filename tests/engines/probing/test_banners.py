from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygie.engines.probing.banners import BANNER_MAX, Banner, read_banner, strip_telnet

MYSQL = b"\x4a\x00\x00\x00\x0a5.5.62-log\x00\x2a\x00\x00\x00abcdefgh\x00"
ELASTIC = b'HTTP/1.0 200 OK\r\n\r\n{"number":"7.1.0","tagline":"You Know, for Search"}'
RDP_NLA = bytes.fromhex("030000130ed00000123400021f080002000000")


@pytest.mark.parametrize(
    ("data", "service", "product", "version"),
    [
        (b"SSH-2.0-OpenSSH_7.4\r\n", "ssh", "openbsd/openssh", "7.4"),
        (b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", "ssh", "openbsd/openssh", "9.2p1"),
        (b"SSH-2.0-ROSSSH\r\n", "ssh", None, None),
        (b"220 ProFTPD 1.3.5 Server (CH) ready.\r\n", "ftp", "proftpd/proftpd", "1.3.5"),
        (b"220 (vsFTPd 2.3.4)\r\n", "ftp", "vsftpd_project/vsftpd", "2.3.4"),
        (b"220 mx.ch.example ESMTP Exim 4.92 Tue\r\n", "smtp", "exim/exim", "4.92"),
        (b"220 mx.ch.example ESMTP Postfix\r\n", "smtp", "postfix/postfix", None),
        (b"+OK Dovecot ready.\r\n", "pop3", "dovecot/dovecot", None),
        (b"RFB 003.008\n", "vnc", None, None),
        (b"@RSYNCD: 31.0\n", "rsync", None, None),
        (MYSQL, "mysql", "oracle/mysql", "5.5.62"),
        (
            MYSQL.replace(b"5.5.62-log", b"5.5.5-10.3.1-MariaDB"),
            "mysql",
            "mariadb/mariadb",
            "10.3.1",
        ),
        (b"HTTP/1.0 200 OK\r\nServer: Apache/2.4.49\r\n", "http", "apache/http_server", "2.4.49"),
        (
            ELASTIC,
            "http",
            "elastic/elasticsearch",
            "7.1.0",
        ),
        (b"VERSION 1.6.21\r\n", None, "memcached/memcached", "1.6.21"),
        (b"-NOAUTH Authentication required.\r\n", "redis", None, None),
    ],
)
def test_a_greeting_tells_its_service_and_product(
    data: bytes, service: str | None, product: str | None, version: str | None
) -> None:
    banner = read_banner(data)

    assert (banner.service, banner.product, banner.version) == (service, product, version)


def test_remote_desktop_says_its_protection() -> None:
    assert read_banner(RDP_NLA) == Banner("RDP avec NLA", "rdp")
    assert read_banner(bytes.fromhex("0300000b06d00000123400")).text == "RDP"


def test_telnet_negotiation_is_taken_out() -> None:
    data = b"\xff\xfb\x01\xff\xfa\x18\x01\xff\xf0Onduleur\r\nlogin: "

    assert strip_telnet(data) == b"Onduleur\r\nlogin: "
    assert read_banner(data) == Banner("Onduleur login:", "telnet")


def test_what_is_shown_is_printable_short_and_on_one_line() -> None:
    banner = read_banner(b"\x1b[2Jhello\r\n\x00world \xff" + b"a" * 5_000)

    assert banner.text.startswith("[2Jhello world a")
    assert len(banner.text) == BANNER_MAX


def test_a_refused_stranger_still_shows_mysql() -> None:
    data = b"\x40\x00\x00\x00\xff\x6a\x04Host '192.0.2.1' is not allowed to connect"

    assert read_banner(data).service == "mysql"


@given(data=st.binary(max_size=120) | st.binary(max_size=80).map(lambda b: b"\xff\xfd" + b))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_a_banner(data: bytes) -> None:
    banner = read_banner(data)

    assert len(banner.text) <= BANNER_MAX
    assert banner.text.isprintable()
