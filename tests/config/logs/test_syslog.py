"""A real TLS collector on loopback receives what the handler sends."""

from __future__ import annotations

import datetime as dt
import ipaddress
import logging
import os
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hygie.config.logs import syslog
from hygie.config.logs.syslog import (
    MESSAGE_MAX_BYTES,
    Collector,
    SyslogTlsHandler,
    check_alive,
    close_quietly,
    encode_message,
    frame,
    parse_collector,
)
from hygie.vocabulary.errors import UsageError


@pytest.fixture(scope="module")
def identity(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a self-signed certificate for localhost and its key."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "SIEM d’essai")])
    now = dt.datetime.now(dt.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "cert.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, secret


class Siem:
    """Reads octet-counted messages; can be shut and opened again on the same port."""

    def __init__(self, identity: tuple[Path, Path], port: int = 0) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*identity)
        self.messages: list[bytes] = []
        self._open: list[ssl.SSLSocket] = []
        self._stopped = False
        self._server = socket.create_server(("127.0.0.1", port))
        self._context = context
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while not self._stopped:
            try:
                plain, _ = self._server.accept()
                channel = self._context.wrap_socket(plain, server_side=True)
            except OSError:
                continue
            self._open.append(channel)
            threading.Thread(target=self._read, args=(channel,), daemon=True).start()

    def _read(self, channel: ssl.SSLSocket) -> None:
        held = b""
        try:
            while data := channel.recv(65536):
                held += data
                while found := re.match(rb"([1-9][0-9]*) ", held):
                    end = found.end() + int(found[1])
                    if len(held) < end:
                        break
                    self.messages.append(held[found.end() : end])
                    held = held[end:]
        except OSError:
            pass
        finally:
            close_quietly(channel)

    def wait_for(self, count: int) -> list[bytes]:
        deadline = time.monotonic() + 20
        while len(self.messages) < count and time.monotonic() < deadline:
            time.sleep(0.01)
        return self.messages

    def close(self) -> None:
        self._stopped = True
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        for channel in self._open:
            with suppress(OSError):  # its reader wakes up and closes it
                channel.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def siem(identity: tuple[Path, Path]) -> Iterator[Siem]:
    made = Siem(identity)
    yield made
    if not made._stopped:
        made.close()


def logger_to(port: int, authority: Path) -> tuple[logging.Logger, SyslogTlsHandler]:
    handler = SyslogTlsHandler(f"syslog+tls://localhost:{port}?ca={authority}&facility=local3")
    logger = logging.Logger("hygie.essai")  # noqa: LOG001 - not of the process's tree
    logger.addHandler(handler)
    return logger, handler


def test_lines_arrive_in_order_as_rfc_5424(siem: Siem, identity: tuple[Path, Path]) -> None:
    logger, handler = logger_to(siem.port, identity[0])

    for n in range(50):
        logger.warning("ligne %d, été\nsuite", n)
    handler.close()

    messages = [one.decode() for one in siem.wait_for(50)]
    shape = (
        r"<156>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z \S+ hygie \d+ hygie\.essai \[origin .*\] "
    )
    assert all(re.match(shape + "\ufeffligne", one) for one in messages)
    assert [int(one.partition("ligne ")[2].partition(",")[0]) for one in messages] == [*range(50)]
    assert all("\n" not in one for one in messages)


def test_a_collector_that_comes_back_gets_what_waited(identity: tuple[Path, Path]) -> None:
    first = Siem(identity)
    logger, handler = logger_to(first.port, identity[0])
    logger.error("avant")
    first.wait_for(1)
    first.close()
    time.sleep(0.1)

    logger.error("pendant 1")
    logger.error("pendant 2")
    time.sleep(0.3)
    second = Siem(identity, first.port)
    arrived = second.wait_for(2)
    handler.close()
    second.close()

    assert [one.rpartition("\ufeff".encode())[2] for one in arrived] == [b"pendant 1", b"pendant 2"]


def test_a_full_queue_drops_and_says_how_many(
    identity: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(syslog, "QUEUE_MAX", 5)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    logger, handler = logger_to(port, identity[0])

    began = time.monotonic()
    for n in range(1000):
        logger.info("ligne %d", n)
    assert time.monotonic() - began < 5  # nobody waited for the network

    siem = Siem(identity, port)
    arrived = siem.wait_for(6)
    handler.close()
    siem.close()

    assert sum(b"log lines were lost" in one for one in arrived) == 1
    lost = int(re.search(rb"\"(\d+) log lines", b"".join(arrived))[1])  # type: ignore[index]
    assert lost + len(arrived) - 1 == 1000


def test_a_collector_that_nobody_signed_gets_nothing(siem: Siem) -> None:
    logger, handler = logger_to(siem.port, Path(ssl.get_default_verify_paths().cafile or ""))

    logger.error("confidence")
    time.sleep(0.5)
    handler.close()

    assert siem.messages == []


def test_a_process_that_forks_sends_its_own(siem: Siem, identity: tuple[Path, Path]) -> None:
    logger, handler = logger_to(siem.port, identity[0])
    logger.error("parent")
    siem.wait_for(1)

    handler._pid = -1  # as the child of a fork finds it
    logger.error("enfant")
    siem.wait_for(2)
    handler.close()

    assert [one.rpartition(b" ")[2][3:] for one in siem.messages] == [b"parent", b"enfant"]
    assert handler._pid == os.getpid()


def test_a_message_too_long_is_cut() -> None:
    record = logging.LogRecord("a b\nc", logging.CRITICAL, "", 0, "", None, None)

    message = encode_message(record, "é" * MESSAGE_MAX_BYTES, 16)

    assert len(message) == MESSAGE_MAX_BYTES
    assert message.startswith(b"<130>1 ")
    assert b" abc [origin" in message
    assert frame(b"abc") == b"3 abc"


def test_the_address_is_read_in_full() -> None:
    url = "syslog+tls://siem.example.org:7000?ca=/a.pem&cert=/c.pem&key=/k.pem&facility=audit"

    assert parse_collector(url) == Collector(
        "siem.example.org", 7000, "/a.pem", "/c.pem", "/k.pem", 13
    )
    assert parse_collector("syslog+tls://siem.example.org").port == 6514


@pytest.mark.parametrize(
    "url",
    ["syslog://siem.example.org", "udp://siem:514", "syslog+tls://", "syslog+tls://h:99999",
     "syslog+tls://h?facility=kitchen", "syslog+tls://h?cafile=x"],
)  # fmt: skip
def test_a_collector_in_clear_or_misspelt_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="HYGIE_SYSLOG_URL"):
        parse_collector(url)


def test_a_closed_channel_is_noticed(siem: Siem, identity: tuple[Path, Path]) -> None:
    context = ssl.create_default_context(cafile=str(identity[0]))
    plain = socket.create_connection(("127.0.0.1", siem.port))
    with context.wrap_socket(plain, server_hostname="localhost") as channel:
        check_alive(channel)
        while not siem._open:  # its side of the handshake may end after ours
            time.sleep(0.01)
        siem.close()

        time.sleep(0.5)

        with pytest.raises(ConnectionResetError):
            check_alive(channel)
