"""Our own probes look at our own site, as deploy/nginx.conf serves it."""

from __future__ import annotations

import asyncio
import datetime as dt
import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID, NameOID

from hygie.engines.deciding.exposure import exposure_policy
from hygie.engines.deciding.grading import grade
from hygie.engines.probing import http as http_probe
from hygie.engines.probing import tls as tls_probe
from hygie.engines.probing.network import LabNetwork
from hygie.vocabulary.facts import Observation

ROOT = Path(__file__).resolve().parents[2]
NAME = "hygie.example.org"
NOW = dt.datetime.now(dt.UTC)
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(NGINX is None, reason="nginx is absent: apt install nginx-light"),
]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def key_and_name(common: str) -> tuple[ec.EllipticCurvePrivateKey, x509.Name]:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])
    return ec.generate_private_key(ec.SECP256R1()), name


def usage(*, certifies: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certifies, key_cert_sign=certifies, crl_sign=certifies,
        content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def seen_in_logs() -> x509.UnrecognizedExtension:
    """Return two proofs of transparency (RFC 6962), well formed and signed by nobody."""
    stamp = int(NOW.timestamp() * 1000).to_bytes(8, "big")
    proofs = b""
    for log in (b"a", b"b"):
        proof = b"\x00" + log * 32 + stamp + b"\x00\x00" + b"\x04\x03" + b"\x00\x08" + b"signed 0"
        proofs += len(proof).to_bytes(2, "big") + proof
    content = len(proofs).to_bytes(2, "big") + proofs
    octets = b"\x04" + bytes([len(content)]) + content
    return x509.UnrecognizedExtension(ExtensionOID.PRECERT_SIGNED_CERTIFICATE_TIMESTAMPS, octets)


def certify(folder: Path) -> None:
    """Write an authority (ca.pem) and a certificate of the site that it signed."""
    authority_key, authority = key_and_name("Autorité d’essai")
    key, subject = key_and_name(NAME)
    begins, ends = NOW - dt.timedelta(days=1), NOW + dt.timedelta(days=60)
    start = x509.CertificateBuilder().not_valid_before(begins).not_valid_after(ends)
    root = (
        start.subject_name(authority)
        .issuer_name(authority)
        .public_key(authority_key.public_key())
        .serial_number(x509.random_serial_number())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage(certifies=True), critical=True)
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(authority_key.public_key()), critical=False
        )
        .sign(authority_key, hashes.SHA256())
    )
    leaf = (
        start.subject_name(subject)
        .issuer_name(authority)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage(certifies=False), critical=True)
        .add_extension(seen_in_logs(), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()),
            critical=False,
        )
        .sign(authority_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "ca.pem").write_bytes(root.public_bytes(pem))
    (folder / "fullchain.pem").write_bytes(leaf.public_bytes(pem) + root.public_bytes(pem))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def configured(folder: Path, ports: dict[str, int]) -> str:
    """Return the example with this folder's files and ports in it, and nothing else changed."""
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    text = re.sub(r"\n *listen \[::\].*;", "", text)
    text = text.replace("listen 80;", f"listen 127.0.0.1:{ports['http']};")
    text = text.replace("listen 443 ssl", f"listen 127.0.0.1:{ports['https']} ssl")
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{ports['site']}")
    text = text.replace("/etc/ssl/hygie", str(folder)).replace("/etc/nginx", str(folder))
    shutil.copy(ROOT / "deploy" / "hygie-proxy.conf", folder)
    return (
        f"daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{ access_log off; client_body_temp_path {folder}/t1;\n"
        f"proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;\n"
        f"uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;\n{text}\n}}\n"
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, int]]]:
    folder = tmp_path_factory.mktemp("nginx")
    folder.chmod(0o755)
    certify(folder)
    ports = {"site": free_port(), "http": free_port(), "https": free_port()}
    (folder / "nginx.conf").write_text(configured(folder, ports))
    environment = os.environ | {
        "HYGIE_HOME": str(folder / "home"),
        "HYGIE_HTTPS": "1",
        "HYGIE_ALLOWED_HOSTS": NAME,
        "DJANGO_SETTINGS_MODULE": "hygie.config.settings",
    }
    environment.pop("DATABASE_URL", None)
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "-v", "0"],
        cwd=ROOT, env=environment, check=True, timeout=500,
    )  # fmt: skip
    commands = (
        [sys.executable, "-m", "gunicorn", "--no-control-socket", "--threads", "2",
         "--bind", f"127.0.0.1:{ports['site']}", "hygie.config.wsgi"],
        [str(NGINX), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")],
    )  # fmt: skip
    with (folder / "site.log").open("wb") as log:
        running = [
            subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
            for command in commands
        ]
        try:
            wait_for(folder, ports["https"], running)
            yield folder, ports
        finally:
            for process in running:
                process.terminate()
            for process in running:
                process.wait(timeout=20)


def wait_for(folder: Path, port: int, running: list[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and all(one.poll() is None for one in running):
        try:
            if ask(folder, port, "/mentions-legales/").status == 200:
                return
        except OSError:
            time.sleep(0.2)
    logs = [path.read_text()[-1500:] for path in folder.glob("*.log")]
    raise RuntimeError("\n".join(logs))


def ask(folder: Path, port: int, path: str, method: str = "GET") -> http.client.HTTPResponse:
    context = ssl.create_default_context(cafile=str(folder / "ca.pem"))
    plain = socket.create_connection(("127.0.0.1", port), timeout=10)
    with closing(http.client.HTTPSConnection(NAME, timeout=10)) as door:
        door.sock = context.wrap_socket(plain, server_hostname=NAME)
        door.request(method, path, headers={"X-Forwarded-For": "127.0.0.1"})
        answer = door.getresponse()
        answer.read()
        return answer


async def observed(folder: Path, ports: dict[str, int]) -> list[Observation]:
    network = LabNetwork(
        {
            "dns": ["127.0.0.1", 1],
            "services": {
                f"{NAME}:80": ["127.0.0.1", ports["http"]],
                f"{NAME}:443": ["127.0.0.1", ports["https"]],
            },
            "ca": str(folder / "ca.pem"),
        }
    )
    return [
        await http_probe.observe(NAME, 80, network, now=NOW, address="127.0.0.1"),
        await http_probe.observe(NAME, 443, network, now=NOW, address="127.0.0.1"),
        await tls_probe.observe(NAME, 443, network, now=NOW, address="127.0.0.1"),
    ]


def test_our_probes_give_our_site_the_best_grade(site: tuple[Path, dict[str, int]]) -> None:
    # In a thread of its own: a browser test may have left a loop running in this process.
    with ThreadPoolExecutor(1) as aside:
        outcomes = aside.submit(asyncio.run, observed(*site)).result()

    found = grade(outcomes, exposure_policy(on=NOW.date()), now=NOW)

    assert [point.rule_id for point in found.points] == []
    letters = {theme.theme: (theme.letter, theme.score) for theme in found.themes}
    assert letters["web"] == letters["tls"] == ("A", 100)
    [encrypted] = [one for one in outcomes if one.probe == "tls"]
    assert encrypted.value["accepted"] == ["TLSv1.2", "TLSv1.3"]
    assert encrypted.value["forward_secrecy"] is True


def test_every_page_says_what_a_browser_must_refuse(site: tuple[Path, dict[str, int]]) -> None:
    folder, ports = site

    for path in ("/comptes/connexion/", "/nulle-part/", "/static/hygie/hygie.css"):
        answer = ask(folder, ports["https"], path)
        assert answer.headers.get_all("Strict-Transport-Security") == [
            "max-age=31536000; includeSubDomains"
        ]
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin", path
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        assert answer.headers["Server"] == "nginx"
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy, path
        assert "frame-ancestors 'none'" in policy, path


def test_what_is_for_machines_stays_inside(site: tuple[Path, dict[str, int]]) -> None:
    folder, ports = site

    for path in ("/metrics", "/sante/pret", "/sante/vivant"):
        assert ask(folder, ports["https"], path).status == 404, path
    assert ask(folder, ports["https"], "/.well-known/security.txt").status == 200


def test_one_address_that_knocks_too_often_waits(site: tuple[Path, dict[str, int]]) -> None:
    folder, ports = site

    answers = [ask(folder, ports["https"], "/comptes/connexion/").status for _ in range(25)]

    assert 429 in answers
