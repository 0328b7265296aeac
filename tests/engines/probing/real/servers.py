"""Real servers of Debian on loopback, each with a configuration of its own in a folder.

Each is one context manager that yields the ports it listens on; an absent program skips the test.
"""

from __future__ import annotations

import json
import shutil
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.engines.probing.real.tools import free_port, need, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def nginx(folder: Path, certificate: tuple[Path, Path]) -> Iterator[tuple[int, int]]:
    """Serve a page that redirects to a careful HTTPS site, which lists one folder."""
    program = need("nginx", "nginx-light")
    plain, secure = free_port(), free_port()
    (folder / "site" / ".well-known").mkdir(parents=True)
    (folder / "site" / ".well-known" / "security.txt").write_text("Contact: mailto:s@ch.example\n")
    (folder / "site" / "notes.txt").write_text("x")
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    configuration = folder / "nginx.conf"
    configuration.write_text(f"""
daemon off; master_process off; pid {folder}/nginx.pid; error_log stderr error;
user root; events {{}}
http {{ access_log off; {temporary}
  server {{ listen 127.0.0.1:{plain};
    return 301 https://www.ch-epreuve.example/; }}
  server {{ listen 127.0.0.1:{secure} ssl;
    ssl_certificate {certificate[0]}; ssl_certificate_key {certificate[1]};
    add_header Strict-Transport-Security "max-age=31536000" always;
    add_header Content-Security-Policy "default-src 'self'" always;
    add_header Set-Cookie "sid=1; Path=/";
    root {folder}/site; autoindex on; }}
}}""")
    command = [program, "-p", folder, "-c", configuration, "-e", "stderr"]
    with running(command, plain, secure, folder=folder):
        yield plain, secure


@contextmanager
def opensmtpd(folder: Path, certificate: tuple[Path, Path]) -> Iterator[int]:
    """Take mail with STARTTLS; its control socket is the machine's: one at a time."""
    program = need("smtpd", "opensmtpd")
    port = free_port()
    key, name = folder / "smtp.key", "mx.ch-epreuve.example"
    shutil.copy(certificate[1], key)
    key.chmod(0o600)
    configuration = folder / "smtpd.conf"
    configuration.write_text(
        f'pki {name} cert "{certificate[0]}"\npki {name} key "{key}"\n'
        f"listen on 127.0.0.1 port {port} tls pki {name} hostname {name}\n"
        'action "refuse" relay\nmatch from local for local action "refuse"\n'
    )
    with running([program, "-d", "-f", configuration], port, folder=folder):
        yield port


@contextmanager
def nsd(folder: Path, zones: dict[str, str]) -> Iterator[int]:
    """Serve zones given as text, by name."""
    program = need("nsd", "nsd")
    port = free_port(socket.SOCK_DGRAM)
    text = f"""
server:
  ip-address: 127.0.0.1@{port}
  username: ""
  zonesdir: "{folder}"
  database: ""
  pidfile: "{folder}/nsd.pid"
  xfrdfile: "{folder}/xfrd.state"
  zonelistfile: "{folder}/zone.list"
  xfrdir: "{folder}"
  rrl-ratelimit: 0
remote-control:
  control-enable: no
"""
    for name, content in zones.items():
        (folder / f"{name}.zone").write_text(content)
        text += f'zone:\n  name: "{name}"\n  zonefile: "{name}.zone"\n'
    configuration = folder / "nsd.conf"
    configuration.write_text(text)
    with running([program, "-d", "-c", configuration], port, folder=folder):
        yield port


@contextmanager
def knot(folder: Path, zone: str, content: str) -> Iterator[int]:
    """Sign and serve one zone, as its operator would; anybody may transfer it."""
    program = need("knotd", "knot")
    port = free_port(socket.SOCK_DGRAM)
    (folder / "zone").mkdir()
    (folder / "zone" / f"{zone}.zone").write_text(content)
    configuration = folder / "knot.conf"
    configuration.write_text(f"""
server:
    rundir: "{folder}"
    listen: 127.0.0.1@{port}
    user: root:root
database:
    storage: "{folder}"
acl:
  - id: anybody
    address: 127.0.0.1
    action: transfer
template:
  - id: default
    storage: "{folder}/zone"
    zonefile-sync: -1
    dnssec-signing: on
    acl: anybody
zone:
  - domain: {zone}
""")
    with running([program, "-c", configuration, "-s", folder / "knot.sock"], port, folder=folder):
        yield port


@contextmanager
def storescp(folder: Path) -> Iterator[int]:
    """Take images from anybody (DCMTK)."""
    program = need("storescp", "dcmtk")
    port = free_port()
    with running([program, "--output-directory", folder, str(port)], port, folder=folder):
        yield port


@contextmanager
def dcmqrscp(folder: Path) -> Iterator[int]:
    """Answer only those who know its name (DCMTK)."""
    program = need("dcmqrscp", "dcmtk")
    port = free_port()
    (folder / "images").mkdir()
    configuration = folder / "dcmqrscp.cfg"
    configuration.write_text(
        f'NetworkTCPPort = {port}\nMaxPDUSize = 16384\nMaxAssociations = 4\nUserName = "root"\n'
        'GroupName = "root"\nHostTable BEGIN\nknown = (STATION, localhost, 104)\nHostTable END\n'
        "VendorTable BEGIN\nVendorTable END\nAETable BEGIN\n"
        f"ARCHIVE {folder}/images RW (9, 1024mb) known\nAETable END\n"
    )
    with running([program, "-c", configuration], port, folder=folder, speaks_first=True):
        yield port


@contextmanager
def orthanc(folder: Path) -> Iterator[tuple[int, int]]:
    """Run a whole image archive: DICOM and its REST interface."""
    program = need("Orthanc", "orthanc")
    dicom, web = free_port(), free_port()
    configuration = folder / "orthanc.json"
    settings = {
        "StorageDirectory": str(folder / "storage"),
        "IndexDirectory": str(folder / "index"),
        "DicomPort": dicom,
        "HttpPort": web,
        "DicomAet": "ORTHANC",
        "DicomCheckCalledAet": False,
        "DicomAlwaysAllowEcho": True,
        "RemoteAccessAllowed": False,
        "AuthenticationEnabled": False,
        "Plugins": [],
    }
    configuration.write_text(json.dumps(settings))
    with running([program, configuration], dicom, web, folder=folder):
        yield dicom, web


@contextmanager
def slapd(folder: Path, certificate: tuple[Path, Path]) -> Iterator[tuple[int, int]]:
    """Run a directory without any entry, plain and inside TLS."""
    program = need("slapd", "slapd")
    plain, secure = free_port(), free_port()
    configuration = folder / "slapd.conf"
    configuration.write_text(
        f"pidfile {folder}/slapd.pid\nargsfile {folder}/slapd.args\n"
        f"TLSCertificateFile {certificate[0]}\nTLSCertificateKeyFile {certificate[1]}\n"
    )
    urls = f"ldap://127.0.0.1:{plain} ldaps://127.0.0.1:{secure}"
    command = [program, "-d", "0", "-h", urls, "-f", configuration]
    with running(command, plain, secure, folder=folder):
        yield plain, secure


@contextmanager
def vsftpd(folder: Path) -> Iterator[int]:
    """Offer files to nobody, with the greeting it comes with."""
    program = need("vsftpd", "vsftpd")
    port = free_port()
    (folder / "empty").mkdir()
    configuration = folder / "vsftpd.conf"
    configuration.write_text(
        f"listen=YES\nlisten_address=127.0.0.1\nlisten_port={port}\nbackground=NO\n"
        f"anonymous_enable=NO\nlocal_enable=YES\nsecure_chroot_dir={folder}/empty\n"
        "seccomp_sandbox=NO\n"
    )
    with running([program, configuration], port, folder=folder):
        yield port


@contextmanager
def xrdp(folder: Path, certificate: tuple[Path, Path], layer: str) -> Iterator[int]:
    """Offer a desktop; ``layer`` is rdp, tls or negotiate."""
    program = need("xrdp", "xrdp")
    port = free_port()
    configuration = folder / "xrdp.ini"
    configuration.write_text(
        f"[Globals]\nini_version=1\nfork=false\nport=tcp://127.0.0.1:{port}\n"
        f"security_layer={layer}\ncrypt_level=high\ncertificate={certificate[0]}\n"
        f"key_file={certificate[1]}\nssl_protocols=TLSv1.2, TLSv1.3\n"
        f"[Logging]\nLogFile={folder}/xrdp.log\nLogLevel=ERROR\nEnableSyslog=false\n"
        "[Channels]\n[Xorg]\nname=Xorg\nlib=libxup.so\n"
    )
    command = [program, "--nodaemon", "--config", configuration]
    with running(command, port, folder=folder, speaks_first=True):
        yield port


@contextmanager
def redis(folder: Path) -> Iterator[int]:
    """Hold values for anybody."""
    program = need("redis-server", "redis-server")
    port = free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with running([program, *options], port, folder=folder):
        yield port
