"""The ports worth knowing about, and what usually listens there.

A hospital shows few services to the Internet on purpose; the others are here because attackers
look for them. Sources: IANA service names; medical ports of reference lists (DICOM PS3.8
section 9.1.1 for 104 and 11112, HL7 MLLP 2575); building automation by the vendors' manuals.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hygie.engines.probing.udp_questions import QUESTIONS


@dataclass(frozen=True, slots=True)
class Service:
    """What a port usually carries.

    Attributes:
        name: the ``service`` fact when nothing said otherwise.
        question: bytes that any client sends first and that change nothing; empty when we
            only listen, because the service speaks first or because speaking is not harmless
            (a printer prints what it receives).
        listens: False where even waiting for a greeting is useless.
    """

    name: str
    question: bytes = b""
    listens: bool = True


# X.224 Connection Request asking for TLS or CredSSP (MS-RDPBCGR 2.2.1.1): what every client sends.
_RDP: Final = bytes.fromhex("030000130ee000000000000100080003000000")
_POSTGRESQL_SSL: Final = bytes.fromhex("0000000804d2162f")
_HTTP: Final = b"GET / HTTP/1.0\r\nConnection: close\r\n\r\n"

SERVICES: Final[dict[int, Service]] = {
    21: Service("ftp"),
    22: Service("ssh"),
    23: Service("telnet"),
    25: Service("smtp"),
    69: Service("tftp", listens=False),
    102: Service("s7", listens=False),
    110: Service("pop3"),
    111: Service("rpcbind", listens=False),
    135: Service("msrpc", listens=False),
    139: Service("netbios", listens=False),
    143: Service("imap"),
    389: Service("ldap", listens=False),
    445: Service("smb", listens=False),
    502: Service("modbus", listens=False),
    512: Service("rexec", listens=False),
    513: Service("rlogin", listens=False),
    514: Service("rsh", listens=False),
    515: Service("lpd", listens=False),
    548: Service("afp", listens=False),
    554: Service("rtsp", listens=False),
    623: Service("ipmi", listens=False),
    631: Service("ipp", _HTTP),
    873: Service("rsync"),
    902: Service("vmware-auth"),
    1099: Service("java-rmi", listens=False),
    1182: Service("poct1-a", listens=False),
    1433: Service("mssql", listens=False),
    1521: Service("oracle", listens=False),
    1723: Service("pptp", listens=False),
    1883: Service("mqtt", listens=False),
    1911: Service("niagara-fox", listens=False),
    2049: Service("nfs", listens=False),
    2375: Service("docker", _HTTP),
    3128: Service("proxy", listens=False),
    3260: Service("iscsi", listens=False),
    3306: Service("mysql"),
    3389: Service("rdp", _RDP),
    3671: Service("knx", listens=False),
    4840: Service("opc-ua", listens=False),
    4899: Service("radmin", listens=False),
    5000: Service("http-admin", _HTTP),
    5432: Service("postgresql", _POSTGRESQL_SSL),
    5555: Service("adb", listens=False),
    5631: Service("pcanywhere", listens=False),
    5800: Service("vnc-http", _HTTP),
    5900: Service("vnc"),
    5901: Service("vnc"),
    5938: Service("teamviewer", listens=False),
    5984: Service("couchdb", _HTTP),
    5985: Service("winrm", listens=False),
    6000: Service("x11", listens=False),
    6379: Service("redis", b"PING\r\n"),
    6443: Service("kubernetes", listens=False),
    8006: Service("proxmox", listens=False),
    8042: Service("orthanc", _HTTP),
    8080: Service("http-alt", _HTTP),
    9100: Service("printer", listens=False),
    9200: Service("elasticsearch", _HTTP),
    9389: Service("ad-web-services", listens=False),
    10000: Service("webmin", _HTTP),
    11211: Service("memcached", b"version\r\n"),
    20000: Service("dnp3", listens=False),
    27017: Service("mongodb", listens=False),
    44818: Service("ethernet-ip", listens=False),
    47808: Service("bacnet", listens=False),
    50000: Service("db2", listens=False),
}

TLS_PORTS: Final = frozenset({443, 636, 853, 989, 990, 992, 993, 995, 2762, 3269, 5061})
HTTPS_PORTS: Final = frozenset({443, 2381, 4443, 4911, 5001, 5986, 8006, 8443, 9443, 10443})
HTTP_PORTS: Final = frozenset({80, 591, 5000, 8000, 8008, 8042, 8080, 8081, 8088, 8888, 9200})
SMTP_PORTS: Final = (25, 587)
DICOM_PORTS: Final = (104, 4242, 11112)
DICOMWEB_PORTS: Final = (443, 8042, 8080, 8443)
FHIR_PORTS: Final = (443, 8080, 8443)
UDP_PORTS: Final = tuple(QUESTIONS)
MLLP_PORTS: Final = (2575, 6661)

DEFAULT_PORTS: Final[dict[str, tuple[int, ...]]] = {
    "tls": (443,),
    "http": (80, 443),
    "tcp": tuple(SERVICES),
    "dicom": DICOM_PORTS,
    "mllp": MLLP_PORTS,
    "tls-depth": (443,),
    "starttls": SMTP_PORTS,
    "fhir": FHIR_PORTS,
    "dicomweb": DICOMWEB_PORTS,
    "udp": UDP_PORTS,
}


def fitting_probes(port: int) -> tuple[str, ...]:
    """Return the probes that make sense on a port named by a person."""
    fitting = {
        "tls": port in TLS_PORTS | HTTPS_PORTS,
        "http": port in HTTP_PORTS | HTTPS_PORTS,
        "dicom": port in DICOM_PORTS,
        "mllp": port in MLLP_PORTS,
        "tls-depth": port in TLS_PORTS | HTTPS_PORTS,
        "starttls": port in SMTP_PORTS,
        "fhir": port in FHIR_PORTS,
        "dicomweb": port in DICOMWEB_PORTS,
        "udp": port in UDP_PORTS,
    }
    return ("tcp", *(probe for probe, fits in fitting.items() if fits))
