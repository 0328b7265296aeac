from __future__ import annotations

import gzip
import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygie.engines.probing.errors import ProtocolError
from hygie.engines.probing.http_reader import BODY_MAX_BYTES, read_response


def page(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    head = "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""])
    return head.encode("latin-1") + body


def test_status_headers_and_title_are_read() -> None:
    response = read_response(
        page(b"<TITLE>\n Accueil  du CH </title>", "Server: nginx", "X-A: 1", "x-a: 2")
    )

    assert response.status == 200
    assert response.header("server") == "nginx"
    assert response.values("x-a") == ["1", "2"]
    assert response.title == "Accueil du CH"


def test_chunks_are_put_together_and_a_cut_one_is_kept() -> None:
    coded = b"5\r\n<titl\r\n6;x=y\r\ne>CH</\r\n6\r\ntitle>\r\n0\r\n\r\n"
    response = read_response(page(coded, "Transfer-Encoding: chunked"))
    cut = read_response(page(b"ff\r\nhello", "Transfer-Encoding: chunked"))

    assert response.title == "CH"
    assert cut.body == "hello"


def test_a_gzip_bomb_is_read_up_to_the_bound() -> None:
    bomb = gzip.compress(b"a" * 50_000_000)

    response = read_response(page(bomb, "Content-Encoding: gzip"))

    assert len(response.body) == BODY_MAX_BYTES


def test_a_broken_gzip_body_is_no_body() -> None:
    assert read_response(page(b"not gzip", "Content-Encoding: gzip")).body == ""


def test_latin_pages_are_decoded_as_they_say() -> None:
    body = "<title>Hôpital</title>".encode("latin-1")

    assert (
        read_response(page(body, "Content-Type: text/html; charset=ISO-8859-1")).title == "Hôpital"
    )


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"SSH-2.0-OpenSSH_9.2\r\n", id="another protocol"),
        pytest.param(b"HTTP/1.1 200 OK\r\nServer: nginx\r\n", id="head cut"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 70_000 + b"\r\n\r\n", id="head too long"),
        pytest.param(b"HTTP/2 200\r\n\r\n", id="other version"),
    ],
)
def test_what_is_not_a_response_is_refused(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        read_response(data)


def test_a_page_of_openings_is_searched_in_little_time() -> None:
    started = time.perf_counter()

    assert read_response(page(b"<title>" * 18_000)).title is None
    assert time.perf_counter() - started < 2


@given(data=st.binary(max_size=200), chunked=st.booleans(), gzipped=st.booleans())
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_a_response_or_a_protocol_error(
    data: bytes,
    chunked: bool,  # noqa: FBT001
    gzipped: bool,  # noqa: FBT001
) -> None:
    headers = ["Transfer-Encoding: chunked"] * chunked + ["Content-Encoding: gzip"] * gzipped
    assert read_response(page(data, *headers)).status == 200
    with suppress(ProtocolError):
        read_response(data)
