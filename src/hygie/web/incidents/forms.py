"""What people type about an incident."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hygie.domain.incidents.filing import PROOF_MAX
from hygie.domain.incidents.kinds import (
    Danger,
    Kind,
    Nature,
    Operation,
    Origin,
    Running,
    State,
)
from hygie.domain.incidents.models import TEXT_MAX
from hygie.web.forms import TEXT_MAX as BOX_MAX

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_LOCAL = "%Y-%m-%dT%H:%M"


class LocalMoment(forms.DateTimeField):
    """A date and time on the wall of the establishment, chosen in the browser's own picker."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_LOCAL)
        formats = [_LOCAL, "%Y-%m-%dT%H:%M:%S"]
        super().__init__(widget=widget, input_formats=formats, **kwargs)


def _long(label: _StrPromise, help_text: _StrPromise, rows: int) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class DeclarationForm(forms.Form):
    """What happened; every field may be left for later."""

    nature = forms.ChoiceField(label=_("Que signalez-vous ?"), choices=Nature.choices)
    kind = forms.ChoiceField(
        label=_("Que s’est-il passé ?"),
        required=False,
        choices=(("", _("À choisir")), *Kind.choices),
    )
    origin = forms.ChoiceField(label=_("Origine"), choices=Origin.choices)
    occurred_at = LocalMoment(
        label=_("Quand est-ce arrivé ?"),
        help_text=_("Heure de l’établissement. Laissez vide si vous ne le savez pas."),
        required=False,
    )
    aware_at = LocalMoment(
        label=_("Quand l’avez-vous su ?"),
        help_text=_("Les délais légaux courent de cette heure."),
        required=False,
    )
    operation = forms.ChoiceField(label=_("Fonctionnement"), choices=Operation.choices)
    danger = forms.ChoiceField(label=_("Patients"), choices=Danger.choices)
    summary = _long(
        _("Résumé"), _("Deux ou trois phrases. Ne nommez personne, aucune donnée de santé."), 4
    )
    perimeter = _long(
        _("Ce qui est touché"), _("Sites, services, nombre de postes et de serveurs."), 3
    )
    measures = _long(_("Ce que vous avez déjà fait"), _("Coupures, appels, secours."), 3)
    support_wanted = forms.NullBooleanField(
        label=_("Voulez-vous l’aide du CERT Santé ?"),
        required=False,
        widget=forms.Select(
            choices=(("", _("Pas encore décidé")), ("true", _("Oui")), ("false", _("Non")))
        ),
    )


class IncidentFilter(forms.Form):
    """What the list is narrowed to."""

    q = forms.CharField(
        label=_("Numéro ou établissement"),
        required=False,
        max_length=BOX_MAX,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    state = forms.ChoiceField(
        label=_("État"),
        required=False,
        choices=(
            ("", _("Tous")),
            ("open", _("En cours")),
            *((value, words) for value, words in State.choices if value != State.DRAFT),
        ),
    )
    kind = forms.ChoiceField(
        label=_("Nature"), required=False, choices=(("", _("Toutes")), *Kind.choices)
    )

    def narrowing(self) -> dict[str, str]:
        """Return what was asked; what cannot be read does not narrow."""
        self.is_valid()
        asked = self.cleaned_data
        return {
            "text": asked.get("q", ""),
            "state": asked.get("state", ""),
            "kind": asked.get("kind", ""),
        }


class FilingForm(forms.Form):
    """How a recipient was told by hand."""

    filed_at = LocalMoment(label=_("Envoyé le"))
    proof = forms.CharField(
        label=_("Preuve"),
        help_text=_("Numéro d’accusé, ou service joint et moyen. Ne nommez personne."),
        max_length=PROOF_MAX,
    )


class LineForm(forms.Form):
    """A line of the handling journal."""

    at = LocalMoment(label=_("Heure du fait"))
    text = forms.CharField(
        label=_("Ce qui s’est passé"),
        help_text=_("Ne nommez personne, aucune donnée de santé."),
        max_length=TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class TaskForm(forms.Form):
    """Something to do."""

    label = forms.CharField(label=_("À faire"), max_length=300)
    owner = forms.CharField(
        label=_("Qui s’en charge"),
        help_text=_("Une fonction ou un service."),
        required=False,
        max_length=120,
    )


class ConclusionForm(forms.Form):
    """Cause, lessons and cost."""

    cause = _long(_("Cause"), _("Ce qui a permis l’incident."), 3)
    lessons = _long(_("Enseignements"), _("Ce qui évitera le prochain."), 3)
    cost = forms.DecimalField(
        label=_("Coût estimé, en euros"),
        required=False,
        min_value=Decimal(0),
        max_digits=13,
        decimal_places=2,
    )

    def cents(self) -> int | None:
        """Return the cost in cents, None when it is not known."""
        cost = self.cleaned_data["cost"]
        return None if cost is None else int(cost * 100)


class ServiceForm(forms.Form):
    """How one service of the hospital runs."""

    running = forms.ChoiceField(label=_("État"), choices=Running.choices)
    since = LocalMoment(label=_("Depuis"))
    workaround = forms.CharField(label=_("Solution de secours"), required=False, max_length=300)
    impact = forms.CharField(
        label=_("Effet pour les patients"),
        help_text=_("Ne nommez personne."),
        required=False,
        max_length=300,
    )
    expected_at = LocalMoment(label=_("Retour attendu"), required=False)
