"""Filters of the list of assets; what a mandate asks for."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hygie.domain.estate.models import AssetKind, CriticalityChoice
from hygie.domain.estate.perimeter import (
    MAX_LINES,
    PerimeterError,
    domain_line,
    host_line,
    network_line,
)
from hygie.domain.estate.permits import Terms
from hygie.web.estate.standing import DAYS
from hygie.web.forms import TEXT_MAX, DayInput

if TYPE_CHECKING:
    from collections.abc import Callable

    from hygie.domain.estate.mandates import Line

_LINE_MAX: Final = 300
_SHOWN: Final = 5
_HOURS: Final = 24
_LOCAL: Final = _("À l’heure de l’établissement.")


class AssetFilter(forms.Form):
    """What the list of assets is narrowed to."""

    q = forms.CharField(
        label=_("Texte"),
        required=False,
        max_length=TEXT_MAX,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    kind = forms.ChoiceField(
        label=_("Nature"), required=False, choices=(("", _("Toutes")), *AssetKind.choices)
    )
    criticality = forms.ChoiceField(
        label=_("Criticité"),
        required=False,
        choices=(("", _("Toutes")), *CriticalityChoice.choices),
    )

    def narrowing(self) -> dict[str, str]:
        """Return what was asked; what cannot be read does not narrow."""
        self.is_valid()
        asked = self.cleaned_data
        return {
            "text": asked.get("q", ""),
            "kind": asked.get("kind", ""),
            "criticality": asked.get("criticality", ""),
        }


def _lines(label: Any, help_text: Any) -> forms.CharField:  # noqa: ANN401 - lazy texts
    return forms.CharField(
        label=label,
        required=False,
        max_length=MAX_LINES * _LINE_MAX,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=help_text,
    )


def _hours(first: int) -> list[tuple[int, str]]:
    return [(hour, f"{hour}\u00a0h") for hour in range(first, first + _HOURS)]


class MandateForm(forms.Form):
    """What may be probed, when, and who is told when a probe disturbs."""

    domains = _lines(
        _("Domaines, avec leurs sous-domaines"), _("Un par ligne, par exemple ch-exemple.fr")
    )
    hosts = _lines(_("Noms d’hôte, seuls"), _("Un par ligne, par exemple vpn.ch-exemple.fr"))
    networks = _lines(
        _("Adresses et réseaux publics"), _("Un par ligne, par exemple 192.0.2.1 ou 192.0.2.0/28")
    )
    valid_from = forms.DateField(label=_("Premier jour"), widget=DayInput())
    last_day = forms.DateField(label=_("Dernier jour"), widget=DayInput())
    days = forms.MultipleChoiceField(
        label=_("Jours permis"),
        choices=[(str(number), name) for number, name in enumerate(DAYS, start=1)],
        widget=forms.CheckboxSelectMultiple,
        initial=list("1234567"),
    )
    from_hour = forms.TypedChoiceField(
        label=_("À partir de"), choices=_hours(0), coerce=int, initial=0, help_text=_LOCAL
    )
    to_hour = forms.TypedChoiceField(
        label=_("Jusqu’à"),
        choices=_hours(1),
        coerce=int,
        initial=_HOURS,
        help_text=_LOCAL,
    )
    contact = forms.CharField(
        label=_("Qui prévenir si une sonde gêne"),
        max_length=160,
        help_text=_("Une personne ou une astreinte, avec son téléphone ou son adresse."),
    )

    def clean_domains(self) -> list[Line]:
        """Read the domains."""
        return self._read("domains", domain_line)

    def clean_hosts(self) -> list[Line]:
        """Read the host names."""
        return self._read("hosts", host_line)

    def clean_networks(self) -> list[Line]:
        """Read the addresses and networks."""
        return self._read("networks", network_line)

    def perimeter(self) -> list[Line]:
        """Return every line of a form that holds."""
        return [*(line for name in self._LISTS for line in self.cleaned_data[name])]

    def terms(self) -> Terms:
        """Return the terms of a form that holds; nobody signs yet."""
        asked = self.cleaned_data
        return Terms(
            signatory="",
            contact=asked["contact"],
            signed_on=timezone.localdate(),
            valid_from=asked["valid_from"],
            valid_to=asked["last_day"] + dt.timedelta(days=1),
            days="".join(sorted(asked["days"])),
            from_hour=asked["from_hour"],
            to_hour=asked["to_hour"],
        )

    _LISTS = ("domains", "hosts", "networks")

    def _read(self, name: str, parse: Callable[[str], Line]) -> list[Line]:
        found, wrong = [], []
        for text in filter(None, map(str.strip, self.cleaned_data[name].splitlines())):
            try:
                found.append(parse(text))
            except PerimeterError as error:
                wrong.append(str(error))
        if len(wrong) > _SHOWN:
            more = _now("… et {n} autres lignes à corriger.").format(n=len(wrong) - _SHOWN)
            wrong = [*wrong[:_SHOWN], more]
        if wrong:
            raise forms.ValidationError(wrong)
        return found


class SignForm(forms.Form):
    """In whose capacity somebody signs."""

    function = forms.CharField(
        label=_("Votre fonction"),
        max_length=80,
        help_text=_("Telle qu’elle figurera sur le mandat, par exemple « Directrice générale »."),
    )
    read = forms.BooleanField(
        label=_("J’ai lu le périmètre, les jours et les heures, et j’autorise ces sondes.")
    )
