"""Facts in plain French, for screens and terminals: no judgement, no colour.

One line a fact: a label, and what was seen. Unknown facts are said to be unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hygie.engines.probing.phrases_deep import DEEP_WRITERS
from hygie.engines.probing.wording import UNKNOWN, Line, certificate_lines, listed, yes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hygie.vocabulary.facts import Observation


def phrases(observation: Observation) -> list[Line]:
    """Return (label, text) lines that say everything ``observation`` holds of interest."""
    lines = _WRITERS[observation.probe](observation.value)
    if observation.product:
        product = observation.product.partition("/")[2].replace("_", " ")
        lines.append(("Produit reconnu", f"{product} {observation.version or '(version tue)'}"))
    return lines


def _dns(value: Mapping[str, Any]) -> list[Line]:
    if not value.get("exists", True):
        return [("Nom", "n’existe plus : la zone au-dessus le nie")]
    lines = [("Adresses", listed([*value["addresses"], *value["ipv6"]], "aucune"))]
    if value["name_servers"]:
        lines += [
            ("Serveurs de noms", f"{listed(value['name_servers'])} ({_networks(value)})"),
            ("DNSSEC", _dnssec(value)),
            ("CAA", listed(value["caa"])),
            ("Transfert de zone", yes(value["open_transfer"], "ouvert à tous", "refusé")),
        ]
    if value["dangling_cname"]:
        lines.append(("Alias orphelin", f"mène à {value['dangling_cname']}, qui n’existe plus"))
    return lines


def _networks(value: Mapping[str, Any]) -> str:
    count = value["networks"]
    return "réseaux inconnus" if count is None else f"{count} réseau{'x' * (count > 1)}"


def _dnssec(value: Mapping[str, Any]) -> str:
    if not value["dnssec"]:
        return yes(value["dnssec"], no="zone non signée")
    own = yes(value["dnssec_valid"], "signatures valides", "signatures non valides")
    return f"{own} ; {reason}" if (reason := value.get("dnssec_reason")) else own


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
        ("Reçoit par", listed(value["mx"])),
        ("SPF", spf),
        ("DMARC", f"{policy}, {rua}" if policy else "absent"),
        ("MTA-STS", yes(value["mta_sts"], "publié", "absent")),
        ("TLS-RPT", yes(value["tls_rpt"], "publié", "absent")),
        ("STARTTLS", yes(value["starttls"], "proposé", "non proposé")),
    ]


def _tls(value: Mapping[str, Any]) -> list[Line]:
    lines = [
        ("Versions acceptées", listed(value["accepted"], "aucune")),
        ("Versions refusées", listed(value["rejected"], "aucune")),
        ("Suite choisie", value["cipher"] or UNKNOWN),
        ("Confidentialité persistante", yes(value["forward_secrecy"])),
    ]
    if value["undetermined"]:
        lines.append(("Versions sans réponse", listed(value["undetermined"])))
    return lines + certificate_lines(value["certificate"])


def _http(value: Mapping[str, Any]) -> list[Line]:
    answer = str(value["status"])
    if value["location"]:
        answer += f", renvoie vers {value['location']}"
    lines = [("Réponse", answer)]
    if value["title"]:
        lines.append(("Titre", value["title"]))
    if value["scheme"] == "http":
        lines.append(("Renvoi vers HTTPS", yes(value["redirects_to_tls"])))
    else:
        age = value["hsts_max_age"]
        lines.append(("HSTS", "absent" if age is None else f"{age // 86_400} jours"))
        lines.append(("security.txt", yes(value["security_txt"], "publié", "absent")))
    headers = {
        "Content-Security-Policy": value["content_security_policy"],
        "X-Content-Type-Options": value["x_content_type_options"],
        "Referrer-Policy": value["referrer_policy"],
    }
    lines.append(("En-têtes absents", listed([name for name, sent in headers.items() if not sent])))
    if value["insecure_cookies"]:
        lines.append(("Cookies mal protégés", listed(value["insecure_cookies"])))
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
    **DEEP_WRITERS,
}
