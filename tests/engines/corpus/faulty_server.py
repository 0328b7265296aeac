"""A server on loopback that serves one document, and fails as it is told."""

from __future__ import annotations

import contextlib
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Served:
    """What the server does; tests change it between requests."""

    body: bytes = b""
    etag: str = '"one"'
    media: str = "application/json"
    status: int = 200
    cut_after: int | None = None  # bytes sent before the connection is closed
    pause_s: float = 0.0  # between single bytes
    redirect: str = ""
    ranges: bool = True
    lie_about_range: bool = False
    others: dict[str, bytes] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    url: str = ""


@contextlib.contextmanager
def serving(served: Served) -> Iterator[Served]:
    """Serve until the block ends."""
    handler = type("Handler", (_Handler,), {"served": served})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    served.url = f"http://127.0.0.1:{server.server_address[1]}/feed"
    try:
        yield served
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    served: Served

    def log_message(self, *args: Any) -> None:  # noqa: ANN401 - as its base
        """Keep tests quiet."""

    def do_GET(self) -> None:
        served = self.served
        served.asked.append({k.lower(): v for k, v in self.headers.items()})
        if self.path in served.others:
            self._send(200, served.others[self.path])
        elif served.redirect:
            self._head(302, 0, Location=served.redirect)
        elif served.status != 200:
            self._head(served.status, 0)
        elif self.headers.get("If-None-Match") == served.etag:
            self._head(304, 0)
        else:
            self._document()

    def _document(self) -> None:
        served, start = self.served, 0
        asked = self.headers.get("Range", "")
        same = self.headers.get("If-Range") == served.etag
        if served.ranges and asked and (same or served.lie_about_range):
            start = int(asked.removeprefix("bytes=").rstrip("-"))
        if start >= len(served.body) > 0:
            self._head(416, 0)
            return
        whole = len(served.body)
        told = {"Content-Range": f"bytes {start}-{whole - 1}/{whole}"} if start else {}
        self._send(206 if start else 200, served.body[start:], **told)

    def _send(self, status: int, body: bytes, **headers: str) -> None:
        served = self.served
        self._head(status, len(body), **headers)
        with contextlib.suppress(OSError):
            if served.pause_s:
                for at in range(len(body)):
                    self.wfile.write(body[at : at + 1])
                    time.sleep(served.pause_s)
            elif served.cut_after is not None and self.path == "/feed":
                self.wfile.write(body[: served.cut_after])
            else:
                self.wfile.write(body)
        self.close_connection = True

    def _head(self, status: int, length: int, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", self.served.media)
        self.send_header("Content-Length", str(length))
        self.send_header("Connection", "close")
        if self.served.etag:
            self.send_header("ETag", self.served.etag)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.close_connection = True
