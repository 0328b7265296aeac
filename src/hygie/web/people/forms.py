"""Forms about people."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hygie.domain.people.models import RoleChoice, User
from hygie.domain.people.roles import DELEGABLE, Permission
from hygie.domain.people.wording import PERMISSIONS
from hygie.web.forms import DayInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hygie.domain.people.models import Grant
    from hygie.domain.territory.models import Node
    from hygie.vocabulary.enums import Role


def labelled(permissions: Iterable[Permission]) -> list[tuple[str, str]]:
    """Return the choices of a list of permissions, in the order of the table."""
    wanted = set(permissions)
    return [(str(name), str(PERMISSIONS[name])) for name in Permission if name in wanted]


class InviteForm(forms.Form):
    """An address and one of the roles that the manager may offer there."""

    email = forms.EmailField(label=_("Adresse électronique"), max_length=254)
    role = forms.ChoiceField(label=_("Fonction"))

    def __init__(self, *args: Any, roles: Sequence[Role], **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, **kwargs)
        offered = [(str(role), RoleChoice(role).label) for role in roles]
        self.fields["role"].choices = offered  # type: ignore[attr-defined]


class NewAccountForm(forms.Form):
    """Name and password of who accepts an invitation."""

    name = forms.CharField(
        label=_("Prénom et nom"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Mot de passe"),
        max_length=128,
        strip=False,
        help_text=_("Douze caractères au moins ; une phrase se retient mieux qu’un mot."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, **kwargs)
        self._email = email

    def clean_password(self) -> str:
        """Refuse a password that is short, common or like the address."""
        password: str = self.cleaned_data["password"]
        name = self.cleaned_data.get("name", "")
        validate_password(password, User(email=self._email, name=name))
        return password


class ProposalForm(forms.Form):
    """For whom, what, how long and why somebody would act."""

    member = forms.CharField(
        label=_("Numéro FINESS du membre"),
        max_length=14,
        help_text=_("Entité juridique ou établissement de votre GHT, neuf caractères."),
    )
    who = forms.ChoiceField(label=_("Qui agira"), required=False)
    permissions = forms.MultipleChoiceField(
        label=_("Pour faire quoi"), widget=forms.CheckboxSelectMultiple
    )
    valid_from = forms.DateField(label=_("Du"), widget=DayInput())
    valid_to = forms.DateField(
        label=_("Jusqu’au (exclu)"),
        widget=DayInput(),
        help_text=_("Un an au plus."),
    )
    reason = forms.CharField(
        label=_("Pourquoi"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("L’auditeur le lira : quinze caractères au moins."),
    )

    def __init__(self, *args: Any, grants: Sequence[Grant], **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, **kwargs)
        self._nodes: dict[str, Node] = {str(grant.node_id): grant.node for grant in grants}
        places = [
            (key, _("Toute personne RSSI : {place}").format(place=node.name))
            for key, node in self._nodes.items()
        ]
        self.fields["who"].choices = [("", _("Moi seulement")), *places]  # type: ignore[attr-defined]
        self.fields["permissions"].choices = labelled(DELEGABLE)  # type: ignore[attr-defined]

    def role_node(self) -> Node | None:
        """Return the place whose RSSI would act, None when the proposer alone would."""
        return self._nodes.get(self.cleaned_data["who"])

    def chosen(self) -> frozenset[Permission]:
        """Return what was ticked."""
        return frozenset(Permission(name) for name in self.cleaned_data["permissions"])


class TokenForm(forms.Form):
    """Name, place, rights and end of a token."""

    name = forms.CharField(
        label=_("Nom"), max_length=80, help_text=_("Par exemple le logiciel qui l’emploie.")
    )
    node = forms.ChoiceField(label=_("Lieu"))
    permissions = forms.MultipleChoiceField(label=_("Droits"), widget=forms.CheckboxSelectMultiple)
    last_day = forms.DateField(
        label=_("Dernier jour"),
        widget=DayInput(),
        help_text=_("Un an au plus."),
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - Django's signature
        grants: Sequence[Grant],
        permissions: Iterable[Permission],
        **kwargs: Any,  # noqa: ANN401 - Django's signature
    ) -> None:
        super().__init__(*args, **kwargs)
        self._nodes = {str(grant.node_id): grant.node for grant in grants}
        self.fields["node"].choices = [  # type: ignore[attr-defined]
            (key, node.name) for key, node in self._nodes.items()
        ]
        self.fields["permissions"].choices = labelled(permissions)  # type: ignore[attr-defined]
        today = timezone.localdate()
        self.fields["last_day"].initial = today + dt.timedelta(days=90)

    def place(self) -> Node:
        """Return the place chosen."""
        return self._nodes[self.cleaned_data["node"]]

    def chosen(self) -> frozenset[Permission]:
        """Return what was ticked."""
        return frozenset(Permission(name) for name in self.cleaned_data["permissions"])

    def ends_at(self) -> dt.datetime:
        """Return the first moment without the token: its last day is over."""
        last: dt.date = self.cleaned_data["last_day"]
        return dt.datetime.combine(
            last + dt.timedelta(days=1), dt.time(), timezone.get_current_timezone()
        )


class ServiceForm(forms.Form):
    """Name and place of a program, with the role that it holds there."""

    name = forms.CharField(
        label=_("Nom"),
        max_length=60,
        help_text=_("Le logiciel, par exemple « SIEM » ou « Gestion de parc »."),
    )
    place = forms.ChoiceField(label=_("Fonction et lieu"))

    def __init__(self, *args: Any, grants: Sequence[Grant], **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, **kwargs)
        self._grants = {str(grant.pk): grant for grant in grants}
        self.fields["place"].choices = [  # type: ignore[attr-defined]
            (key, f"{RoleChoice(grant.role).label} – {grant.node.name}")
            for key, grant in self._grants.items()
        ]

    def grant(self) -> Grant:
        """Return the role of the manager that the program is to hold."""
        return self._grants[self.cleaned_data["place"]]
