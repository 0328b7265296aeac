"""Facts in plain French, for screens and terminals: no judgement, no colour.

One line a fact: a label, and what was seen. Unknown facts are said to be unknown.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hygie.vocabulary.facts import Observation

Line = tuple[str, str]
_UNKNOWN: Final = "non déterminé"


def phrases(observation: Observation) -> list[Line]:
    """Return (label, text) lines that say everything ``observation`` holds of interest."""
    lines = _WRITERS[observation.probe](observation.value)
    if observation.product:
        product = observation.product.partition("/")[2].replace("_", " ")
        lines.append(("Produit reconnu", f"{product} {observation.version or '(version tue)'}"))
    return lines


def _yes(value: object, yes: str = "oui", no: str = "non") -> str:
    return _UNKNOWN if value is None else (yes if value else no)


def _list(values: Any, nothing: str = "aucun") -> str:  # noqa: ANN401 - JSON
    if values is None:
        return _UNKNOWN
    return ", ".join(str(value) for value in values) if values else nothing


def _day(moment: str) -> str:
    return f"{dt.datetime.fromisoformat(moment):%d/%m/%Y}"


def _dns(value: Mapping[str, Any]) -> list[Line]:
    lines = [("Adresses", _list([*value["addresses"], *value["ipv6"]], "aucune"))]
    if value["name_servers"]:
        lines += [
            ("Serveurs de noms", f"{_list(value['name_servers'])} ({_networks(value)})"),
            ("DNSSEC", _dnssec(value)),
            ("CAA", _list(value["caa"])),
            ("Transfert de zone", _yes(value["open_transfer"], "ouvert à tous", "refusé")),
        ]
    if value["dangling_cname"]:
        lines.append(("Alias orphelin", f"mène à {value['dangling_cname']}, qui n’existe plus"))
    return lines


def _networks(value: Mapping[str, Any]) -> str:
    count = value["networks"]
    return "réseaux inconnus" if count is None else f"{count} réseau{'x' * (count > 1)}"


def _dnssec(value: Mapping[str, Any]) -> str:
    if not value["dnssec"]:
        return _yes(value["dnssec"], no="zone non signée")
    return _yes(value["dnssec_valid"], "signatures valides", "signatures non valides")


_ALL: Final = {
    "-": "tout le reste est refusé (-all)",
    "~": "tout le reste est suspect (~all)",
    "?": "sans avis sur le reste (?all)",
    "+": "tout le monde est autorisé (+all)",
}


def _mail(value: Mapping[str, Any]) -> list[Line]:
    policy = value["dmarc_policy"]
    spf = _ALL.get(value["spf_all"] or "", "publié") if value["spf"] else "absent"
    if value["spf_error"]:
        spf += f" ; erreur : {value['spf_error']}"
    rua = "rapports demandés" if value["dmarc_rua"] else "sans rapport"
    return [
        ("Reçoit par", _list(value["mx"])),
        ("SPF", spf),
        ("DMARC", f"{policy}, {rua}" if policy else "absent"),
        ("MTA-STS", _yes(value["mta_sts"], "publié", "absent")),
        ("TLS-RPT", _yes(value["tls_rpt"], "publié", "absent")),
        ("STARTTLS", _yes(value["starttls"], "proposé", "non proposé")),
    ]


def _tls(value: Mapping[str, Any]) -> list[Line]:
    lines = [
        ("Versions acceptées", _list(value["accepted"], "aucune")),
        ("Versions refusées", _list(value["rejected"], "aucune")),
        ("Suite choisie", value["cipher"] or _UNKNOWN),
        ("Confidentialité persistante", _yes(value["forward_secrecy"])),
    ]
    if value["undetermined"]:
        lines.append(("Versions sans réponse", _list(value["undetermined"])))
    return lines + _certificate(value["certificate"])


def _certificate(certificate: Mapping[str, Any] | None) -> list[Line]:
    if certificate is None:
        return [("Certificat", _UNKNOWN)]
    dates = f"du {_day(certificate['not_before'])} au {_day(certificate['not_after'])}"
    key = f"{certificate['key_type']} {certificate['key_bits']} bits"
    signature = f"signé en {certificate['signature_hash']}" if certificate["signature_hash"] else ""
    origin = "autosigné" if certificate["self_signed"] else f"émis par {certificate['issuer']}"
    return [
        ("Certificat", f"valable {dates}, {origin}"),
        ("Clé", ", ".join(part for part in (key, signature) if part)),
        ("Nom couvert", _yes(certificate["name_matches"])),
        ("Autorité reconnue", _yes(certificate["trusted"])),
    ]


def _http(value: Mapping[str, Any]) -> list[Line]:
    answer = str(value["status"])
    if value["location"]:
        answer += f", renvoie vers {value['location']}"
    lines = [("Réponse", answer)]
    if value["title"]:
        lines.append(("Titre", value["title"]))
    if value["scheme"] == "http":
        lines.append(("Renvoi vers HTTPS", _yes(value["redirects_to_tls"])))
    else:
        age = value["hsts_max_age"]
        lines.append(("HSTS", "absent" if age is None else f"{age // 86_400} jours"))
        lines.append(("security.txt", _yes(value["security_txt"], "publié", "absent")))
    headers = {
        "Content-Security-Policy": value["content_security_policy"],
        "X-Content-Type-Options": value["x_content_type_options"],
        "Referrer-Policy": value["referrer_policy"],
    }
    lines.append(("En-têtes absents", _list([name for name, sent in headers.items() if not sent])))
    if value["insecure_cookies"]:
        lines.append(("Cookies mal protégés", _list(value["insecure_cookies"])))
    told = [text for text in (value["server"], value["powered_by"]) if text]
    if told:
        lines.append(("Se présente comme", " ; ".join(told)))
    if value["directory_listing"]:
        lines.append(("Dossiers", "le contenu du serveur est listé"))
    if value["portal"]:
        lines.append(("Portail reconnu", value["portal"]))
    return lines


def _tcp(value: Mapping[str, Any]) -> list[Line]:
    state = f"ouvert, {value['service']}" if value["open"] else "fermé"
    return [("Port", f"{state}\u00a0: {value['banner']}" if value["banner"] else state)]


def _dicom(value: Mapping[str, Any]) -> list[Line]:
    if not value["answers"]:
        return [("DICOM", "ne répond pas")]
    if not value["accepts_association"]:
        return [("DICOM", f"répond, refuse l’association ({value['rejected_reason']})")]
    echo = "C-ECHO réussi" if value["echo_status"] == 0 else f"C-ECHO\u00a0: {value['echo_status']}"
    made = value["implementation_version"] or "version tue"
    return [("DICOM", f"accepte n’importe quel appelant, {echo}, {made}")]


def _mllp(value: Mapping[str, Any]) -> list[Line]:
    if not value["answers"]:
        return [("HL7", "ne répond pas")]
    name = value["sending_application"] or "application non nommée"
    return [("HL7", f"répond en clair ({name}, accusé {value['ack_code'] or 'absent'})")]


_WRITERS: Final[dict[str, Callable[[Mapping[str, Any]], list[Line]]]] = {
    "dns": _dns,
    "mail": _mail,
    "tls": _tls,
    "http": _http,
    "tcp": _tcp,
    "dicom": _dicom,
    "mllp": _mllp,
}
