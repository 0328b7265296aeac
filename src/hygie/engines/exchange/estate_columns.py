"""The fields of each kind of inventory and the column names under which they are found.

Names are compared without accents, case or punctuation (``columns.loose_name``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_FINESS_NAMES: Final = ("finess et", "finess ej", "numéro finess", "n° finess")

ESTATE_COLUMNS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "domains": {
        "name": ("domaine", "nom de domaine", "domain", "domain name", "fqdn", "nom"),
        "label": ("libellé", "description", "usage", "commentaire", "comment"),
        "finess": _FINESS_NAMES,
    },
    "addresses": {
        "network": ("adresse", "adresse ip", "ip", "réseau", "cidr", "plage", "address", "subnet"),
        "label": ("libellé", "description", "usage", "nom", "name", "commentaire", "comment"),
        "finess": _FINESS_NAMES,
    },
    "applications": {
        "name": ("application", "nom", "nom de l’application", "libellé", "logiciel"),
        "vendor": ("éditeur", "fournisseur", "publisher", "supplier"),
        "version": ("version installée", "n° de version", "numéro de version", "release"),
        "criticality": ("criticité", "criticité clinique", "clinical criticality"),
        "service": ("pôle", "unité", "department", "utilisateurs", "domaine fonctionnel"),
        "finess": _FINESS_NAMES,
    },
    "devices": {
        "name": ("nom", "libellé", "désignation", "équipement", "dispositif", "device"),
        "manufacturer": ("fabricant", "marque", "constructeur", "maker", "vendor", "brand"),
        "model": ("modèle", "référence", "model name"),
        "firmware": (
            "version",
            "version logicielle",
            "version du firmware",
            "micrologiciel",
            "firmware version",
            "software version",
        ),
        "criticality": ("criticité", "criticité clinique", "clinical criticality"),
        "quantity": ("quantité", "nombre", "nb", "qté", "count", "qty"),
        "room": ("local", "salle", "service", "emplacement", "localisation", "location"),
        "finess": _FINESS_NAMES,
    },
    "software": {
        "vendor": ("éditeur", "fournisseur", "fabricant", "publisher", "supplier"),
        "product": ("produit", "logiciel", "composant", "nom", "name", "software", "package"),
        "version": ("version installée", "n° de version", "numéro de version", "release"),
        "purl": ("package url", "url de paquet"),
        "cpe": ("cpe 2.3", "cpe23", "cpe name"),
        "host": ("hôte", "poste", "serveur", "machine", "hostname", "computer", "application"),
        "quantity": ("quantité", "nombre", "nb", "qté", "count", "qty"),
        "finess": _FINESS_NAMES,
    },
}
"""For each kind of inventory, its fields and the column names under which they are found."""

REQUIRED_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "domains": ("name",),
    "addresses": ("network",),
    "applications": ("name",),
    "devices": ("manufacturer", "model"),
    "software": ("product",),
}
"""For each kind of inventory, the fields without which a row says nothing."""
