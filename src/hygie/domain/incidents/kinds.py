"""How incidents are described: the axes of the French observatory of health incidents.

Labels are ours where the press accounts quote none.
Source: yearly accounts of the Observatoire des incidents de sécurité des systèmes
d’information pour le secteur santé, cyberveille.esante.gouv.fr.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Nature(models.TextChoices):
    """What is told."""

    INCIDENT = "incident", _("incident")
    NEAR_MISS = "near_miss", _("presque-incident")
    VOLUNTARY = "voluntary", _("signalement volontaire")


class Origin(models.TextChoices):
    """Whether somebody meant it."""

    MALICIOUS = "malicious", _("malveillante")
    ACCIDENTAL = "accidental", _("non malveillante")
    UNKNOWN = "unknown", _("pas encore connue")


class Kind(models.TextChoices):
    """What happened."""

    RANSOMWARE = "ransomware", _("rançongiciel")
    INTRUSION = "intrusion", _("compromission du système d’information")
    ACCOUNT = "account", _("compromission de compte (annuaire, VPN, messagerie)")
    PHISHING = "phishing", _("message malveillant ou hameçonnage")
    EXPLOIT = "exploit", _("exploitation d’une vulnérabilité")
    INFOSTEALER = "infostealer", _("vol d’identifiants par un logiciel espion")
    DATA_THEFT = "data_theft", _("fuite ou vol de données")
    DEFACEMENT = "defacement", _("défacement de site")
    DENIAL = "denial", _("déni de service")
    OTHER_MALWARE = "other_malware", _("autre logiciel malveillant")
    INFRASTRUCTURE = "infrastructure", _("panne de l’infrastructure")
    TELECOM = "telecom", _("perte du lien télécom")
    BUG = "bug", _("anomalie d’une application")
    SUPPLIER = "supplier", _("incident chez un prestataire ou un hébergeur")
    POWER = "power", _("panne électrique ou de climatisation")
    HUMAN = "human", _("erreur humaine")
    OTHER = "other", _("autre")


MALICIOUS_KINDS = frozenset(
    {
        Kind.RANSOMWARE,
        Kind.INTRUSION,
        Kind.ACCOUNT,
        Kind.PHISHING,
        Kind.EXPLOIT,
        Kind.INFOSTEALER,
        Kind.DATA_THEFT,
        Kind.DEFACEMENT,
        Kind.DENIAL,
        Kind.OTHER_MALWARE,
    }
)


class Operation(models.TextChoices):
    """What the hospital can still do."""

    NONE = "none", _("aucune gêne")
    DEGRADED = "degraded", _("mode dégradé")
    STOPPED = "stopped", _("interruption d’une prise en charge")
    UNKNOWN = "unknown", _("pas encore connu")


class Danger(models.TextChoices):
    """What patients risk."""

    NONE = "none", _("aucune mise en danger")
    POTENTIAL = "potential", _("mise en danger potentielle")
    PROVEN = "proven", _("mise en danger avérée")
    UNKNOWN = "unknown", _("pas encore connu")


class State(models.TextChoices):
    """Where the handling stands."""

    DRAFT = "draft", _("brouillon")
    DECLARED = "declared", _("déclaré")
    ACKNOWLEDGED = "acknowledged", _("pris en compte")
    QUALIFIED = "qualified", _("qualifié")
    HANDLING = "handling", _("en traitement")
    RESOLVED = "resolved", _("résolu")
    CLOSED = "closed", _("clos")
    REJECTED = "rejected", _("rejeté")


class Running(models.TextChoices):
    """How a service of the hospital runs."""

    NORMAL = "normal", _("normal")
    DEGRADED = "degraded", _("dégradé")
    STOPPED = "stopped", _("arrêté")


FOLLOWS = {
    State.DECLARED: frozenset({State.ACKNOWLEDGED, State.QUALIFIED, State.REJECTED}),
    State.ACKNOWLEDGED: frozenset({State.QUALIFIED, State.REJECTED}),
    State.QUALIFIED: frozenset({State.HANDLING, State.RESOLVED, State.REJECTED}),
    State.HANDLING: frozenset({State.RESOLVED}),
    State.RESOLVED: frozenset({State.CLOSED, State.HANDLING}),
    State.CLOSED: frozenset({State.HANDLING}),
    State.REJECTED: frozenset({State.ACKNOWLEDGED}),
}
"""State -> states that may follow; a closed incident may be taken up again."""
