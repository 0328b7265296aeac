"""`hygie worker`: do what is queued."""

from __future__ import annotations

from typing import Annotated

import typer

from hygie.cli import console
from hygie.cli.console import _
from hygie.vocabulary.errors import UsageError


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("worker")(worker)


def worker(
    queues: Annotated[
        str, typer.Option(help="Files à servir, séparées par des virgules ; toutes par défaut.")
    ] = "",
    concurrency: Annotated[
        int, typer.Option(help="Tâches menées de front (PostgreSQL).", min=1, max=64)
    ] = 4,
    until_idle: Annotated[
        bool, typer.Option("--until-idle", help="S’arrêter quand il ne reste rien à faire.")
    ] = False,
    schedules: Annotated[
        bool, typer.Option(help="Lancer aussi les rondes à leurs horaires.")
    ] = True,
) -> None:
    """Travailler en arrière-plan : rondes, courriels, horaires. Autant que l’on veut à la fois."""
    from hygie.cli.django import start_django

    start_django()
    from hygie.jobs.worker import QUEUES, run_worker

    chosen = [name.strip() for name in queues.split(",") if name.strip()]
    if unknown := [name for name in chosen if name not in QUEUES]:
        raise UsageError(f"file inconnue : {unknown[0]} ; files : {', '.join(QUEUES)}")
    console.err().print(_("Au travail. Ctrl+C pour arrêter proprement."))
    run_worker(chosen, concurrency=concurrency, until_idle=until_idle, schedules=schedules)
