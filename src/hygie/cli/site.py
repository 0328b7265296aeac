"""`hygie migrate | serve | demo | version | manage`: the site itself."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager, nullcontext
from typing import Annotated

import typer

from hygie.cli import console
from hygie.cli.console import _

Host = Annotated[str, typer.Option(help="Adresse d’écoute.")]
Port = Annotated[int, typer.Option(help="Port d’écoute.", min=1, max=65535)]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("version")(version)
    app.command("migrate")(migrate)
    app.command("serve")(serve)
    app.command("demo")(demo)
    app.command(
        "manage",
        hidden=True,
        context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    )(manage)


def version() -> None:
    """Dire la version de Hygie."""
    from hygie import __version__

    console.out().print(f"hygie {__version__}")


def migrate() -> None:
    """Préparer ou mettre à jour la base de données."""
    _settings()
    from django.core.management import call_command

    from hygie.cli.django import setup

    setup()
    call_command("migrate", verbosity=0, interactive=False)
    console.out().print(_("La base est prête. Ensuite : hygie import finess FICHIER"))


def serve(host: Host = "127.0.0.1", port: Port = 8000, workers: int = 2) -> None:
    """Servir le site."""
    from hygie.cli.django import start_django
    from hygie.cli.gunicorn import serve_site

    start_django()
    console.err().print(_("Site : http://{host}:{port}/").format(host=host, port=port))
    with _worker_beside():
        serve_site(f"{host}:{port}", workers=workers)


def _worker_beside() -> AbstractContextManager[None]:
    """Return a worker of our own on SQLite; on PostgreSQL workers are services of their own."""
    from django.db import connection

    from hygie.jobs.embedded import worker_beside

    return worker_beside() if connection.vendor == "sqlite" else nullcontext()


def demo(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    only_prepare: Annotated[
        bool, typer.Option("--only-prepare", help="Tout préparer sans servir le site.")
    ] = False,
) -> None:
    """Montrer Hygie sur un territoire inventé : base neuve, laboratoire, ronde, site."""
    from hygie.cli.demonstration import demonstrate

    demonstrate(host, port, only_prepare=only_prepare)


def manage(context: typer.Context) -> None:
    """Appeler une commande de Django."""
    _settings()
    from django.core.management import execute_from_command_line

    from hygie.cli.django import setup

    setup()
    execute_from_command_line(["hygie manage", *context.args])


def _settings() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hygie.config.settings")
    sys.tracebacklimit = 20
