"""Recognise, from one page already read, the front doors that attackers look for first.

Passive: nothing is asked that a visitor's browser would not ask. Each sign is a text found in
the page, a header, a cookie or the place a redirect leads to. ``product`` is the vendor and
product under which vulnerabilities are published (CPE), so that a version can be matched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from hygie.engines.probing.http_reader import Response


@dataclass(frozen=True, slots=True)
class Portal:
    """One front door.

    Attributes:
        name: the ``portal`` fact.
        product: CPE ``vendor/product``.
        signs: any of them, found in the signature text of the response, recognises it.
        version: where the page or a header states the version; None when it never does.
    """

    name: str
    product: str
    signs: re.Pattern[str]
    version: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class Recognition:
    """What stands behind a page; ``version`` as written, None when not stated."""

    portal: str | None
    product: str
    version: str | None


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


_ANY_VERSION: Final = r"[^<>\n]{0,60}?\bv?([0-9]{1,4}(?:\.[0-9]{1,5}){1,4}[0-9A-Za-z.\-]{0,12})"

PORTALS: Final[tuple[Portal, ...]] = (
    Portal(
        "fortinet-ssl-vpn",
        "fortinet/fortios",
        _pattern(
            r"location: \S{0,200}/remote/login|/remote/fgt_lang|/sslvpn/js/login\.js"
            r"|<f-icon class=\"ftnt-fortinet|set-cookie: svpncookie|\bfortigate\b|\bfortios\b"
            r"|server: x{8}-x{5}"
        ),
        _pattern(r"\b(?:FortiOS|FortiGate)" + _ANY_VERSION),
    ),
    Portal(
        "citrix-gateway",
        "citrix/netscaler_gateway",
        _pattern(
            r"location: \S{0,200}/(?:vpn/index\.html|logon/logonpoint)|/vpn/js/rdx|_ctxs"
            r"|set-cookie: (?:nsc_|citrix_ns_id)|citrix gateway|netscaler (?:gateway|aaa|adc)"
        ),
        _pattern(r"\bNS([0-9]{1,3}\.[0-9]{1,3}): ?Build ([0-9]{1,4}(?:\.[0-9]{1,4})?)"),
    ),
    Portal(
        "pulse-secure",
        "ivanti/connect_secure",
        _pattern(
            r"/dana-na/|set-cookie: ds(?:signin|id|browserid)|pulse connect secure"
            r"|ivanti connect secure|pulse secure"
        ),
        _pattern(
            r"name=\"ProductVersion\" value=\"([0-9][0-9A-Za-z.]{1,20})"
            r"|(?:Pulse|Ivanti) (?:Connect )?Secure" + _ANY_VERSION
        ),
    ),
    Portal(
        "sonicwall-vpn",
        "sonicwall/sonicos",
        _pattern(r"server: sonicwall|sonicwall (?:virtual office|ssl.?vpn)|/cgi-bin/welcome\b"),
        _pattern(r"\bSonicOS" + _ANY_VERSION),
    ),
    Portal(
        "globalprotect",
        "paloaltonetworks/pan-os",
        _pattern(r"/global-protect/|globalprotect portal|\bpan_form\b"),
        _pattern(r"\bPAN-OS" + _ANY_VERSION),
    ),
    Portal(
        "cisco-vpn",
        "cisco/adaptive_security_appliance_software",
        _pattern(r"/\+CSCOE\+/|set-cookie: webvpn"),
    ),
    Portal(
        "outlook-web",
        "microsoft/exchange_server",
        _pattern(r"location: \S{0,200}/owa\b|x-owa-version:|/owa/auth/|x-feserver:"),
        _pattern(r"x-owa-version: ?([0-9.]{5,20})|/owa/(?:auth/)?([0-9]+(?:\.[0-9]+){2,3})/"),
    ),
    Portal(
        "glpi",
        "glpi-project/glpi",
        _pattern(r"set-cookie: glpi_|<title>[^<]{0,40}\bGLPI\b|\bglpi-logo\b|/glpi/(?:index|css)"),
        _pattern(r"\bGLPI" + _ANY_VERSION),
    ),
    Portal(
        "orthanc",
        "orthanc-server/orthanc",
        _pattern(r"location: \S{0,200}app/explorer\.html|<title>orthanc|orthanc explorer"),
        _pattern(r"\bOrthanc" + _ANY_VERSION),
    ),
    Portal(
        "zimbra",
        "synacor/zimbra_collaboration_suite",
        _pattern(r"set-cookie: zm_|zimbra (?:web client|collaboration)|/zimbra/"),
        _pattern(r"\bZimbra" + _ANY_VERSION),
    ),
    Portal(
        "vmware-vcenter",
        "vmware/vcenter_server",
        _pattern(r"id_vc_welcome|vsphere web (?:client|services)|vmware vcenter|/vsphere-client"),
        _pattern(r"\bvCenter(?: Server)?" + _ANY_VERSION),
    ),
    Portal(
        "vmware-esxi",
        "vmware/esxi",
        _pattern(r"id_eesx_welcome|vmware esxi|\besx_license\b"),
        _pattern(r"\bESXi" + _ANY_VERSION),
    ),
    Portal(
        "vmware-horizon",
        "vmware/horizon",
        _pattern(r"<title>vmware horizon|/portal/webclient"),
        _pattern(r"\bHorizon" + _ANY_VERSION),
    ),
    Portal(
        "synology-dsm",
        "synology/diskstation_manager",
        _pattern(r"synology(?: nas| diskstation|\.com)|syno\.sds|/webman/"),
        _pattern(r"\bDSM" + _ANY_VERSION),
    ),
)

_SERVERS: Final[dict[str, str]] = {
    "apache": "apache/http_server",
    "nginx": "f5/nginx",
    "microsoft-iis": "microsoft/internet_information_services",
    "apache-coyote": "apache/tomcat",
    "jetty": "eclipse/jetty",
    "lighttpd": "lighttpd/lighttpd",
    "orthanc": "orthanc-server/orthanc",
    "boa": "boa/boa",
    "goahead-webs": "embedthis/goahead",
    "zope": "zope/zope",
}
_SERVER_TOKEN: Final = re.compile(r"^\s*([A-Za-z][A-Za-z-]{1,40})(?:[/ (]+v?([0-9][\w.\-]{0,30}))?")


def recognise(response: Response) -> Recognition | None:
    """Return what the page is the front door of, else the web server that names itself."""
    text = _signature_text(response)
    for portal in PORTALS:
        if portal.signs.search(text):
            version = _version(portal, text)
            return Recognition(portal.name, _product(portal, version), version)
    return recognise_server(response.header("server") or "")


def _product(portal: Portal, version: str | None) -> str:
    """Return the name of the version's time: releases up to 9 were published under another."""
    if portal.name == "pulse-secure" and re.match(r"[5-9]\.", version or ""):
        return "pulsesecure/pulse_connect_secure"
    return portal.product


def recognise_server(server: str) -> Recognition | None:
    """Read ``Apache/2.4.29 (Ubuntu)`` and the like."""
    token = _SERVER_TOKEN.match(server)
    product = _SERVERS.get(token[1].lower()) if token else None
    return Recognition(None, product, token[2] or None) if token and product else None


def _signature_text(response: Response) -> str:
    """Return headers then page, as one text that signs are looked for in."""
    head = "\n".join(f"{name}: {value[:500]}" for name, value in response.headers)
    return f"{head}\n{response.body}"


def _version(portal: Portal, text: str) -> str | None:
    """Return the stated version; a build number apart is joined as vendors do: ``13.0-58.32``."""
    found = portal.version.search(text) if portal.version else None
    return "-".join(group for group in found.groups() if group) if found else None
