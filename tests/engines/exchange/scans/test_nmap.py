from __future__ import annotations

from tests.engines.exchange.scans.samples import NMAP, real

from hygie.engines.exchange.scans.nmap import parse_nmap
from hygie.vocabulary.enums import Severity


def test_what_nmap_itself_wrote_is_read() -> None:
    scan = parse_nmap(real("nmap.xml"), source="nmap.xml")

    assert (scan.version, scan.hosts) == ("7.93", {"127.0.0.1": frozenset({18080, 18443, 18444})})
    assert [(one.subject, one.product, one.version) for one in scan.services] == [
        ("127.0.0.1:18080", "python/simplehttpserver", "0.6"),
        ("127.0.0.1:18443", "openssl/openssl", ""),
    ]
    assert scan.issues == ()


def test_a_risky_service_on_the_internet_is_a_weakness_and_at_home_is_not() -> None:
    scan = parse_nmap(NMAP, source="x")

    assert [(one.key, one.subject, one.severity) for one in scan.issues] == [
        ("open-telnet", "vpn.essai.example:23", Severity.CRITICAL),
        ("ssl-poodle", "vpn.essai.example:443", Severity.MAJOR),
    ]
    assert scan.issues[1].cves == ("CVE-2014-3566",)
    assert scan.names["vpn.essai.example"] == ("9.9.9.9", "r.tiers.example")
    assert scan.services[0].product == "igor_sysoev/nginx"


def test_only_what_was_scanned_is_settled() -> None:
    scan = parse_nmap(NMAP, source="x")

    assert scan.settles("open-ms-wbt-server", "vpn.essai.example:3389")
    assert not scan.settles("open-vnc", "vpn.essai.example:5900")  # port not scanned
    assert not scan.settles("open-telnet", "9.9.9.10:23")  # down
    assert scan.settles("ssl-poodle", "vpn.essai.example:443", "scripts vuln")
    assert not scan.settles("ssl-poodle", "vpn.essai.example:443", "scripts ssl-cert")
