from __future__ import annotations

import ssl
import warnings
from typing import TYPE_CHECKING

import pytest

from hygie.lab.network import State
from hygie.lab.servers.http import HttpSettings, respond

if TYPE_CHECKING:
    import socket

    from tests.lab.conftest import Lab

GET = b"GET %s HTTP/1.1\r\nHost: lab\r\n\r\n"


def ask(line: socket.socket, path: bytes = b"/") -> str:
    with line:
        line.sendall(GET % path)
        return b"".join(iter(lambda: line.recv(65_536), b"")).decode()


def old_client(version: ssl.TLSVersion) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = version
        context.maximum_version = version
    return context


def test_a_good_site_is_trusted_and_sends_every_header(lab: Lab) -> None:
    page = ask(lab.connect_tls("www.ehpad-acheloos.example:443")).lower()

    assert page.startswith("http/1.1 200 ok\r\n")
    for header in (
        "strict-transport-security: max-age=31536000",
        "content-security-policy:",
        "x-content-type-options: nosniff",
        "referrer-policy:",
    ):
        assert header in page


def test_a_good_site_sends_plain_visitors_to_tls(lab: Lab) -> None:
    page = ask(lab.connect("www.ehpad-acheloos.example:80"), b"/soins?x=1")

    assert page.startswith("HTTP/1.1 301 ")
    assert "Location: https://www.ehpad-acheloos.example/soins\r\n" in page


def test_what_is_broken_is_repaired_at_the_next_connection(lab: Lab) -> None:
    before = ask(lab.connect_tls("vpn.ch-val-hygie.example:443"))
    lab.turn("vpn-ch-val-hygie", State.FIXED)
    after = ask(lab.connect_tls("vpn.ch-val-hygie.example:443"))

    assert "FortiOS 6.0.4" in before
    assert "FortiOS 7.4.11" in after


@pytest.mark.parametrize(
    ("service", "mark"),
    [
        ("vpn.ch-val-hygie.example:443", "Server: xxxxxxxx-xxxxx"),
        ("webmail.ch-val-hygie.example:443", "X-OWA-Version: 15.1.2044.4"),
        ("acces.chr-machaon.example:443", "NetScaler NS13.0: Build 58.32"),
        ("vpn.ch-port-asclepios.example:443", "Pulse Connect Secure 9.0R1"),
        ("support.ch-iaso.example:443", "GLPI 10.0.2"),
        ("www.chs-epione.example:443", "<title>Index of /</title>"),
        ("www.chs-epione.example:443", "Server: Apache/2.4.49 (Unix)"),
        ("patient.ch-port-asclepios.example:443", "Set-Cookie: JSESSIONID=invente; Path=/\r\n"),
        ("mta-sts.ch-val-hygie.example:443", "mx: mail.ch-val-hygie.example\r\n"),
    ],
)
def test_each_product_shows_its_mark(lab: Lab, service: str, mark: str) -> None:
    page = ask(lab.connect_tls(service, old_client(ssl.TLSVersion.TLSv1_2)))

    assert mark in page


@pytest.mark.parametrize(
    ("service", "complaint"),
    [
        ("webmail.ch-val-hygie.example:443", "expired"),
        ("www.tilleuls-hygie.example:443", "Hostname mismatch"),
        ("www.chs-epione.example:443", "self-signed"),
        ("support.ch-iaso.example:443", "EE certificate key too weak|ee key too small"),
    ],
)
def test_a_bad_certificate_is_refused_by_a_careful_client(
    lab: Lab, service: str, complaint: str
) -> None:
    with pytest.raises(ssl.SSLError, match=complaint):
        lab.connect_tls(service)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_old_tls_is_accepted_where_it_is_the_weakness_and_nowhere_else(
    lab: Lab, version: ssl.TLSVersion
) -> None:
    with lab.connect_tls("www.ch-panacee.example:443", old_client(version)) as line:
        assert line.version() == version.name.replace("v1_", "v1.")
    with pytest.raises(ssl.SSLError):
        lab.connect_tls("www.ehpad-acheloos.example:443", old_client(version))

    lab.turn("tls-ch-panacee", State.FIXED)
    with pytest.raises(ssl.SSLError):
        lab.connect_tls("www.ch-panacee.example:443", old_client(version))


def test_security_txt_is_there_or_not() -> None:
    path = "/.well-known/security.txt"

    with_it = respond("GET", path, "www.x.example", HttpSettings(security_txt=True))
    without = respond("GET", path, "www.x.example", HttpSettings())

    assert b"Contact: mailto:securite@www.x.example" in with_it
    assert without.startswith(b"HTTP/1.1 404 ")


def test_head_gets_the_same_head_and_no_body() -> None:
    whole = respond("GET", "/", "www.x.example", HttpSettings())
    head = respond("HEAD", "/", "www.x.example", HttpSettings())

    assert head == whole.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"


def test_a_name_that_tries_to_write_html_is_escaped() -> None:
    page = respond("GET", "/", "<script>", HttpSettings(page="fortinet", version="<b>"))

    assert b"<b>" not in page.partition(b"\r\n\r\n")[2]
