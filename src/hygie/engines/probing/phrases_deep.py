"""Facts of the deep pass in plain French: no judgement, no colour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hygie.engines.probing.wording import UNKNOWN, Line, certificate_lines, listed, yes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def _delegation(value: Mapping[str, Any]) -> list[Line]:
    agree = yes(value["agree"], "désigne les mêmes serveurs", "désigne d’autres serveurs")
    lines = [
        ("Zone parente", f"{value['parent'] or UNKNOWN}, {agree}"),
        ("Serveurs en IPv6", yes(value["ipv6"])),
        ("Même version partout", yes(value["serials_agree"])),
    ]
    if value["lame"]:
        lines.append(("Ne servent pas la zone", listed(value["lame"])))
    if value["missing"]:
        lines.append(("Serveurs dont le nom n’existe pas", listed(value["missing"])))
    return lines


def _dkim(value: Mapping[str, Any]) -> list[Line]:
    keys = [
        f"{one['selector']} ({'retirée' if one['revoked'] else _size(one)})"
        for one in value["selectors"]
    ]
    lines = [("Clés DKIM", listed(keys, "aucune aux sélecteurs usuels"))]
    if value["wildcard"]:
        lines.append(("Sélecteurs", "le domaine répond à n’importe lequel"))
    return lines


def _size(key: Mapping[str, Any]) -> str:
    return f"{key['key_type']} {key['bits']} bits" if key["bits"] else "clé illisible"


def _mta_sts(value: Mapping[str, Any]) -> list[Line]:
    if not value["published"]:
        return [("Politique MTA-STS", "non annoncée")]
    mode = value["error"] or f"mode {value['mode']}"
    return [
        ("Politique MTA-STS", mode),
        ("Serveurs couverts", yes(value["covers_mx"], "tous", "pas tous")),
    ]


def _dane(value: Mapping[str, Any]) -> list[Line]:
    lines = [("Certificats annoncés (DANE)", yes(value["published"]))]
    if value["mismatch"]:
        lines.append(("Certificat différent", listed(value["mismatch"])))
    if value["unsigned"]:
        lines.append(("Annonce sans signature", listed(value["unsigned"])))
    return lines


def _tls_depth(value: Mapping[str, Any]) -> list[Line]:
    lines = [
        ("Familles acceptées", listed(value["families_accepted"], "aucune sous TLS 1.3")),
        ("Groupes acceptés", listed(value["groups_accepted"])),
        ("Échange post-quantique", yes(value["post_quantum"])),
        ("SSL 2", yes(value["sslv2"], "accepté", "refusé")),
    ]
    if value["asked_version"]:
        lines += [
            ("Ordre des suites", yes(value["server_order"], "du serveur", "du client")),
            ("Renégociation sûre", yes(value["secure_renegotiation"])),
            ("Compression", yes(value["compression"])),
            ("Agrafage OCSP", yes(value["ocsp_stapled"])),
        ]
    if value["dhe_bits"]:
        lines.append(("Groupe DHE", f"{value['dhe_bits']} bits"))
    return lines


def _starttls(value: Mapping[str, Any]) -> list[Line]:
    if not value["offered"]:
        return [("STARTTLS", "non proposé")]
    return [
        ("STARTTLS", "proposé"),
        ("Versions acceptées", listed(value["accepted"], "aucune")),
        *certificate_lines(value["certificate"]),
    ]


def _fhir(value: Mapping[str, Any]) -> list[Line]:
    if not value["answers"]:
        refused = "demande une identité" if value["refused"] else "ne répond pas"
        return [("FHIR", refused)]
    software = " ".join(filter(None, (value["software"], value["software_version"])))
    return [
        ("FHIR", f"se présente à tous ({value['fhir_version'] or 'version tue'})"),
        ("Logiciel", software or UNKNOWN),
        ("Sécurité déclarée", listed(value["security"], "aucune")),
    ]


def _dicomweb(value: Mapping[str, Any]) -> list[Line]:
    if value["answers"]:
        return [("DICOMweb", f"recherche ouverte à tous ({value['path']})")]
    return [("DICOMweb", "demande une identité" if value["refused"] else "ne répond pas")]


def _udp(value: Mapping[str, Any]) -> list[Line]:
    if not value["answers"]:
        return [("Service UDP", f"{value['service']}\u00a0: ne répond pas aux inconnus")]
    return [("Service UDP", f"{value['service']}\u00a0: {value['detail'] or 'répond'}")]


DEEP_WRITERS: Final[dict[str, Callable[[Mapping[str, Any]], list[Line]]]] = {
    "delegation": _delegation,
    "dkim": _dkim,
    "mta-sts": _mta_sts,
    "dane": _dane,
    "tls-depth": _tls_depth,
    "starttls": _starttls,
    "fhir": _fhir,
    "dicomweb": _dicomweb,
    "udp": _udp,
}
