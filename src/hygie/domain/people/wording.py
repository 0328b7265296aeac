"""Each role and each permission in words, French and English: for the screens and the docs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import get_language

from hygie.domain.people.roles import Permission
from hygie.vocabulary.enums import Role

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Words:
    """The same thing in both languages."""

    fr: str
    en: str

    def __str__(self) -> str:
        return self.en if (get_language() or "fr").startswith("en") else self.fr


ROLES: Final[Mapping[Role, Words]] = {
    Role.RSSI: Words(
        "Responsable de la sécurité d’un établissement ou d’un GHT : sait quoi faire d’abord, "
        "planifie, accepte un risque, tient le parc à jour.",
        "Security officer of an establishment or a GHT: knows what to do first, plans, accepts a "
        "risk, keeps the estate up to date.",
    ),
    Role.DIRECTOR: Words(
        "Direction d’un établissement : une page, et la signature des mandats.",
        "Head of an establishment: one page, and the signature of mandates.",
    ),
    Role.ARS_OFFICER: Words(
        "Référent d’une agence régionale : voit qui a besoin d’aide dans sa région.",
        "Officer of a regional agency: sees who needs help in the region.",
    ),
    Role.CERT_ANALYST: Words(
        "Analyste du CERT Santé : voit qui est touché, partout.",
        "Analyst of CERT Santé: sees who is affected, everywhere.",
    ),
    Role.ANSSI_AUDITOR: Words(
        "Auditeur de l’ANSSI : lit les constats et le journal, partout.",
        "Auditor of ANSSI: reads findings and the journal, everywhere.",
    ),
    Role.MINISTRY: Words(
        "Ministère : le tableau d’ensemble, jamais les faiblesses d’un hôpital.",
        "Ministry: the whole picture, never the weaknesses of one hospital.",
    ),
    Role.TRAINER: Words(
        "Formation : qui a été formé.",
        "Training: who was trained.",
    ),
    Role.ADMIN: Words(
        "Administration de la plateforme : comptes, fonctions, territoire ; ne lit pas les "
        "faiblesses des hôpitaux.",
        "Administration of the platform: accounts, roles, territory; does not read the "
        "hospitals' weaknesses.",
    ),
}

PERMISSIONS: Final[Mapping[Permission, Words]] = {
    Permission.TERRITORY_READ: Words("Voir les lieux", "See places"),
    Permission.TERRITORY_IMPORT: Words("Importer FINESS et les GHT", "Import FINESS and GHT files"),
    Permission.ESTATE_READ: Words("Lire le parc et les mandats", "Read the estate and mandates"),
    Permission.ESTATE_WRITE: Words(
        "Modifier le parc, révoquer un mandat", "Change the estate, revoke a mandate"
    ),
    Permission.MANDATE_SIGN: Words(
        "Signer un mandat de surveillance", "Sign a surveillance mandate"
    ),
    Permission.FINDING_READ: Words("Lire les constats", "Read findings"),
    Permission.FINDING_PLAN: Words(
        "Prendre, planifier et déclarer corrigé un constat",
        "Take, plan and declare a finding fixed",
    ),
    Permission.FINDING_ACCEPT: Words("Accepter un risque", "Accept a risk"),
    Permission.SURVEILLANCE_READ: Words("Lire ce qu’Internet voit", "Read what the Internet sees"),
    Permission.SURVEILLANCE_STOP: Words(
        "Arrêter d’urgence la surveillance, la reprendre",
        "Stop surveillance in an emergency, start it again",
    ),
    Permission.MEASURE_READ: Words("Lire les mesures", "Read measures"),
    Permission.ROUND_READ: Words("Suivre les rondes", "Follow rounds"),
    Permission.ROUND_RUN: Words("Lancer une ronde", "Run a round"),
    Permission.JOURNAL_READ: Words("Lire le journal", "Read the journal"),
    Permission.PEOPLE_READ: Words("Voir qui tient quelle fonction", "See who holds which role"),
    Permission.PEOPLE_INVITE: Words(
        "Inviter, et terminer une fonction, selon la table des invitations",
        "Invite, and end a role, as the table of invitations says",
    ),
    Permission.PEOPLE_GRANT: Words(
        "Fermer un compte, réinitialiser un second facteur",
        "Close an account, reset a second factor",
    ),
    Permission.DELEGATION_PROPOSE: Words(
        "Proposer d’agir pour un membre du GHT", "Propose to act for a member of the GHT"
    ),
    Permission.DELEGATION_ACCEPT: Words(
        "Accepter qu’on agisse pour son établissement",
        "Accept that somebody acts for one's establishment",
    ),
    Permission.VEILLE_PUBLISH: Words(
        "Publier pour toute la nation ce que disent les fabricants",
        "Publish for the whole nation what manufacturers say",
    ),
    Permission.INCIDENT_READ: Words("Lire les incidents", "Read incidents"),
    Permission.INCIDENT_DECLARE: Words("Déclarer un incident", "Declare an incident"),
    Permission.INCIDENT_HANDLE: Words(
        "Tenir la crise : journal, tâches, services, envois",
        "Run the crisis: log, tasks, services, filings",
    ),
    Permission.INCIDENT_QUALIFY: Words(
        "Qualifier et suivre les incidents déclarés", "Qualify and follow declared incidents"
    ),
    Permission.TOKEN_ISSUE: Words("Émettre des jetons d’API", "Issue API tokens"),
}
