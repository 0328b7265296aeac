"""Start real TLS servers, each as its row says, on loopback ports of their own."""

from __future__ import annotations

import socket
import ssl
import warnings
from contextlib import ExitStack, contextmanager, suppress
from threading import Thread
from typing import TYPE_CHECKING, Final

from tests.engines.probing.real.tls_configurations import VERSIONS, Configuration
from tests.engines.probing.real.tools import find, free_port, peer_python, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tests.engines.probing.real.certificates import CertificateFolder

_PACKAGES: Final = {
    "nginx": "nginx",
    "openssl": "openssl",
    "stunnel": "stunnel4",
    "gnutls": "gnutls-bin",
}
_PROGRAMS: Final = {"stunnel": "stunnel4", "gnutls": "gnutls-serv"}
_PAGE: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
_PYTHON: Final = {
    "TLSv1.0": ssl.TLSVersion.TLSv1,
    "TLSv1.1": ssl.TLSVersion.TLSv1_1,
    "TLSv1.2": ssl.TLSVersion.TLSv1_2,
    "TLSv1.3": ssl.TLSVersion.TLSv1_3,
}


class Absent(Exception):  # noqa: N818 - said to a person, not a fault
    """A program that this machine lacks."""


@contextmanager
def tls_servers(
    rows: Sequence[Configuration], certificates: CertificateFolder, folder: Path
) -> Iterator[tuple[dict[str, int], list[str]]]:
    """Yield (port of each row by name, what is absent here)."""
    with ExitStack() as stack:
        ports: dict[str, int] = {}
        absent: list[str] = []
        for server, start in _STARTERS.items():
            mine = [row for row in rows if row.server == server]
            if not mine:
                continue
            own = {row.name: free_port() for row in mine}
            try:
                stack.enter_context(start(mine, own, certificates, folder))
            except Absent as error:
                absent.append(str(error))
            else:
                ports |= own
        yield ports, absent


def _program(server: str) -> str:
    found = find(_PROGRAMS.get(server, server))
    if found is None:
        raise Absent(f"{server} (apt-get install {_PACKAGES[server]})")
    return found


def _ciphers(row: Configuration) -> str:
    listed = row.ciphers or "DEFAULT"
    return f"{listed}:@SECLEVEL=0" if row.old else listed


@contextmanager
def _nginx(
    rows: Sequence[Configuration],
    ports: dict[str, int],
    certificates: CertificateFolder,
    folder: Path,
) -> Iterator[None]:
    program = _program("nginx")
    servers = "".join(_nginx_server(row, ports[row.name], certificates) for row in rows)
    configuration = folder / "nginx.conf"
    configuration.write_text(
        f"daemon off; master_process off; pid {folder}/nginx.pid; error_log stderr error;\n"
        f"events {{}}\nhttp {{ access_log off;\n{_nginx_folders(folder)}{servers}}}\n"
    )
    command = [program, "-p", folder, "-c", configuration, "-e", "stderr"]
    with running(command, *ports.values(), folder=folder):
        yield


def _nginx_folders(folder: Path) -> str:
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    return "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)


def _nginx_server(row: Configuration, port: int, certificates: CertificateFolder) -> str:
    lines = [f"listen 127.0.0.1:{port} ssl", f"ssl_protocols {_nginx_versions(row)}"]
    for kind in (row.kind, row.second):
        if kind is not None:
            chain, key = certificates.files(kind)
            lines += [f"ssl_certificate {chain}", f"ssl_certificate_key {key}"]
    lines.append(f'ssl_ciphers "{_ciphers(row)}"')
    if row.suites13:
        lines.append(f"ssl_conf_command Ciphersuites {row.suites13}")
    if row.groups:
        lines.append(f"ssl_ecdh_curve {row.groups}")
    if row.asks_client:
        lines += [f"ssl_client_certificate {certificates.authority}", "ssl_verify_client on"]
    body = "".join(f"  {line};\n" for line in lines)
    return f"server {{\n{body}  location / {{ return 200 ok; }}\n}}\n"


def _span(row: Configuration) -> tuple[str, ...]:
    return VERSIONS[VERSIONS.index(row.oldest) : VERSIONS.index(row.newest) + 1]


def _nginx_versions(row: Configuration) -> str:
    return " ".join(name.replace("TLSv1.0", "TLSv1") for name in _span(row))


@contextmanager
def _openssl(
    rows: Sequence[Configuration],
    ports: dict[str, int],
    certificates: CertificateFolder,
    folder: Path,
) -> Iterator[None]:
    program = _program("openssl")
    with ExitStack() as stack:
        for row in rows:
            command = _s_server(program, row, ports[row.name], certificates)
            stack.enter_context(running(command, ports[row.name], folder=folder))
        yield


def _s_server(
    program: str, row: Configuration, port: int, certificates: CertificateFolder
) -> list[str]:
    chain, key = certificates.files(row.kind)
    command = [program, "s_server", "-accept", f"127.0.0.1:{port}", "-www", "-quiet"]
    command += ["-cert", str(chain), "-key", str(key), "-cert_chain", str(chain)]
    command += ["-cipher", _ciphers(row)]
    command += ["-min_protocol", _openssl_version(row.oldest)]
    command += ["-max_protocol", _openssl_version(row.newest)]
    if row.suites13:
        command += ["-ciphersuites", row.suites13]
    if row.groups:
        command += ["-groups", row.groups]
    return command


def _openssl_version(name: str) -> str:
    return name.replace("TLSv1.0", "TLSv1")


@contextmanager
def _stunnel(
    rows: Sequence[Configuration],
    ports: dict[str, int],
    certificates: CertificateFolder,
    folder: Path,
) -> Iterator[None]:
    program = _program("stunnel")
    text = "foreground = yes\npid =\nsyslog = no\n"
    text += "".join(_stunnel_service(row, ports[row.name], certificates) for row in rows)
    configuration = folder / "stunnel.conf"
    configuration.write_text(text)
    with running([program, configuration], *ports.values(), folder=folder):
        yield


def _stunnel_service(row: Configuration, port: int, certificates: CertificateFolder) -> str:
    chain, key = certificates.files(row.kind)
    lines = [
        f"accept = 127.0.0.1:{port}",
        "exec = /bin/echo",
        "execArgs = echo ok",
        f"cert = {chain}",
        f"key = {key}",
        f"sslVersionMin = {_openssl_version(row.oldest)}",
        f"sslVersionMax = {_openssl_version(row.newest)}",
        f"ciphers = {_ciphers(row)}",
    ]
    if row.old:
        lines.append("securityLevel = 0")
    if row.groups:
        lines.append(f"curves = {row.groups}")
    return f"[{row.name}]\n" + "\n".join(lines) + "\n"


@contextmanager
def _python(
    rows: Sequence[Configuration],
    ports: dict[str, int],
    certificates: CertificateFolder,
    folder: Path,  # noqa: ARG001 - the starters' common signature
) -> Iterator[None]:
    with ExitStack() as stack:
        for row in rows:
            listener = stack.enter_context(socket.create_server(("127.0.0.1", ports[row.name])))
            context = _context(row, certificates)
            Thread(target=_accept, args=(listener, context), daemon=True).start()
        yield


def _context(row: Configuration, certificates: CertificateFolder) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # old on purpose
        context.minimum_version = _PYTHON[row.oldest]
        context.maximum_version = _PYTHON[row.newest]
    context.set_ciphers(_ciphers(row))
    context.load_cert_chain(*certificates.files(row.kind))
    return context


def _accept(listener: socket.socket, context: ssl.SSLContext) -> None:
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return  # the test is over
        Thread(target=_serve, args=(client, context), daemon=True).start()


def _serve(client: socket.socket, context: ssl.SSLContext) -> None:
    with suppress(OSError, ValueError), client:
        client.settimeout(5)
        with context.wrap_socket(client, server_side=True) as channel:
            channel.recv(4_096)
            channel.sendall(_PAGE)


@contextmanager
def _gnutls(
    rows: Sequence[Configuration],
    ports: dict[str, int],
    certificates: CertificateFolder,
    folder: Path,
) -> Iterator[None]:
    program = _program("gnutls")
    with ExitStack() as stack:
        for row in rows:
            chain, key = certificates.files(row.kind)
            command = [program, "--http", "--quiet", "-p", str(ports[row.name])]
            command += ["--x509certfile", str(chain), "--x509keyfile", str(key)]
            command += ["--priority", row.ciphers]
            stack.enter_context(running(command, ports[row.name], folder=folder))
        yield


@contextmanager
def _tlslite(
    rows: Sequence[Configuration],
    ports: dict[str, int],
    certificates: CertificateFolder,
    folder: Path,
) -> Iterator[None]:
    python = peer_python("sslyze", "tlslite")
    if python is None:
        raise Absent("tlslite-ng (`python -m bench probing` makes its environment)")
    program = folder / "tlslite_server.py"
    program.write_text(_TLSLITE)
    with ExitStack() as stack:
        for row in rows:
            span = [str(VERSIONS.index(name)) for name in (row.oldest, row.newest)]
            files = map(str, certificates.files(row.kind))
            command = [python, program, str(ports[row.name]), *files, *span]
            stack.enter_context(running(command, ports[row.name], folder=folder))
        yield


_TLSLITE: Final = """
import socketserver, sys
from tlslite.api import HandshakeSettings, TLSConnection, X509CertChain, parsePEMKey

port, chain_path, key_path, oldest, newest = sys.argv[1:]
chain = X509CertChain()
chain.parsePemList(open(chain_path).read())
key = parsePEMKey(open(key_path).read(), private=True)
settings = HandshakeSettings()
settings.minVersion, settings.maxVersion = (3, int(oldest)), (3, int(newest))
settings.cipherNames = [*settings.cipherNames, "rc4", "3des"]


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.settimeout(5)
        connection = TLSConnection(self.request)
        try:
            connection.handshakeServer(certChain=chain, privateKey=key, settings=settings)
            connection.recv(4096)
            connection.send(b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok")
            connection.close()
        except Exception:
            pass


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


Server(("127.0.0.1", int(port)), Handler).serve_forever()
"""

_STARTERS: Final[dict[str, Callable[..., object]]] = {
    "nginx": _nginx,
    "openssl": _openssl,
    "stunnel": _stunnel,
    "python": _python,
    "gnutls": _gnutls,
    "tlslite": _tlslite,
}
