"""The observed values of a finding under names that people know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.utils.functional import _StrPromise

    from hygie.vocabulary.facts import Json

_LABELS: Final = {
    "accepted": gettext_lazy("Versions acceptées"),
    "rejected": gettext_lazy("Versions refusées"),
    "undetermined": gettext_lazy("Versions non déterminées"),
    "cipher": gettext_lazy("Suite de chiffrement"),
    "forward_secrecy": gettext_lazy("Confidentialité persistante"),
    "certificate.subject": gettext_lazy("Certificat de"),
    "certificate.issuer": gettext_lazy("Émis par"),
    "certificate.not_before": gettext_lazy("Valable à partir du"),
    "certificate.not_after": gettext_lazy("Valable jusqu’au"),
    "certificate.names": gettext_lazy("Noms du certificat"),
    "certificate.key_type": gettext_lazy("Type de clé"),
    "certificate.key_bits": gettext_lazy("Taille de la clé"),
    "certificate.signature_hash": gettext_lazy("Empreinte de la signature"),
    "certificate.self_signed": gettext_lazy("Autosigné"),
    "certificate.name_matches": gettext_lazy("Le nom correspond"),
    "certificate.trusted": gettext_lazy("Autorité reconnue"),
    "name_servers": gettext_lazy("Serveurs de noms"),
    "addresses": gettext_lazy("Adresses IPv4"),
    "ipv6": gettext_lazy("Adresses IPv6"),
    "caa": gettext_lazy("Autorités permises (CAA)"),
    "dnssec": gettext_lazy("DNSSEC"),
    "dnssec_valid": gettext_lazy("DNSSEC valide"),
    "networks": gettext_lazy("Réseaux distincts"),
    "open_transfer": gettext_lazy("Transfert de zone ouvert"),
    "dangling_cname": gettext_lazy("Alias vers un nom abandonné"),
    "mx": gettext_lazy("Serveurs de courrier"),
    "spf": gettext_lazy("SPF"),
    "spf_all": gettext_lazy("Fin de la règle SPF"),
    "spf_lookups": gettext_lazy("Recherches de la règle SPF"),
    "spf_error": gettext_lazy("Erreur SPF"),
    "dmarc": gettext_lazy("DMARC"),
    "dmarc_policy": gettext_lazy("Politique DMARC"),
    "dmarc_subdomain_policy": gettext_lazy("Politique DMARC des sous-domaines"),
    "dmarc_rua": gettext_lazy("Rapports DMARC demandés"),
    "mta_sts": gettext_lazy("MTA-STS"),
    "tls_rpt": gettext_lazy("Rapports TLS demandés"),
    "starttls": gettext_lazy("STARTTLS"),
    "scheme": gettext_lazy("Protocole"),
    "status": gettext_lazy("Réponse HTTP"),
    "location": gettext_lazy("Redirige vers"),
    "redirects_to_tls": gettext_lazy("Redirige vers HTTPS"),
    "hsts_max_age": gettext_lazy("Durée HSTS (secondes)"),
    "content_security_policy": gettext_lazy("Politique de contenu (CSP)"),
    "x_content_type_options": gettext_lazy("X-Content-Type-Options"),
    "referrer_policy": gettext_lazy("Referrer-Policy"),
    "insecure_cookies": gettext_lazy("Cookies sans protection"),
    "server": gettext_lazy("Serveur annoncé"),
    "powered_by": gettext_lazy("Logiciel annoncé"),
    "title": gettext_lazy("Titre de la page"),
    "directory_listing": gettext_lazy("Liste de fichiers visible"),
    "portal": gettext_lazy("Portail reconnu"),
    "security_txt": gettext_lazy("Fichier security.txt"),
    "open": gettext_lazy("Port ouvert"),
    "service": gettext_lazy("Service"),
    "banner": gettext_lazy("Bannière"),
    "answers": gettext_lazy("Répond"),
    "accepts_association": gettext_lazy("Accepte une association DICOM"),
    "rejected_reason": gettext_lazy("Raison du refus"),
    "echo_status": gettext_lazy("Réponse à l’écho"),
    "implementation_version": gettext_lazy("Version annoncée"),
    "ae_title_asked": gettext_lazy("Titre d’application demandé"),
    "ack_code": gettext_lazy("Code d’acquittement"),
    "sending_application": gettext_lazy("Application émettrice"),
    "product": gettext_lazy("Produit"),
    "version": gettext_lazy("Version"),
    "range": gettext_lazy("Versions touchées"),
    "reason": gettext_lazy("Rapprochement"),
    "source": gettext_lazy("Source"),
    "fixed_in": gettext_lazy("Corrigé dans la version"),
    "exposed": gettext_lazy("Vu d’Internet"),
    "listed_as": gettext_lazy("Aussi à l’inventaire, sur"),
    "listed_product": gettext_lazy("Sous le nom"),
}
_LENGTH: Final = 300


def in_words(facts: Mapping[str, Json]) -> Iterator[tuple[str | _StrPromise, str]]:
    """Yield the observed values as text, in their order; what was not learnt says so."""
    for key, value in facts.items():
        yield _LABELS.get(key, key), _text(value)


def _text(value: Json) -> str:
    if value is None:
        return _("non observé")
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, list):
        text = ", ".join(str(item) for item in value) or _("aucun")
    else:
        text = str(value) if value != "" else _("non précisé")
    return text if len(text) <= _LENGTH else f"{text[:_LENGTH]}…"
