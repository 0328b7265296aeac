"""The journal's actions and details in words; what is not here is shown as it is stored."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

ACTIONS: Final = {
    "account.created": _("Compte : créé"),
    "estate.imported": _("Parc : fichier importé"),
    "estate.mapping": _("Parc : correspondance de colonnes gardée"),
    "estate.sbom": _("Parc : SBOM importé"),
    "finding.accepted": _("Constat : risque accepté"),
    "finding.changed": _("Constat : faits modifiés"),
    "finding.decided": _("Constat : décision"),
    "finding.declared": _("Constat : déclaré corrigé"),
    "finding.expired": _("Constat : acceptation terminée"),
    "finding.planned": _("Constat : correction planifiée"),
    "finding.reopened": _("Constat : remis à traiter"),
    "finding.returned": _("Constat : revenu"),
    "finding.seen": _("Constat : vu pour la première fois"),
    "finding.taken": _("Constat : pris en charge"),
    "finding.verified": _("Constat : correction vérifiée"),
    "mandate.revoked": _("Mandat : révoqué"),
    "mandate.signed": _("Mandat : signé"),
    "role.ended": _("Fonction : terminée"),
    "role.granted": _("Fonction : donnée"),
    "round.closed": _("Ronde : terminée"),
    "round.opened": _("Ronde : commencée"),
    "territory.applied": _("Territoire : import appliqué"),
    "territory.dropped": _("Territoire : import abandonné"),
    "territory.laid": _("Territoire : posé"),
    "territory.proposed": _("Territoire : import à relire"),
}

KEYS: Final = {
    "accepted_by": _("accepté par"),
    "accepted_reason": _("raison"),
    "accepted_until": _("jusqu’au"),
    "declared_at": _("déclaré le"),
    "from": _("de"),
    "name": _("nom"),
    "perimeter": _("périmètre"),
    "planned_on": _("prévu le"),
    "policy": _("politique"),
    "reason": _("raison"),
    "role": _("fonction"),
    "rows": _("lignes"),
    "severity": _("gravité"),
    "signatory": _("signataire"),
    "sites": _("établissements"),
    "steps": _("étapes"),
    "taken_by": _("pris par"),
    "times": _("fois"),
    "to": _("à"),
    "until": _("jusqu’au"),
    "user": _("personne"),
    "valid_to": _("fin"),
}
