"""`hygie database role`: the account as which the site and its workers use PostgreSQL."""

from __future__ import annotations

from typing import Annotated

import typer

from hygie.cli import console
from hygie.cli.console import _
from hygie.vocabulary.errors import HygieError, UsageError

database = typer.Typer(no_args_is_help=True, help="La base PostgreSQL et ses comptes.")


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(database, name="database")


@database.callback()
def group() -> None:
    """La base PostgreSQL et ses comptes."""


@database.command("role")
def role(
    name: Annotated[str, typer.Argument(help="Nom du compte, créé s’il manque.")] = "hygie_app",
) -> None:
    """Ouvrir les tables à un compte que les règles lient ; à lancer en propriétaire."""
    from hygie.cli.django import start_django

    start_django()
    from django.db import Error, connection

    from hygie.domain.people.rowsecurity.installing import admit

    if connection.vendor != "postgresql":
        raise UsageError("SQLite n’a pas de comptes ; réglez DATABASE_URL sur PostgreSQL")
    try:
        made = admit(connection, name)
    except Error as error:
        reason = str(error).strip().splitlines()[0]
        raise HygieError(
            f"la base refuse ({reason}) : lancez avec le compte propriétaire, qui doit avoir "
            f"CREATEROLE, ou créez d’abord {name}"
        ) from error
    done = _("Compte {name} créé.") if made else _("Compte {name} : droits à jour.")
    console.out().print(done.format(name=name), markup=False)
    console.out().print(
        _("Ensuite : son mot de passe (psql, puis \\password {name}) et DATABASE_URL.").format(
            name=name
        ),
        markup=False,
    )
