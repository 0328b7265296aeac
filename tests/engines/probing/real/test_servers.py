"""Real servers of Debian, started here on loopback: the facts we read of them are true."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from tests.engines.probing.peers import lab, run
from tests.engines.probing.real import servers
from tests.engines.probing.real.certificates import HOST, CertificateFolder, Kind
from tests.engines.probing.real.tools import find

from hygie.engines.probing.observe import Target, observe_target
from hygie.vocabulary.facts import NotObserved, Observation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hygie.vocabulary.facts import Outcome

pytestmark = [pytest.mark.slow, pytest.mark.timeout(60)]
BUDGET_S = 8.0


def observed(certificates: CertificateFolder, places: Mapping[int, int], **kinds: int) -> Any:  # noqa: ANN401
    """Return the observations of HOST by probe, its ports played by ``places``."""
    network = lab(
        {f"{HOST}:{port}": real for port, real in places.items()}, ca=str(certificates.authority)
    )
    network.resolve = _here  # type: ignore[method-assign] # no DNS is needed for these
    seen: dict[str, Outcome] = {}
    for kind, port in kinds.items():
        target = Target(HOST, (port,), (kind,))
        [seen[kind]] = run(observe_target(target, network, now=certificates.now, budget_s=BUDGET_S))
    lost = [outcome for outcome in seen.values() if isinstance(outcome, NotObserved)]
    assert not lost
    return {kind: outcome for kind, outcome in seen.items() if isinstance(outcome, Observation)}


async def _here(name: str) -> tuple[str, ...]:  # noqa: ARG001 - the network's signature
    return ("198.51.100.7",)


def debian_version(package: str) -> str:
    """Return the upstream version that dpkg knows, without epoch nor revision."""
    command = ["dpkg-query", "-W", "-f", "${Version}", package]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    return re.sub(r"^[0-9]+:|[-+~].*$", "", done.stdout)


def test_nginx_redirects_then_protects_its_visitors(
    folder: Path, certificates: CertificateFolder
) -> None:
    with servers.nginx(folder, certificates.files(Kind("ec256"))) as (plain, secure):
        places = {80: plain, 443: secure}
        http = observed(certificates, places, http=80)["http"]
        both = observed(certificates, places, http=443, tls=443)

    assert http.value["redirects_to_tls"] is True
    assert http.value["location"] == f"https://{HOST}/"
    https = both["http"]
    assert https.value["status"] == 200
    assert https.value["hsts_max_age"] == 31_536_000
    assert https.value["content_security_policy"] is True
    assert https.value["insecure_cookies"] == ["sid"]
    assert https.value["directory_listing"] is True
    assert https.value["security_txt"] is True
    assert https.value["server"] == f"nginx/{debian_version('nginx')}"
    assert (https.product, https.version) == ("f5/nginx", debian_version("nginx"))
    assert both["tls"].value["certificate"]["trusted"] is True


def test_opensmtpd_offers_starttls(folder: Path, certificates: CertificateFolder) -> None:
    if subprocess.run(["pgrep", "-x", "smtpd"], check=False, capture_output=True).returncode == 0:
        pytest.skip("an OpenSMTPD of this machine holds the control socket")
    with servers.opensmtpd(folder, certificates.files(Kind("rsa2048"))) as port:
        tcp = observed(certificates, {25: port}, tcp=25)["tcp"]
        mail = run(_mail(port))

    assert (tcp.value["open"], tcp.value["service"]) == (True, "smtp")
    assert tcp.value["banner"].startswith("220 mx.ch-epreuve.example ESMTP OpenSMTPD")
    assert mail.value["starttls"] is True


async def _mail(port: int) -> Observation:
    from tests.engines.probing.peers import NOW, MemoryNetwork

    from hygie.engines.probing import mail

    records = {
        ("ch-epreuve.example", "MX"): ["10 mx.ch-epreuve.example"],
        ("mx.ch-epreuve.example", "A"): ["198.51.100.7"],
    }
    network: Any = MemoryNetwork(records, {"mx.ch-epreuve.example:25": port})
    return await mail.observe("ch-epreuve.example", network, now=NOW)


def test_storescp_answers_the_verification_of_a_stranger(
    folder: Path, certificates: CertificateFolder
) -> None:
    with servers.storescp(folder) as port:
        seen = observed(certificates, {104: port}, dicom=104)["dicom"]

    assert seen.value["accepts_association"] is True
    assert seen.value["echo_status"] == 0
    assert (seen.product, seen.version) == ("offis/dcmtk", debian_version("dcmtk"))


def test_dcmqrscp_knows_whom_it_is_called_by(folder: Path, certificates: CertificateFolder) -> None:
    with servers.dcmqrscp(folder) as port:
        seen = observed(certificates, {104: port}, dicom=104)["dicom"]

    assert seen.value["answers"] is True
    assert seen.value["accepts_association"] is False
    assert seen.value["rejected_reason"]
    assert seen.value["echo_status"] is None


def test_orthanc_shows_its_archive_to_the_web(
    folder: Path, certificates: CertificateFolder
) -> None:
    with servers.orthanc(folder) as (dicom, web):
        seen = observed(certificates, {4242: dicom, 8042: web}, dicom=4242, http=8042)

    assert seen["dicom"].value["echo_status"] == 0
    # Debian's Orthanc names the toolkit it is built with, not itself.
    assert seen["dicom"].product in ("orthanc-server/orthanc", "offis/dcmtk")
    assert seen["http"].value["portal"] == "orthanc"
    assert seen["http"].product == "orthanc-server/orthanc"


def test_slapd_is_open_and_its_certificate_is_read(
    folder: Path, certificates: CertificateFolder
) -> None:
    with servers.slapd(folder, certificates.files(Kind("rsa2048", flaw="chain"))) as ports:
        seen = observed(certificates, dict(zip((389, 636), ports, strict=True)), tcp=389, tls=636)

    assert (seen["tcp"].value["open"], seen["tcp"].value["service"]) == (True, "ldap")
    tls = seen["tls"].value
    assert {"TLSv1.2", "TLSv1.3"} <= set(tls["accepted"])
    assert tls["certificate"]["name_matches"] is True


def test_vsftpd_says_its_version(folder: Path, certificates: CertificateFolder) -> None:
    with servers.vsftpd(folder) as port:
        seen = observed(certificates, {21: port}, tcp=21)["tcp"]

    assert seen.value["service"] == "ftp"
    assert (seen.product, seen.version) == ("vsftpd_project/vsftpd", debian_version("vsftpd"))


@pytest.mark.parametrize(
    ("layer", "shown"),
    [("rdp", "RDP sans TLS"), ("tls", "RDP sur TLS"), ("negotiate", "RDP sur TLS")],
)
def test_xrdp_says_how_it_protects_a_session(
    folder: Path, certificates: CertificateFolder, layer: str, shown: str
) -> None:
    with servers.xrdp(folder, certificates.files(Kind("rsa2048")), layer) as port:
        seen = observed(certificates, {3389: port}, tcp=3389)["tcp"]

    assert (seen.value["service"], seen.value["banner"]) == ("rdp", shown)


def test_redis_answers_anybody(folder: Path, certificates: CertificateFolder) -> None:
    with servers.redis(folder) as port:
        seen = observed(certificates, {6379: port}, tcp=6379)["tcp"]

    assert (seen.value["service"], seen.value["banner"]) == ("redis", "+PONG")


def test_what_is_absent_here_is_said() -> None:
    programs = "nginx smtpd nsd knotd storescp dcmqrscp Orthanc slapd vsftpd xrdp redis-server"
    absent = [name for name in programs.split() if find(name) is None]

    if absent:
        pytest.skip(f"absent here, so not proved: {', '.join(absent)}")
