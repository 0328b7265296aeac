"""`hygie people …`: the first administrator, who holds which role, invitations and tokens."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import typer

from hygie.cli import console
from hygie.cli.console import _
from hygie.vocabulary.enums import Role
from hygie.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from hygie.domain.people.models import Grant, User
    from hygie.domain.people.roles import Permission
    from hygie.domain.territory.models import Node

people = typer.Typer(no_args_is_help=True, help="Comptes, fonctions, invitations et jetons.")

Format = Annotated[str, typer.Option("--format", help="table ou json.")]
Place = Annotated[
    str, typer.Option("--place", help="Numéro FINESS, code de GHT ou de région ; la nation sinon.")
]
Email = Annotated[str, typer.Argument(help="Adresse électronique.")]
Site = Annotated[
    str, typer.Option("--site", help="Adresse du site, pour le lien : https://hygie.exemple.fr")
]

_TOKEN_DAYS = 90


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(people, name="people")


@people.command("first-admin")
def first_admin(email: Email, site: Site = "") -> None:
    """Inviter la première personne qui administre la plateforme."""
    _start()
    from django.utils import timezone

    from hygie.domain.people.models import Grant
    from hygie.domain.territory.actions import ensure_nation

    today = timezone.localdate()
    if Grant.objects.filter(
        role=Role.ADMIN, user__is_active=True, user__is_demo=False, valid_to__gt=today
    ).exists():
        raise UsageError(
            "quelqu’un administre déjà cette plateforme ; hygie people invite … --role admin"
        )
    _invite(email, Role.ADMIN, ensure_nation(actor=_actor(), now=timezone.now()), site)


@people.command("invite")
def invite(
    email: Email,
    role: Annotated[Role, typer.Option(help="Fonction.")],
    place: Place = "",
    site: Site = "",
) -> None:
    """Inviter quelqu’un à tenir une fonction ; le lien sert une fois."""
    _start()
    _invite(email, role, _place(place), site)


@people.command("list")
def list_people(place: Place = "", output: Format = "table") -> None:
    """Montrer qui tient quelle fonction, en un lieu et dessous."""
    _check_format(output)
    _start()
    from django.utils import timezone
    from rich.table import Table

    from hygie.domain.people.queries import grants_at

    grants = list(grants_at(_place(place), on=timezone.localdate()))
    if output == "json":
        console.print_json([_as_json(grant) for grant in grants])
        return
    table = Table(box=None)
    for title in ("N°", _("Personne"), _("Fonction"), _("Lieu"), _("Depuis"), _("Compte")):
        table.add_column(title)
    for grant in grants:
        table.add_row(
            str(grant.pk),
            grant.user.email,
            grant.get_role_display(),
            grant.node.name,
            f"{grant.valid_from:%d/%m/%Y}",
            _("ouvert") if grant.user.is_active else _("fermé"),
        )
    console.out().print(table)
    console.out().print(_("Ensuite : hygie people invite ADRESSE --role … --place …"), markup=False)


@people.command("grant")
def grant(
    email: Email,
    role: Annotated[Role, typer.Option(help="Fonction.")],
    place: Place = "",
) -> None:
    """Donner une fonction à un compte qui existe."""
    _start()
    from django.utils import timezone

    from hygie.domain.people import actions

    node = _place(place)
    given = actions.grant(_account(email), role, node, actor=_actor(), now=timezone.now())
    _say(_("Fonction n° {n} donnée : {role}, {place}."), given)


@people.command("end")
def end(number: Annotated[int, typer.Argument(help="Numéro de la fonction.")]) -> None:
    """Terminer une fonction aujourd’hui."""
    _start()
    from django.utils import timezone

    from hygie.domain.people import actions
    from hygie.domain.people.models import Grant

    found = Grant.objects.filter(pk=number).select_related("user", "node").first()
    if found is None:
        raise UsageError(f"aucune fonction n° {number} ; hygie people list")
    ended = actions.end_grant(found, actor=_actor(), now=timezone.now())
    _say(_("Fonction n° {n} terminée : {role}, {place}."), ended)


@people.command("close")
def close(email: Email) -> None:
    """Fermer un compte : ses sessions et ses jetons n’ouvrent plus rien."""
    _start()
    from django.utils import timezone

    from hygie.domain.people import actions

    actions.close_account(_account(email), actor=_actor(), now=timezone.now())
    console.out().print(_("Compte fermé : {email}.").format(email=email), markup=False)


@people.command("service")
def service(
    name: Annotated[str, typer.Argument(help="Nom court du service, par exemple siem-ars.")],
    role: Annotated[Role, typer.Option(help="Fonction du service.")],
    place: Place = "",
) -> None:
    """Créer un compte de service : il ne se connecte jamais, il porte des jetons."""
    _start()
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_slug
    from django.utils import timezone

    from hygie.domain.people import actions

    try:
        validate_slug(name)
    except ValidationError as error:
        raise UsageError("nom du service : lettres, chiffres et tirets seulement") from error
    node, now = _place(place), timezone.now()
    address = f"{name.lower()}@service.invalid"
    account = actions.create_account(address, name, actor=_actor(), now=now, is_service=True)
    given = actions.grant(account, role, node, actor=_actor(), now=now)
    _say(_("Fonction n° {n} donnée : {role}, {place}."), given)
    console.out().print(
        _("Ensuite : hygie people token {address} --permission finding.read").format(
            address=address
        ),
        markup=False,
    )


@people.command("token")
def token(
    email: Email,
    permission: Annotated[list[str], typer.Option(help="Droit ; répétez l’option.")],
    place: Place = "",
    name: Annotated[str, typer.Option(help="Nom du jeton.")] = "ligne de commande",
    days: Annotated[int, typer.Option(help="Jours de validité.", min=1, max=366)] = _TOKEN_DAYS,
) -> None:
    """Émettre un jeton d’API ; le secret, seul sur la sortie, ne sera plus jamais montré."""
    _start()
    from django.utils import timezone

    from hygie.domain.people import tokens

    now = timezone.now()
    secret, made = tokens.issue(
        _account(email),
        name,
        [_permission(word) for word in permission],
        _place(place),
        expires_at=now + dt.timedelta(days=days),
        actor=_actor(),
        now=now,
    )
    console.out().print(secret, markup=False)
    console.err().print(
        _("Jeton {prefix}, jusqu’au {end} ; gardez-le comme un mot de passe.").format(
            prefix=made.prefix, end=f"{made.expires_at:%d/%m/%Y}"
        ),
        markup=False,
    )


@people.command("revoke-token")
def revoke_token(prefix: Annotated[str, typer.Argument(help="Début public du jeton.")]) -> None:
    """Révoquer un jeton d’API."""
    _start()
    from django.utils import timezone

    from hygie.domain.people import tokens
    from hygie.domain.people.models import ApiToken

    found = ApiToken.objects.filter(prefix=prefix).select_related("user").first()
    if found is None:
        raise UsageError(f"aucun jeton ne commence par {prefix}")
    tokens.revoke_token(found, actor=_actor(), now=timezone.now())
    console.out().print(_("Jeton révoqué : {prefix}.").format(prefix=prefix), markup=False)


@people.command("roles")
def roles() -> None:
    """Écrire la page des fonctions et des droits (Markdown)."""
    from hygie.cli.django import setup

    setup()
    from hygie.domain.people.roles_table import render_roles

    typer.echo(render_roles(), nl=False)


def _invite(email: str, role: Role, node: Node, site: str) -> None:
    from django.urls import reverse
    from django.utils import timezone

    from hygie.domain.people import inviting

    secret, _made = inviting.offer(email, role, node, actor=_actor(), now=timezone.now())
    link = site.rstrip("/") + reverse("invitation-accept", args=[secret])
    console.out().print(link, markup=False)
    console.err().print(
        _("Remettez ce lien à {email} : il sert une fois, pendant {days} jours.").format(
            email=email, days=inviting.INVITATION_DAYS
        ),
        markup=False,
    )


def _start() -> None:
    from hygie.cli.django import start_django

    start_django()


def _actor() -> str:
    from hygie.cli.django import operator

    return operator()


def _account(email: str) -> User:
    from hygie.domain.people.models import User

    found = User.objects.filter(email=email.lower()).first()
    if found is None:
        raise UsageError(f"aucun compte {email} ; hygie people invite {email} --role …")
    return found


def _place(code: str) -> Node:
    from hygie.domain.territory.models import Kind, Node

    if not code:
        nation = Node.objects.filter(kind=Kind.NATION).first()
        if nation is None:
            raise UsageError("le territoire est vide ; hygie import finess FICHIER")
        return nation
    found = list(Node.objects.filter(code="".join(code.split()).upper())[:2])
    if len(found) != 1:
        raise UsageError(f"aucun lieu ne porte le code {code}, ou plusieurs ; donnez un FINESS")
    return found[0]


def _permission(word: str) -> Permission:
    from hygie.domain.people.roles import Permission

    try:
        return Permission(word)
    except ValueError as error:
        known = ", ".join(Permission)
        raise UsageError(f"droit inconnu : {word} ; choisissez parmi {known}") from error


def _as_json(given: Grant) -> dict[str, object]:
    return {
        "number": given.pk,
        "email": given.user.email,
        "name": given.user.name,
        "role": given.role,
        "place": given.node.code,
        "place_name": given.node.name,
        "valid_from": given.valid_from.isoformat(),
        "active": given.user.is_active,
        "service": given.user.is_service,
        "granted_by": given.granted_by,
    }


def _say(words: str, given: Grant) -> None:
    line = words.format(n=given.pk, role=given.get_role_display(), place=given.node.name)
    console.out().print(line, markup=False)


def _check_format(output: str) -> None:
    if output not in ("table", "json"):
        raise UsageError(f"format inconnu : {output} ; choisissez table ou json")
