"""Read one HTTP/1.x response from bytes that may be anything.

Pure and bounded: head, body, decompressed body and number of headers all have a limit.
Source: RFC 9112; chunked coding section 7.1.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import Final

from hygie.engines.probing.errors import ProtocolError

HEAD_MAX_BYTES: Final = 65_536
BODY_MAX_BYTES: Final = 131_072
HEADERS_MAX: Final = 200
_STATUS_LINE: Final = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})(?: [^\r\n]*)?\r?\n")
_HEADER: Final = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*", re.DOTALL)
_TITLE: Final = re.compile(r"<title[^>]{0,200}>(.{0,400}?)</title", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Response:
    """One response.

    Attributes:
        status: 100 to 599.
        headers: (name in lower case, value) in order, repeated names kept.
        body: decoded of its transfer and content codings, at most BODY_MAX_BYTES characters.
        head: the head as received.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str
    head: bytes

    def header(self, name: str) -> str | None:
        """Return the first value of a header, None when absent."""
        return next((value for key, value in self.headers if key == name), None)

    def values(self, name: str) -> list[str]:
        """Return every value of a header."""
        return [value for key, value in self.headers if key == name]

    @property
    def title(self) -> str | None:
        """Return the page's title, on one line."""
        found = _TITLE.search(self.body)
        return " ".join(found[1].split())[:200] if found and found[1].strip() else None


def read_response(data: bytes) -> Response:
    """Return the response that ``data`` begins with; a cut body is kept as far as it goes.

    Raises:
        ProtocolError: if the head is not an HTTP/1.x head within HEAD_MAX_BYTES.
    """
    line = _STATUS_LINE.match(data)
    if line is None:
        raise ProtocolError("le service ne répond pas en HTTP")
    end = re.search(rb"\r?\n\r?\n", data[: HEAD_MAX_BYTES + 4])
    if end is None:
        raise ProtocolError("en-têtes HTTP coupés ou trop longs")
    headers = _read_headers(data[line.end() : end.start()])
    coded = data[end.end() : end.end() + BODY_MAX_BYTES]
    fields = dict(reversed(headers))
    if "chunked" in fields.get("transfer-encoding", "").lower():
        coded = _unchunk(coded)
    body = _inflate(coded, fields.get("content-encoding", "").lower())
    return Response(int(line[1]), headers, _as_text(body, fields), data[: end.end()])


def _read_headers(block: bytes) -> tuple[tuple[str, str], ...]:
    lines = block.decode("latin-1").splitlines()[:HEADERS_MAX]
    fields = (_HEADER.fullmatch(line) for line in lines)
    return tuple((field[1].lower(), field[2]) for field in fields if field)


def _unchunk(coded: bytes) -> bytes:
    parts: list[bytes] = []
    position = 0
    while (line_end := coded.find(b"\n", position)) >= 0:
        size = re.match(rb"\s*([0-9a-fA-F]{1,7})", coded[position:line_end])
        if size is None or not (length := int(size[1], 16)):
            break
        parts.append(coded[line_end + 1 : line_end + 1 + length])
        position = line_end + 1 + length
        position += 2 if coded[position : position + 2] == b"\r\n" else 1
    return b"".join(parts)


def _inflate(coded: bytes, coding: str) -> bytes:
    """Undo gzip or deflate up to BODY_MAX_BYTES: we asked for neither, some send them anyway."""
    if coding not in ("gzip", "x-gzip", "deflate"):
        return coded
    try:
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 32).decompress(coded, BODY_MAX_BYTES)
    except zlib.error:
        return b""


def _as_text(body: bytes, fields: dict[str, str]) -> str:
    charset = re.search(r"charset=\"?([\w-]{1,40})", fields.get("content-type", ""), re.IGNORECASE)
    if charset and charset[1].lower().startswith(("iso-8859", "windows-125", "latin")):
        return body.decode("latin-1")
    return body.decode("utf-8", "replace")
