"""What people type about declarations: why not affected, until when, what a manufacturer says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from hygie.domain.veille.declaring import Claim, DeclarationError
from hygie.domain.veille.models import AdvisoryKind, Justification, Subscription
from hygie.domain.veille.national import NationalClaim
from hygie.domain.veille.statements import StatementFilters
from hygie.domain.veille.stream import StreamFilters
from hygie.domain.veille.subscribing import Wish
from hygie.web.forms import TEXT_MAX

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_STANDINGS = (
    ("", _("En vigueur")),
    ("waiting", _("Attend un accord")),
    ("over", _("Terminées ou retirées")),
    ("all", _("Toutes")),
)


_ZONES = [
    (zone, zone.replace("_", " "))
    for zone in (
        *("Europe/Paris", "America/Cayenne", "America/Guadeloupe", "America/Martinique"),
        *("America/Miquelon", "Indian/Mayotte", "Indian/Reunion", "Pacific/Noumea"),
        *("Pacific/Tahiti", "Pacific/Wallis"),
    )
]


def _day(
    label: str | _StrPromise, help_text: str | _StrPromise, *, required: bool = True
) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class StatementFilter(forms.Form):
    """The filters of the lists of declarations, all of them in the address of the page."""

    q = forms.CharField(
        label=_("CVE, produit ou auteur"),
        required=False,
        max_length=TEXT_MAX,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    standing = forms.ChoiceField(label=_("État"), required=False, choices=_STANDINGS)
    node = forms.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput()
    )

    def filters(self) -> StatementFilters:
        """Return the filters asked; what cannot be read does not narrow."""
        self.is_valid()
        asked = getattr(self, "cleaned_data", {})
        return StatementFilters(
            standing=asked.get("standing") or "force",
            text=asked.get("q") or "",
            node_id=asked.get("node"),
        )


class RefusableForm(forms.Form):
    """A form whose fields the domain may refuse."""

    def refuse(self, error: DeclarationError) -> None:
        """Show what the domain refused, beside its field when it names one."""
        self.add_error(error.field if error.field in self.fields else None, str(error))


class DeclareForm(RefusableForm):
    """Why a vulnerability does not concern an establishment, and until when."""

    justification = forms.ChoiceField(
        label=_("Raison"), choices=[("", _("Choisissez")), *Justification.choices]
    )
    impact = forms.CharField(
        label=_("Explication"),
        help_text=_("Ce qui le prouve. Un auditeur la lira."),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    until = _day(_("Valable jusqu’au"), _("Le constat revient à traiter le lendemain."))
    everywhere = forms.BooleanField(
        label=_("Vaut pour tous les équipements de l’établissement qui ont ce produit"),
        required=False,
    )

    def claim(self) -> Claim:
        """Return what was typed, once valid."""
        return Claim(**self.cleaned_data)


class NationalForm(RefusableForm):
    """What a manufacturer says of its product, typed by an analyst."""

    cve_id = forms.CharField(label=_("CVE"), max_length=24)
    author = forms.CharField(label=_("Fabricant qui le dit"), max_length=200)
    document = forms.CharField(label=_("Référence de son document"), max_length=200, required=False)
    vendor = forms.CharField(label=_("Éditeur du produit"), max_length=100)
    name = forms.CharField(label=_("Produit"), max_length=150)
    first = forms.CharField(
        label=_("Première version concernée par la déclaration"), max_length=60, required=False
    )
    last = forms.CharField(
        label=_("Dernière version, comprise"),
        help_text=_("Sans version, la déclaration vaut pour toutes."),
        max_length=60,
        required=False,
    )
    justification = forms.ChoiceField(
        label=_("Raison"), choices=[("", _("Choisissez")), *Justification.choices]
    )
    impact = forms.CharField(
        label=_("Explication du fabricant"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    until = _day(
        _("Valable jusqu’au"),
        _("Vide : tant que le fabricant ne dit pas autre chose."),
        required=False,
    )

    def claim(self) -> NationalClaim:
        """Return what was typed, once valid."""
        return NationalClaim(**self.cleaned_data)


class StreamFilter(forms.Form):
    """The filters of the stream, all of them in the address of the page."""

    q = forms.CharField(
        label=_("Titre, référence ou CVE"),
        required=False,
        max_length=TEXT_MAX,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    kind = forms.ChoiceField(
        label=_("Source"), required=False, choices=[("", _("Toutes")), *AdvisoryKind.choices]
    )
    since = forms.DateField(
        label=_("Mis à jour depuis le"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    concerned = forms.BooleanField(label=_("Seulement ce qui me concerne"), required=False)
    node = forms.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput()
    )

    def filters(self) -> StreamFilters:
        """Return the filters asked; what cannot be read does not narrow."""
        self.is_valid()
        asked = getattr(self, "cleaned_data", {})
        return StreamFilters(
            kind=asked.get("kind") or "",
            text=asked.get("q") or "",
            concerned=bool(asked.get("concerned")),
            since=asked.get("since"),
            node_id=asked.get("node"),
        )


class SubscriptionForm(forms.Form):
    """What one is told of the stream, how often, and when never."""

    pace = forms.ChoiceField(label=_("Rythme"), choices=Subscription.Pace.choices)
    breadth = forms.ChoiceField(label=_("Étendue"), choices=Subscription.Breadth.choices)
    kinds = forms.MultipleChoiceField(
        label=_("Sources"),
        help_text=_("Aucune cochée : toutes."),
        choices=AdvisoryKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    from_hour = forms.IntegerField(
        label=_("Silence à partir de (heure)"), min_value=0, max_value=23
    )
    to_hour = forms.IntegerField(
        label=_("Jusqu’à (heure)"),
        help_text=_("La même heure deux fois : pas de silence."),
        min_value=0,
        max_value=23,
    )
    time_zone = forms.ChoiceField(label=_("Fuseau horaire"), choices=_ZONES)

    @staticmethod
    def initial_of(subscription: Subscription) -> dict[str, object]:
        """Return what a subscription says, as the form shows it."""
        names = ("pace", "breadth", "kinds", "from_hour", "to_hour", "time_zone")
        return {name: getattr(subscription, name) for name in names}

    def wish(self) -> Wish:
        """Return what was asked, once valid."""
        asked = dict(self.cleaned_data)
        return Wish(**{**asked, "kinds": tuple(asked["kinds"])})
