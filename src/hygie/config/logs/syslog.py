"""Send lines to a SIEM as RFC 5424 messages over TLS.

Framing by octet counting, RFC 5425. Logging never waits for the network: lines go through a
bounded queue to one thread; when the queue is full the newest are counted and dropped, and the
count is sent once the collector answers again.

Sources: https://www.rfc-editor.org/rfc/rfc5424 and https://www.rfc-editor.org/rfc/rfc5425
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import queue
import re
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, urlsplit

from hygie import __version__
from hygie.vocabulary.errors import UsageError

SYSLOG_TLS_PORT: Final = 6514
QUEUE_MAX: Final = 10_000
MESSAGE_MAX_BYTES: Final = 64 * 1024
CONNECT_TIMEOUT_S: Final = 10.0
FLUSH_TIMEOUT_S: Final = 3.0
_BACKOFF_S: Final = (0.2, 1.0, 5.0, 15.0)
_SEVERITIES: Final = (
    (logging.CRITICAL, 2), (logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6),
)  # fmt: skip
_FACILITIES: Final = {
    "user": 1, "daemon": 3, "auth": 4, "authpriv": 10, "audit": 13,
    **{f"local{n}": 16 + n for n in range(8)},
}  # fmt: skip
_NOT_PRINTABLE: Final = re.compile(r"[^\x21-\x7e]")


@dataclass(frozen=True, slots=True)
class Collector:
    """Where lines go.

    Attributes:
        host, port: the collector.
        authority: PEM file of the authority that signs it, empty for the system's.
        certificate, key: PEM files by which we are recognised, empty when not asked.
        facility: RFC 5424 facility, by number.
    """

    host: str
    port: int = SYSLOG_TLS_PORT
    authority: str = ""
    certificate: str = ""
    key: str = ""
    facility: int = 16


def parse_collector(url: str) -> Collector:
    """Read ``syslog+tls://host:port?ca=FILE&cert=FILE&key=FILE&facility=local0``.

    Raises:
        UsageError: if it is anything else; a collector in clear is refused.
    """
    parts = urlsplit(url)
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    facility = options.pop("facility", "local0")
    files = {name: options.pop(name, "") for name in ("ca", "cert", "key")}
    try:
        port = parts.port or SYSLOG_TLS_PORT
    except ValueError:
        port = 0
    right = parts.scheme == "syslog+tls" and parts.hostname and port and not options
    if not right or facility not in _FACILITIES:
        raise UsageError(
            "HYGIE_SYSLOG_URL : écrivez syslog+tls://hote:6514?ca=/chemin/autorite.pem"
        )
    return Collector(
        str(parts.hostname), port, files["ca"], files["cert"], files["key"], _FACILITIES[facility]
    )


def encode_message(record: logging.LogRecord, text: str, facility: int) -> bytes:
    """Return one RFC 5424 message, at most MESSAGE_MAX_BYTES, without its frame."""
    severity = next((code for level, code in _SEVERITIES if record.levelno >= level), 7)
    moment = dt.datetime.fromtimestamp(record.created, dt.UTC)
    header = " ".join(
        (
            f"<{facility * 8 + severity}>1",
            moment.isoformat(timespec="microseconds").replace("+00:00", "Z"),
            _word(socket.gethostname(), 255),
            "hygie",
            _word(str(os.getpid()), 128),
            _word(record.name, 32),
            f'[origin software="hygie" swVersion="{_word(__version__, 32)}"]',
        )
    )
    # The mark of byte order says that the message is UTF-8 (RFC 5424, 6.4).
    body = b" \xef\xbb\xbf" + text.replace("\n", " ").encode("utf-8", "replace")
    return (header.encode("ascii") + body)[:MESSAGE_MAX_BYTES]


def frame(message: bytes) -> bytes:
    """Return the message with its length before it, RFC 5425."""
    return b"%d %s" % (len(message), message)


class SyslogTlsHandler(logging.Handler):
    """Queues formatted lines and sends them from a thread, started when first needed.

    A process that forks gets a queue and a thread of its own: gunicorn's workers do.
    """

    def __init__(self, url: str) -> None:
        super().__init__()
        self._collector = parse_collector(url)
        self._begin()

    def emit(self, record: logging.LogRecord) -> None:
        """Queue one line; never blocks, never raises."""
        try:
            message = encode_message(record, self.format(record), self._collector.facility)
        except Exception:  # noqa: BLE001 - as logging.Handler.emit: a log line stops nobody
            self.handleError(record)
            return
        if self._pid != os.getpid():
            self._begin()
        if self._thread is None:
            self._start()
        try:
            self._queue.put_nowait(message)
        except queue.Full:
            self._lost += 1

    def close(self) -> None:
        """Give what is queued FLUSH_TIMEOUT_S to leave."""
        thread = self._thread
        if thread is not None and self._pid == os.getpid():
            self._stop.set()
            thread.join(FLUSH_TIMEOUT_S)
        super().close()

    def _begin(self) -> None:
        self._pid = os.getpid()
        self._queue: queue.Queue[bytes] = queue.Queue(QUEUE_MAX)
        self._stop = threading.Event()
        self._lost = 0
        self._thread: threading.Thread | None = None

    def _start(self) -> None:
        self._thread = threading.Thread(target=self._send_all, name="syslog", daemon=True)
        self._thread.start()

    def _send_all(self) -> None:
        """Send line after line; a line that could not be sent is sent again."""
        channel: ssl.SSLSocket | None = None
        pending: bytes | None = None
        failures = 0
        while pending is not None or not (self._stop.is_set() and self._queue.empty()):
            try:
                pending = pending or self._queue.get(timeout=0.2)
            except queue.Empty:
                continue
            try:
                channel = channel or self._connect()
                check_alive(channel)
                self._confess(channel)
                channel.sendall(frame(pending))
                pending, failures = None, 0
            except OSError:
                close_quietly(channel)
                channel = None
                if self._stop.is_set():
                    break
                self._stop.wait(_BACKOFF_S[min(failures, len(_BACKOFF_S) - 1)])
                failures += 1
        close_quietly(channel)

    def _connect(self) -> ssl.SSLSocket:
        collector = self._collector
        context = ssl.create_default_context(cafile=collector.authority or None)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if collector.certificate:
            context.load_cert_chain(collector.certificate, collector.key or None)
        plain = socket.create_connection((collector.host, collector.port), CONNECT_TIMEOUT_S)
        try:
            return context.wrap_socket(plain, server_hostname=collector.host)
        except OSError:
            plain.close()
            raise

    def _confess(self, channel: ssl.SSLSocket) -> None:
        """Say how many lines were dropped, so that a gap is never taken for calm."""
        lost, self._lost = self._lost, 0
        if not lost:
            return
        record = logging.LogRecord(
            "hygie.logs", logging.WARNING, "", 0, f"{lost} lines lost", None, None
        )
        text = f'{{"message":"{lost} log lines were lost","event.outcome":"failure"}}'
        try:
            channel.sendall(frame(encode_message(record, text, self._collector.facility)))
        except OSError:
            self._lost += lost
            raise


def check_alive(channel: ssl.SSLSocket) -> None:
    """Notice a collector that closed: a write to it would seem to succeed, and be lost.

    Raises:
        ConnectionResetError: if it did.
    """
    channel.settimeout(0)
    try:
        if channel.recv(1) == b"":
            raise ConnectionResetError("the collector closed")
    except (ssl.SSLWantReadError, BlockingIOError):
        pass
    finally:
        channel.settimeout(CONNECT_TIMEOUT_S)


def close_quietly(channel: ssl.SSLSocket | None) -> None:
    """Close what may be closed already."""
    if channel is not None:
        with suppress(OSError):
            channel.close()


def _word(text: str, most: int) -> str:
    return _NOT_PRINTABLE.sub("", text)[:most] or "-"
