from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.engines.probing.peers import HOST, NOW, Authority, der, lab, run

from hygie.engines.probing import certificate, dicom, http, mllp, services
from hygie.engines.probing.http_reader import read_response
from hygie.engines.probing.phrases import phrases
from hygie.vocabulary.facts import Observation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygie.vocabulary.facts import Json


def observed(probe: str, value: Mapping[str, Json]) -> Observation:
    return Observation(HOST, probe, value, b"", NOW)


def said(probe: str, value: Mapping[str, Json]) -> dict[str, str]:
    return dict(phrases(observed(probe, value)))


ZONE: dict[str, Json] = {
    "name_servers": ["ns1.example"],
    "addresses": [],
    "ipv6": [],
    "caa": [],
    "dnssec": True,
    "dnssec_valid": False,
    "networks": 1,
    "open_transfer": True,
    "dangling_cname": None,
}
MAIL: dict[str, Json] = {
    "mx": [],
    "spf": "v=spf1 +all",
    "spf_all": "+",
    "spf_lookups": 0,
    "spf_error": None,
    "dmarc": None,
    "dmarc_policy": None,
    "dmarc_subdomain_policy": None,
    "dmarc_rua": False,
    "mta_sts": False,
    "tls_rpt": False,
    "starttls": None,
}


def test_a_zone_is_told_in_french() -> None:
    lines = said("dns", ZONE)

    assert lines["DNSSEC"] == "signatures non valides"
    assert lines["Transfert de zone"] == "ouvert à tous"
    assert said("dns", ZONE | {"dangling_cname": "x.example"})["Alias orphelin"].startswith(
        "mène à"
    )
    assert said("dns", ZONE | {"dnssec": False})["DNSSEC"] == "zone non signée"


def test_mail_rules_are_told_in_french_and_the_unknown_is_said_unknown() -> None:
    lines = said("mail", MAIL | {"spf_error": "12 recherches"})

    assert "(+all)" in lines["SPF"]
    assert "12 recherches" in lines["SPF"]
    assert lines["DMARC"] == "absent"
    assert lines["STARTTLS"] == "non déterminé"


def test_a_tls_service_is_told_with_its_certificate() -> None:
    facts = certificate.read_certificate([der(Authority().sign(HOST)[0])], HOST, now=NOW)
    value: dict[str, Json] = {
        "accepted": ["TLSv1.3"],
        "rejected": [],
        "undetermined": ["SSLv3"],
        "cipher": None,
        "forward_secrecy": None,
        "certificate": facts,
    }

    lines = said("tls", value)
    assert lines["Certificat"].startswith("valable du 08/05/2026 au 04/03/2027, émis par")
    assert lines["Clé"] == "EC 256 bits, signé en sha256"
    assert lines["Versions sans réponse"] == "SSLv3"
    assert said("tls", value | {"certificate": None})["Certificat"] == "non déterminé"


def test_a_web_page_is_told_in_clear_and_in_tls() -> None:
    data = (
        b"HTTP/1.1 301 -\r\nLocation: /x\r\nServer: nginx\r\nSet-Cookie: a=1\r\n\r\n<h1>Index of /"
    )
    clear = said("http", http.response_facts(read_response(data), "http"))
    secure = said("http", http.response_facts(read_response(data), "https"))

    assert clear["Réponse"] == "301, renvoie vers /x"
    assert clear["Renvoi vers HTTPS"] == "non"
    assert secure["HSTS"] == "absent"
    assert secure["Cookies mal protégés"] == "a"
    assert "listé" in secure["Dossiers"]


def test_services_and_medical_protocols_are_told_even_closed() -> None:
    network = lab({})
    closed = [
        run(services.observe(HOST, 23, network, now=NOW)),
        run(dicom.observe(HOST, 104, network, now=NOW)),
        run(mllp.observe(HOST, 2575, network, now=NOW)),
    ]

    assert [phrases(o)[0][1] for o in closed] == ["fermé", "ne répond pas", "ne répond pas"]


def test_what_answers_is_told_with_its_product() -> None:
    port = observed("tcp", {"open": True, "service": "ssh", "banner": "SSH-2.0-OpenSSH_7.4"})
    port = replace(port, product="openbsd/openssh", version="7.4")

    assert phrases(port)[1] == ("Produit reconnu", "openssh 7.4")


def test_open_medical_services_are_told() -> None:
    archive: dict[str, Json] = {
        "answers": True,
        "accepts_association": True,
        "rejected_reason": None,
        "echo_status": 0,
        "implementation_version": None,
        "ae_title_asked": "ANY-SCP",
    }
    refusing = archive | {"accepts_association": False, "rejected_reason": "sans motif"}
    flow: dict[str, Json] = {"answers": True, "ack_code": "AA", "sending_application": "MIRTH"}

    assert "C-ECHO réussi" in said("dicom", archive)["DICOM"]
    assert "sans motif" in said("dicom", refusing)["DICOM"]
    assert "MIRTH" in said("mllp", flow)["HL7"]
