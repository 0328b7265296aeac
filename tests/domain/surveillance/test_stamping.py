"""Against a timestamping authority made here with openssl ts."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
import subprocess
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from hypothesis import given as every
from hypothesis import strategies as st
from tests.domain.places import NOW, make_site

from hygie.domain.surveillance.models import GradeGiven
from hygie.domain.surveillance.stamping import (
    StampError,
    asker_of,
    question_of,
    read_answer,
    stamp,
)

if TYPE_CHECKING:
    from pathlib import Path

OPENSSL = shutil.which("openssl")
SEAL = hashlib.sha256(b"note").hexdigest()

CONFIG = """
[ tsa ]
default_tsa = one
[ one ]
serial = {home}/serial
signer_cert = {home}/tsa.pem
certs = {home}/tsa.pem
signer_key = {home}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
"""


@dataclass(frozen=True)
class Authority:
    """A timestamping authority in a folder."""

    home: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [str(OPENSSL), *arguments], cwd=self.home, capture_output=True, check=True
        )

    def answer(self, request: bytes) -> bytes:
        (self.home / "q.tsq").write_bytes(request)
        self.run("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "q.tsq", "-out", "a.tsr")
        return (self.home / "a.tsr").read_bytes()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    if OPENSSL is None:
        pytest.skip("openssl is not here: no authority to date with")
    home = tmp_path_factory.mktemp("tsa")
    made = Authority(home)
    (home / "tsa.cnf").write_text(CONFIG.format(home=home))
    (home / "serial").write_text("01")
    made.run(
        *("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=TSA"),
        *("-addext", "extendedKeyUsage=critical,timeStamping"),
        *("-keyout", "tsa.key", "-out", "tsa.pem"),
    )
    return made


@pytest.mark.django_db
def test_a_seal_is_dated_and_openssl_agrees(authority: Authority) -> None:
    given = GradeGiven.objects.create(
        node=make_site(), at=NOW, letter="B", policy="p", policy_version="1", seal=SEAL
    )

    stamp(given, authority.answer)

    given.refresh_from_db()
    assert given.stamped_at is not None
    assert abs(given.stamped_at - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=2)
    (authority.home / "token").write_bytes(bytes(given.token or b""))
    checked = authority.run(
        *("ts", "-verify", "-digest", SEAL, "-in", "token", "-token_in", "-CAfile", "tsa.pem")
    )
    assert b"Verification: OK" in checked.stdout


def test_an_answer_to_another_question_is_refused(authority: Authority) -> None:
    ours, other = question_of(SEAL), question_of(SEAL)
    with pytest.raises(StampError, match="ne répond pas"):
        read_answer(authority.answer(other.content), ours)

    moved = question_of(hashlib.sha256(b"autre note").hexdigest())
    with pytest.raises(StampError):
        read_answer(authority.answer(moved.content), ours)


def test_a_refusal_is_told(authority: Authority) -> None:
    question = question_of(SEAL)
    broken = question.content.replace(bytes.fromhex("608648016503040201"),
                                      bytes.fromhex("608648016503040203"))  # fmt: skip

    with pytest.raises(StampError, match="refusé"):
        read_answer(authority.answer(broken), question)


def test_an_authority_is_asked_over_http_within_bounds(authority: Authority) -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = self.rfile.read(int(self.headers["Content-Length"]))
            body = b"x" * 100_000 if self.path == "/long" else authority.answer(request)
            self.send_response(500 if self.path == "/broken" else 200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_port}"
        question = question_of(SEAL)
        read_answer(asker_of(base)(question.content), question)
        for path, said in (("/long", "trop longue"), ("/broken", "ne répond pas")):
            with pytest.raises(StampError, match=said):
                asker_of(base + path)(question.content)
        server.shutdown()


@every(st.binary(max_size=200))
def test_any_bytes_are_no_timestamp(answer: bytes) -> None:
    with pytest.raises(StampError):
        read_answer(answer, question_of(SEAL))
