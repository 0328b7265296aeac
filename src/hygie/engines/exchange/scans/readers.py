"""Every format of report by its name on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from hygie.engines.exchange.scans.nessus import parse_nessus
from hygie.engines.exchange.scans.nmap import parse_nmap
from hygie.engines.exchange.scans.nuclei import parse_nuclei
from hygie.engines.exchange.scans.openvas import parse_openvas
from hygie.engines.exchange.scans.oradad import parse_oradad
from hygie.engines.exchange.scans.pingcastle import parse_pingcastle
from hygie.engines.exchange.scans.shodan import parse_shodan
from hygie.engines.exchange.scans.sslyze import parse_sslyze
from hygie.engines.exchange.scans.testssl import parse_testssl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygie.engines.exchange.scans.report import Scan


class Reader(Protocol):
    """Reads one format."""

    def __call__(self, document: bytes, *, source: str) -> Scan:
        """Return the report, or raise InputError."""


READERS: Final[Mapping[str, Reader]] = {
    "nmap": parse_nmap,
    "nuclei": parse_nuclei,
    "testssl": parse_testssl,
    "sslyze": parse_sslyze,
    "shodan": parse_shodan,
    "pingcastle": parse_pingcastle,
    "oradad": parse_oradad,
    "openvas": parse_openvas,
    "nessus": parse_nessus,
}
NAMES: Final[Mapping[str, str]] = {
    "nmap": "nmap",
    "nuclei": "nuclei",
    "testssl": "testssl.sh",
    "sslyze": "sslyze",
    "shodan": "Shodan",
    "pingcastle": "PingCastle",
    "oradad": "Audit Active Directory (ADS, ORADAD)",
    "openvas": "OpenVAS / Greenbone",
    "nessus": "Nessus",
}
"""Format -> the tool's own name."""
