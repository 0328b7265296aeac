from __future__ import annotations

import pytest

from hygie.engines.probing.http_reader import Response, read_response
from hygie.engines.probing.portals import PORTALS, Recognition, recognise, recognise_server


def response(*headers: str, body: str = "") -> Response:
    head = "\r\n".join(["HTTP/1.1 200 OK", *headers, "", ""])
    return read_response(head.encode() + body.encode())


@pytest.mark.parametrize(
    ("headers", "body", "portal", "version"),
    [
        (["Location: /remote/login?lang=fr"], "", "fortinet-ssl-vpn", None),
        (["Server: xxxxxxxx-xxxxx"], "FortiOS v6.0.4", "fortinet-ssl-vpn", "6.0.4"),
        (["Location: /vpn/index.html"], "", "citrix-gateway", None),
        (["Set-Cookie: NSC_AAAC=x"], "NS13.0: Build 58.32.nc", "citrix-gateway", "13.0-58.32"),
        (["Location: /dana-na/auth/url_default/welcome.cgi"], "", "pulse-secure", None),
        ([], '/dana-na/ <PARAM NAME="ProductVersion" VALUE="9.0.1.1">', "pulse-secure", "9.0.1.1"),
        (["X-OWA-Version: 15.1.2044.4"], "", "outlook-web", "15.1.2044.4"),
        ([], 'href="/owa/auth/15.2.986/themes/x.css"', "outlook-web", "15.2.986"),
        (["Set-Cookie: glpi_ab=1"], "GLPI 10.0.2 Copyright", "glpi", "10.0.2"),
        (["Location: /global-protect/login.esp"], "", "globalprotect", None),
        (["Server: SonicWALL"], "", "sonicwall-vpn", None),
        ([], "<title>Orthanc Explorer</title>", "orthanc", None),
        (["Set-Cookie: ZM_TEST=true"], "", "zimbra", None),
        ([], "VMware ESXi 6.7.0 <title>", "vmware-esxi", "6.7.0"),
        ([], "SYNO.SDS.Session", "synology-dsm", None),
    ],
)
def test_front_doors_are_recognised(
    headers: list[str], body: str, portal: str, version: str | None
) -> None:
    found = recognise(response(*headers, body=body))

    assert found is not None
    assert (found.portal, found.version) == (portal, version)


def test_an_ordinary_page_is_no_front_door() -> None:
    page = response("Server: nginx", body="<title>CH de l’Épreuve</title> Bienvenue, GLPI ? non")

    assert recognise(page) == Recognition(None, "f5/nginx", None)
    assert recognise(response(body="<h1>CH</h1>")) is None


@pytest.mark.parametrize(
    ("server", "product", "version"),
    [
        ("Apache/2.4.29 (Ubuntu)", "apache/http_server", "2.4.29"),
        ("nginx/1.18.0", "f5/nginx", "1.18.0"),
        ("Microsoft-IIS/8.5", "microsoft/internet_information_services", "8.5"),
        ("Jetty(9.4.11.v20180605)", "eclipse/jetty", "9.4.11.v20180605"),
    ],
)
def test_servers_name_themselves(server: str, product: str, version: str) -> None:
    found = recognise_server(server)

    assert found == Recognition(None, product, version)


def test_an_unknown_server_is_not_guessed() -> None:
    assert recognise_server("") is None
    assert recognise_server("Hospital-Gate 3") is None


def test_every_portal_has_its_own_name() -> None:
    assert len({portal.name for portal in PORTALS}) == len(PORTALS)


def test_a_product_that_changed_hands_keeps_the_name_of_its_time() -> None:
    page = '/dana-na/ <param name="ProductVersion" value="{}">'

    products = [
        found.product
        for version in ("9.0R1", "22.7R2.8")
        if (found := recognise(response(body=page.format(version))))
    ]

    assert products == ["pulsesecure/pulse_connect_secure", "ivanti/connect_secure"]
