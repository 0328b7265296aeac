"""`hygie jobs`: what waits, what runs, what failed and why; take it up again, or give it up."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hygie.cli import console
from hygie.cli.console import _
from hygie.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from hygie.domain.rounds.models import Runner
    from hygie.jobs.work import Work

Name = Annotated[str, typer.Argument(help="Nom du travail, comme ronde-4 ou courriel-12.")]
Format = Annotated[str, typer.Option("--format", help="table ou json.")]

_STATES = {
    "running": "en cours",
    "queued": "en attente",
    "failed": "en échec",
    "done": "fait",
    "cancelled": "annulé",
}


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, help="Travaux : en attente, en cours, en échec.")
    for command in (show, retry, cancel):
        group.command(command.__name__)(command)
    group.command("list")(list_works)
    app.add_typer(group, name="jobs")


def list_works(
    state: Annotated[
        str, typer.Option(help="running, queued, failed ; en cours et en échec par défaut.")
    ] = "",
    limit: Annotated[int, typer.Option(help="Nombre de lignes par sorte.", min=1, max=1000)] = 20,
    output: Format = "table",
) -> None:
    """Lister les travaux, ceux qui les font, et ce qui reste."""
    from hygie.cli.django import start_django

    start_django()
    from hygie.domain.rounds.models import Runner
    from hygie.jobs.works import STATES, counted, listed

    if state and state not in STATES:
        raise UsageError(f"état inconnu : {state} ; états : {', '.join(STATES)}")
    wanted = [state] if state else ["running", "failed"]
    works = [work for one in wanted for work in listed(one, at_most=limit)]
    runners = list(Runner.objects.all())
    if output == "json":
        console.print_json(
            {
                "runners": [_runner(one) for one in runners],
                "counts": counted(),
                "works": [asdict(work) for work in works],
            }
        )
    else:
        _print_table(works)
        _print_what_matters(counted(), len(runners))


def show(name: Name, output: Format = "table") -> None:
    """Montrer un travail : son état, et la raison de son échec."""
    from hygie.cli.django import start_django

    start_django()
    from hygie.jobs.works import find

    work = find(name)
    if output == "json":
        console.print_json(asdict(work))
    else:
        _print_table([work])


def retry(name: Name) -> None:
    """Relancer un travail en échec, et ce qui en découle."""
    _act("retry", name)
    console.out().print(_("C’est relancé. Ensuite : hygie jobs list"))


def cancel(name: Name) -> None:
    """Annuler un travail en attente, ou arrêter une ronde."""
    _act("cancel", name)
    console.out().print(_("C’est annulé. Ensuite : hygie jobs list"))


def _act(verb: str, name: str) -> None:
    from hygie.cli.django import operator, start_django

    start_django()
    from django.utils import timezone

    from hygie.jobs import works

    getattr(works, verb)(name, actor=operator(), now=timezone.now())


def _runner(runner: Runner) -> dict[str, Any]:
    return {
        "name": runner.name,
        "started_at": runner.started_at.isoformat(),
        "heartbeat_at": runner.heartbeat_at.isoformat(),
    }


def _print_table(works: list[Work]) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for column in (_("Travail"), _("Quoi"), _("État"), _("Essais"), _("Raison")):
        table.add_column(column)
    for work in works:
        told = work.reason or work.by
        table.add_row(work.name, work.what, _(_STATES[work.state]), str(work.attempts), told)
    console.out().print(table)


def _print_what_matters(counts: dict[str, dict[str, int]], runners: int) -> None:
    out = console.out()
    out.print()
    for label, kind in ((_("Éléments de ronde"), "items"), (_("Courriels"), "mails")):
        told = _("{running} en cours, {queued} en attente, {failed} en échec").format(
            **counts[kind]
        )
        out.print(f"{label} : {told}")
    out.print(_("Processus au travail : {n}").format(n=runners))
    out.print(_("Ensuite : hygie worker, ou hygie jobs retry NOM"))
