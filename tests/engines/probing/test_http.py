from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.engines.probing.peers import (
    HOST,
    NOW,
    Authority,
    answering,
    lab,
    run,
    server_context,
    serving,
)

from hygie.engines.probing import http
from hygie.engines.probing.errors import ProtocolError
from hygie.engines.probing.http_reader import read_response

if TYPE_CHECKING:
    import asyncio
    from pathlib import Path

    from hygie.vocabulary.facts import Observation


def facts(*headers: str, scheme: str = "https", status: int = 200, body: str = "") -> Any:  # noqa: ANN401
    head = "\r\n".join([f"HTTP/1.1 {status} -", *headers, "", ""])
    return http.response_facts(read_response(head.encode() + body.encode()), scheme)


def test_protections_are_read_from_the_headers() -> None:
    value = facts(
        "Strict-Transport-Security: max-age=31536000; includeSubDomains",
        "Content-Security-Policy: default-src 'self'",
        "X-Content-Type-Options: nosniff",
        "Set-Cookie: good=1; Secure; HttpOnly",
        "Set-Cookie: JSESSIONID=2; Path=/; Secure",
        "X-Powered-By: PHP/7.2.34",
    )

    assert value["hsts_max_age"] == 31_536_000
    assert value["content_security_policy"] is True
    assert value["x_content_type_options"] is True
    assert value["referrer_policy"] is False
    assert value["insecure_cookies"] == ["JSESSIONID"]
    assert value["powered_by"] == "PHP/7.2.34"
    assert value["redirects_to_tls"] is None


def test_a_redirect_to_tls_is_only_asked_in_clear() -> None:
    to_tls = facts("Location: https://ch.example/", scheme="http", status=301)
    elsewhere = facts("Location: /accueil", scheme="http", status=302)
    not_a_redirect = facts("Location: https://ch.example/", scheme="http", status=200)

    assert to_tls["redirects_to_tls"] is True
    assert elsewhere["redirects_to_tls"] is False
    assert not_a_redirect["redirects_to_tls"] is False
    assert facts("Strict-Transport-Security: max-age=1", scheme="http")["hsts_max_age"] is None


@pytest.mark.parametrize(
    "body",
    [
        "<title>Index of /backup</title>",
        "<h1>Directory listing for /</h1>",
        '<A HREF="/">[To Parent Directory]</A>',
    ],
)
def test_a_listed_folder_is_recognised(body: str) -> None:
    assert facts(body=body)["directory_listing"] is True


def test_the_request_says_who_asks() -> None:
    request = http.encode_get("/", "2001:db8::1", "Hygie/1 (+securite@example.org)")

    assert request.startswith(b"GET / HTTP/1.1\r\nHost: [2001:db8::1]\r\n")
    assert b"User-Agent: Hygie/1 (+securite@example.org)\r\n" in request
    assert request.endswith(b"\r\n\r\n")


def test_a_page_in_clear_is_observed_with_its_product() -> None:
    response = b"HTTP/1.1 200 OK\r\nServer: Apache/2.4.49 (Unix)\r\n\r\n<title>CH</title>"

    async def scenario() -> Observation:
        async with serving(answering(response)) as port:
            return await http.observe(HOST, 80, lab({f"{HOST}:80": port}), now=NOW)

    seen = run(scenario())
    assert (seen.product, seen.version) == ("apache/http_server", "2.4.49")
    assert seen.value["title"] == "CH"
    assert seen.value["security_txt"] is None
    assert seen.evidence == response


def test_a_page_in_tls_also_tells_of_its_security_txt(tmp_path: Path) -> None:
    async def site(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        found = b"/.well-known/security.txt" in request
        body = b"Contact: mailto:a@example.org" if found else b"<title>CH</title>"
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        await writer.drain()
        await reader.read()

    async def scenario() -> Observation:
        context = server_context(tmp_path, *Authority().sign(HOST))
        async with serving(site, context) as port:
            return await http.observe(HOST, 443, lab({f"{HOST}:443": port}), now=NOW)

    seen = run(scenario())
    assert (seen.value["scheme"], seen.value["title"]) == ("https", "CH")
    assert seen.value["security_txt"] is True


def test_another_protocol_is_a_protocol_error() -> None:
    async def scenario() -> None:
        async with serving(answering(b"220 ready\r\n")) as port:
            await http.observe(HOST, 80, lab({f"{HOST}:80": port}), now=NOW)

    with pytest.raises(ProtocolError):
        run(scenario())
