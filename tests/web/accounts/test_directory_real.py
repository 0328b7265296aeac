"""A password checked by a real OpenLDAP server, over StartTLS, on this machine.

Needs slapd (Debian) and the extra ``ldap`` of this package; says so where one is absent.
"""

from __future__ import annotations

import datetime as dt
import importlib
import ipaddress
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.web.world import PASSWORD, World

from hygie.config.identity import ldap_settings, read_identity
from hygie.domain.people.models import User
from hygie.jobs.checks.check import Status
from hygie.jobs.checks.identity import check_directory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.fixtures import SettingsWrapper

SLAPD = shutil.which("slapd") or shutil.which("slapd", path="/usr/sbin:/usr/lib/openldap")
SCHEMAS = Path("/etc/ldap/schema")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(SLAPD is None, reason="slapd is absent: apt install slapd"),
]

BASE = "dc=exemple"
BIND_DN = f"cn=hygie,{BASE}"
BIND_PASSWORD = "un mot de passe de recherche inventé"
DIRECTORY_PASSWORD = "celui de l’annuaire, inventé"


def entry(email: str, password: str = DIRECTORY_PASSWORD) -> str:
    return (
        f"\ndn: cn={email},{BASE}\nobjectClass: inetOrgPerson\ncn: {email}\nsn: Essai\n"
        f"mail: {email}\nuserPassword:: {_base64(password)}\n"
    )


def _base64(text: str) -> str:
    import base64

    return base64.b64encode(text.encode()).decode()


def certify(folder: Path) -> None:
    """Write a certificate of 127.0.0.1 that signs itself (cert.pem) and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Annuaire d’essai")])
    now = dt.datetime.now(dt.UTC)
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.IPv4Address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=2))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "cert.pem").write_bytes(made.public_bytes(pem))
    (folder / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def configured(folder: Path) -> Path:
    """Write the configuration and the people of a directory that speaks over TLS alone."""
    (folder / "rows").mkdir()
    schemas = "".join(
        f"include {SCHEMAS / name}.schema\n" for name in ("core", "cosine", "inetorgperson")
    )
    (folder / "slapd.conf").write_text(
        f"{schemas}modulepath /usr/lib/ldap\nmoduleload back_mdb\n"
        f"pidfile {folder}/slapd.pid\nargsfile {folder}/slapd.args\n"
        f"TLSCertificateFile {folder}/cert.pem\nTLSCertificateKeyFile {folder}/key.pem\n"
        f"security tls=1\ndatabase mdb\nsuffix {BASE}\nrootdn {BIND_DN}\n"
        f'rootpw "{BIND_PASSWORD}"\ndirectory {folder}/rows\n'
        "access to attrs=userPassword by anonymous auth by * none\naccess to * by * none\n"
    )
    people = [entry(f"{name}@exemple.example") for name in ("rssi", "cert", "inconnu")]
    top = f"dn: {BASE}\nobjectClass: domain\ndc: exemple\n"
    (folder / "people.ldif").write_text(top + "".join(people))
    return folder / "slapd.conf"


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Return the address of the directory and the certificate that it is trusted by."""
    pytest.importorskip("ldap", reason="the extra ldap is absent: pip install hygie[ldap]")
    folder = tmp_path_factory.mktemp("slapd")
    certify(folder)
    conf = configured(folder)
    assert SLAPD is not None
    load = ["-T", "add", "-f", str(conf), "-l", str(folder / "people.ldif")]
    subprocess.run([SLAPD, *load], check=True, capture_output=True, timeout=60)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    url = f"ldap://127.0.0.1:{port}"
    command = [SLAPD, "-d", "0", "-f", str(conf), "-h", f"{url}/"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        _wait_for(port)
        yield url, folder / "cert.pem"
        server.terminate()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("slapd does not answer")


def trust(certificate: Path | None) -> None:
    import ldap  # type: ignore[import-not-found]

    ldap.set_option(ldap.OPT_X_TLS_CACERTFILE, str(certificate) if certificate else "/dev/null")
    ldap.set_option(ldap.OPT_X_TLS_NEWCTX, 0)


@pytest.fixture
def configured_site(
    directory: tuple[str, Path], settings: SettingsWrapper, world: World
) -> SettingsWrapper:
    url, certificate = directory
    trust(certificate)
    identity = read_identity(
        {
            "HYGIE_LDAP_URL": url,
            "HYGIE_LDAP_BIND_DN": BIND_DN,
            "HYGIE_LDAP_BIND_PASSWORD": BIND_PASSWORD,
            "HYGIE_LDAP_BASE_DN": BASE,
        }
    )
    assert identity.directory is not None
    for name, value in ldap_settings(identity.directory).items():
        setattr(settings, name, value)
    assert world.users
    return settings


@pytest.fixture
def backend(configured_site: SettingsWrapper, monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: ANN401 - untyped library
    assert configured_site.AUTH_LDAP_START_TLS
    monkeypatch.delitem(sys.modules, "hygie.web.accounts.directory", raising=False)
    return importlib.import_module("hygie.web.accounts.directory").DirectoryBackend()


def test_the_directory_opens_an_account_that_exists(backend: Any, world: World) -> None:  # noqa: ANN401
    user = world.users["rssi"]
    user.set_password(PASSWORD)
    user.save()

    found = backend.authenticate(None, email="RSSI@exemple.example", password=DIRECTORY_PASSWORD)

    assert found == user
    user.refresh_from_db()
    assert user.name == "Personne rssi"
    assert user.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("email", "password"),
    [
        pytest.param("rssi@exemple.example", "faux", id="wrong"),
        pytest.param("rssi@exemple.example", "", id="anonymous bind"),
        pytest.param("inconnu@exemple.example", DIRECTORY_PASSWORD, id="no account here"),
        pytest.param("ars@exemple.example", DIRECTORY_PASSWORD, id="not in the directory"),
        pytest.param("*", DIRECTORY_PASSWORD, id="a filter"),
        pytest.param("rssi*)(mail=rssi", DIRECTORY_PASSWORD, id="half a filter"),
        pytest.param("rssi\x00@exemple.example", DIRECTORY_PASSWORD, id="a null byte"),
    ],
)
def test_nothing_else_opens_or_is_made(email: str, password: str, backend: Any) -> None:  # noqa: ANN401
    before = User.objects.count()

    assert backend.authenticate(None, email=email, password=password) is None
    assert User.objects.count() == before


def test_a_closed_account_stays_closed(backend: Any, world: World) -> None:  # noqa: ANN401
    User.objects.filter(pk=world.users["cert"].pk).update(is_active=False)

    assert (
        backend.authenticate(None, email="cert@exemple.example", password=DIRECTORY_PASSWORD)
        is None
    )


def test_doctor_binds_as_a_sign_in_does(configured_site: SettingsWrapper) -> None:
    found = check_directory(configured_site)
    configured_site.AUTH_LDAP_BIND_PASSWORD = "un autre"
    refused = check_directory(configured_site)
    configured_site.AUTH_LDAP_BIND_PASSWORD = BIND_PASSWORD
    configured_site.AUTH_LDAP_SEARCH = ("dc=ailleurs", "")
    nowhere = check_directory(configured_site)

    assert found.status is Status.GOOD
    assert (refused.status, "INVALID_CREDENTIALS" in refused.detail) == (Status.BROKEN, True)
    assert nowhere.status is Status.BROKEN


def test_a_directory_that_nobody_vouches_for_is_refused(
    backend: Any,  # noqa: ANN401
    configured_site: SettingsWrapper,
) -> None:
    trust(None)

    found = backend.authenticate(None, email="rssi@exemple.example", password=DIRECTORY_PASSWORD)

    assert found is None
    assert check_directory(configured_site).status is Status.BROKEN
