"""The answers of the stream in words: whom it concerns, why, what a revision changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hygie.domain.veille.concerning import Answer, Why

if TYPE_CHECKING:
    from hygie.domain.veille.concerning import Concern

FIELDS: Final = {
    "title": gettext_lazy("Titre"),
    "summary": gettext_lazy("Résumé"),
    "updated_on": gettext_lazy("Date de mise à jour"),
    "closed_on": gettext_lazy("Clôture ou retrait"),
    "cve_ids": gettext_lazy("Vulnérabilités"),
    "products": gettext_lazy("Systèmes affectés"),
    "risks": gettext_lazy("Risques"),
    "remedies": gettext_lazy("Remèdes"),
}

ICONS: Final = {
    Answer.CONCERNED: "fr-icon-error-warning-fill",
    Answer.PERHAPS: "fr-icon-question-line",
    Answer.NOT: "fr-icon-checkbox-circle-line",
    Answer.UNKNOWN: "fr-icon-information-line",
}


def headline(concern: Concern) -> str:
    """Return the answer in a few words, with its counts."""
    if concern.answer is Answer.CONCERNED:
        assets = ngettext("%(n)s équipement", "%(n)s équipements", concern.assets)
        shown = ngettext("%(n)s exposé", "%(n)s exposés", concern.exposed)
        counts = [assets % {"n": concern.assets}]
        counts += [shown % {"n": concern.exposed}] if concern.exposed else []
        return _("Vous concerne (%(counts)s)") % {"counts": ", ".join(counts)}
    return {
        Answer.PERHAPS: _("Peut-être"),
        Answer.NOT: _("Ne vous concerne pas"),
        Answer.UNKNOWN: _("On ne sait pas"),
    }[concern.answer]


def reason(concern: Concern) -> str:
    """Return why, in one sentence."""
    if concern.why is Why.FINDINGS:
        places = ngettext("dans %(n)s établissement", "dans %(n)s établissements", concern.places)
        return places % {"n": concern.places}
    return _REASONS[concern.why]() % {"detail": concern.detail, "n": concern.assets}


_REASONS: Final = {
    Why.OPEN_VERDICT: lambda: _("à vérifier – %(detail)s"),
    Why.SAME_VENDOR: lambda: _(
        "l’avis ne cite aucune CVE ; vous avez %(n)s produits de cet éditeur (%(detail)s)"
    ),
    Why.NOTHING_READABLE: lambda: _("l’avis ne cite ni CVE ni produit reconnaissable : lisez-le"),
    Why.SET_ASIDE: lambda: _("vos équipements touchés sont déclarés non concernés"),
    Why.NO_PRODUCT: lambda: _("aucun produit de votre parc, à vos versions, n’est touché"),
    Why.NO_ESTATE: lambda: _("aucun produit connu : importez un inventaire"),
}
