"""A thousand machines on loopback, cheap to serve: what every bench of this package looks at.

nginx answers on two ports of each address (half RSA-2048, half P-256, TLS 1.0 to 1.3), a small
process greets on SSH's and SMTP's, NSD serves a zone for each; every other port is closed. Ports
are moved above 21000 so that nobody needs to be root.
"""

from __future__ import annotations

import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.probing.environment import machine
from bench.probing.measuring import SERVERS, pinned
from hygie.engines.probing.ports import DEFAULT_PORTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TARGETS: Final = 1_000
DNS_PORT: Final = 20_853
_PER_NETWORK: Final = 250
_START_S: Final = 60
_OPEN_FILES: Final = 65_536
_PORTS: Final = sorted({port for ports in DEFAULT_PORTS.values() for port in ports})
PORTS: Final = {port: 21_000 + index for index, port in enumerate(_PORTS)}
"""Where each port of the world is played."""


@dataclass(frozen=True, slots=True)
class Machine:
    """One target: its name, its zone's too, and its address."""

    name: str
    address: str


MACHINES: Final = tuple(
    Machine(f"h{n:04d}.example", f"127.1.{n // _PER_NETWORK}.{n % _PER_NETWORK + 1}")
    for n in range(TARGETS)
)


@contextmanager
def running(folder: Path) -> Iterator[Path]:
    """Start everything; yield the directory that LabNetwork reads.

    Raises:
        RuntimeError: if a server is absent or does not start.
    """
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(_OPEN_FILES, most), most))
    with ExitStack() as stack:
        for command in (_nginx(folder), _greeter(folder), _nsd(folder)):
            stack.enter_context(_started(command, folder))
        for machine_, port in ((MACHINES[-1], PORTS[443]), (MACHINES[-1], PORTS[25])):
            _wait((machine_.address, port))
        _wait(("127.0.0.1", DNS_PORT))
        directory = folder / "network.json"
        services = {
            f"{each.address}:{port}": [each.address, place]
            for each in MACHINES
            for port, place in PORTS.items()
        }
        document = {"dns": ["127.0.0.1", DNS_PORT], "services": services}
        directory.write_text(json.dumps(document))
        yield directory


@contextmanager
def _started(command: Sequence[str], folder: Path) -> Iterator[None]:
    log = folder / f"{Path(command[0]).name}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            pinned(list(command), SERVERS), stdout=out, stderr=out, stdin=subprocess.DEVNULL
        )
    try:
        yield
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)


def _wait(place: tuple[str, int]) -> None:
    end = time.monotonic() + _START_S
    while time.monotonic() < end:
        with socket.socket() as client:
            client.settimeout(1)
            if client.connect_ex(place) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError(f"nothing listens on {place}")


def _need(command: str) -> str:
    found = machine(command)
    if found is None:
        raise RuntimeError(f"{command} is absent")
    return str(found)


def _nginx(folder: Path) -> list[str]:
    servers = []
    for kind, option in (("rsa", ["-newkey", "rsa:2048"]), ("ec", _EC)):
        chain, key = folder / f"{kind}.pem", folder / f"{kind}.key"
        subject = ["-subj", "/CN=www.example", "-days", "30", "-nodes"]
        command = [_need("openssl"), "req", "-x509", *option, *subject]
        subprocess.run([*command, "-keyout", key, "-out", chain], check=True, capture_output=True)
        mine = MACHINES[0::2] if kind == "rsa" else MACHINES[1::2]
        listen = "".join(f"listen {each.address}:{PORTS[443]} ssl;\n" for each in mine)
        plain = "".join(f"listen {each.address}:{PORTS[80]};\n" for each in mine)
        servers.append(
            f"server {{ {listen}{plain} ssl_certificate {chain}; ssl_certificate_key {key};\n"
            "ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3; ssl_ciphers DEFAULT:@SECLEVEL=0;\n"
            'add_header Strict-Transport-Security "max-age=31536000";\n'
            'location / { return 200 "<title>Accueil</title>"; } }\n'
        )
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    configuration = folder / "nginx.conf"
    configuration.write_text(
        f"daemon off; master_process off; pid {folder}/nginx.pid; error_log stderr crit;\n"
        f"worker_rlimit_nofile 60000; events {{ worker_connections 30000; }}\n"
        f"http {{ access_log off; {temporary}{''.join(servers)} }}\n"
    )
    return [_need("nginx"), "-p", str(folder), "-c", str(configuration), "-e", "stderr"]


_EC: Final = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]


def _greeter(folder: Path) -> list[str]:
    places = folder / "greeter.json"
    ssh, smtp = "SSH-2.0-OpenSSH_9.2p1\r\n", "220 mx.example ESMTP Postfix\r\n"
    listens = [
        [each.address, PORTS[port], text]
        for each in MACHINES
        for port, text in ((22, ssh), (25, smtp))
    ]
    places.write_text(json.dumps(listens))
    return [sys.executable, str(Path(__file__).parent / "programs" / "greeter.py"), str(places)]


def _nsd(folder: Path) -> list[str]:
    text = (
        f'server:\n  ip-address: 127.0.0.1@{DNS_PORT}\n  username: ""\n  zonesdir: "{folder}"\n'
        f'  database: ""\n  pidfile: "{folder}/nsd.pid"\n  xfrdfile: "{folder}/xfrd.state"\n'
        f'  zonelistfile: "{folder}/zone.list"\n  xfrdir: "{folder}"\n  rrl-ratelimit: 0\n'
        "remote-control:\n  control-enable: no\n"
    )
    zones = [("example", _ROOT), *((each.name, _zone(each)) for each in MACHINES)]
    for name, content in zones:
        (folder / f"{name}.zone").write_text(content)
        text += f'zone:\n  name: "{name}"\n  zonefile: "{name}.zone"\n'
    configuration = folder / "nsd.conf"
    configuration.write_text(text)
    return [_need("nsd"), "-d", "-c", str(configuration)]


_ROOT: Final = (
    "$ORIGIN example.\n$TTL 300\n@ SOA ns hostmaster 1 3600 600 86400 300\n"
    "@ NS ns\nns A 127.0.0.1\n"
)


def _zone(each: Machine) -> str:
    return (
        f"$ORIGIN {each.name}.\n$TTL 300\n@ SOA ns1 hostmaster 1 3600 600 86400 300\n"
        f"@ NS ns1\n@ NS ns2\nns1 A {each.address}\nns2 A {each.address}\n@ A {each.address}\n"
        f'@ MX 10 mx\nmx A {each.address}\n@ TXT "v=spf1 mx -all"\n@ CAA 0 issue "ca.example"\n'
        '_dmarc TXT "v=DMARC1; p=reject; rua=mailto:d@example"\n'
        '_smtp._tls TXT "v=TLSRPTv1; rua=mailto:t@example"\n'
    )


def open_folder() -> tempfile.TemporaryDirectory[str]:
    """Return a folder that servers of any user may read."""
    folder = tempfile.TemporaryDirectory(prefix="hygie-bench-lab-")
    os.chmod(folder.name, 0o755)  # noqa: PTH101, S103 - NSD may drop its rights
    return folder
