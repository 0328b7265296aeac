"""`hygie round`: one turn of the round, resumed where an earlier one stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from hygie.cli import console
from hygie.cli.console import _
from hygie.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from hygie.domain.rounds.models import Round, Step

_POLL_S = 0.5


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("round")(run)


def run(
    scope: Annotated[
        str, typer.Option(help="Code du territoire : FINESS, GHT, région ; la nation par défaut.")
    ] = "",
    step: Annotated[
        list[str] | None, typer.Option(help="Étape à faire (répétable) ; toutes par défaut.")
    ] = None,
    wait: Annotated[bool, typer.Option(help="Attendre la fin et montrer l’avancement.")] = True,
    inline: Annotated[
        bool, typer.Option("--inline", help="Tout faire dans ce processus, sans travailleur.")
    ] = False,
    output: Annotated[str, typer.Option("--format", help="table ou json.")] = "table",
) -> None:
    """Faire une ronde : actualiser, observer, rapprocher, réconcilier, décider, prévenir."""
    from hygie.cli.django import start_django

    if inline and not wait:
        raise UsageError("--inline et --no-wait s’excluent : sans travailleur, il faut attendre")
    start_django()
    turn = (run_with_progress if wait else _begin)(
        scope, step or [], silent=output == "json", inline=inline
    )
    if output == "json":
        console.print_json(_as_json(turn))
    elif wait:
        print_summary(turn)
    else:
        console.out().print(_("La ronde {n} est commencée.").format(n=turn.pk))
        console.out().print(_("Ensuite : hygie jobs list"))


def run_with_progress(scope: str, steps: list[str], *, silent: bool, inline: bool = False) -> Round:
    """Run a round to its end, by the workers when there are some; show where it is on stderr."""
    from django.db import connection

    from hygie.jobs.backend import backend

    queued = connection.vendor == "postgresql" and not inline and backend().has_workers()
    turn = _begin(scope, steps, silent=silent, inline=not queued)
    return _follow(turn, silent=silent) if queued else _run_here(turn, silent=silent)


def _begin(scope: str, steps: list[str], *, silent: bool, inline: bool) -> Round:
    """Open the round, or find the one left unfinished; have it begun unless ``inline``."""
    from django.db import transaction
    from django.utils import timezone

    from hygie.cli.places import node_of
    from hygie.domain.journal.actions import SYSTEM
    from hygie.domain.rounds.actions import ALL_STEPS, open_round
    from hygie.jobs.backend import backend

    wanted = [_step(name) for name in steps] or list(ALL_STEPS)
    with transaction.atomic():
        turn, new = open_round(node_of(scope), wanted, actor=SYSTEM, now=timezone.now())
        if not inline:
            backend().begin(turn)
    if not (new or silent):
        console.err().print(_("Reprise de la ronde restée inachevée."))
    return turn


def _run_here(turn: Round, *, silent: bool) -> Round:
    from hygie.jobs.mails import deliver_due
    from hygie.jobs.presence import presence
    from hygie.jobs.progress import Progress
    from hygie.jobs.round_runner import run_round
    from hygie.jobs.workbench import workbench

    with _bars(turn, silent=silent) as show, presence("commande") as runner:

        def report(settled: Progress) -> None:
            show(settled.step, settled.settled, settled.total)

        turn = run_round(turn, workbench(), runner, report=report)
    deliver_due()
    return turn


def _follow(turn: Round, *, silent: bool) -> Round:
    """Show where the workers are until the round is over; stopping here stops nothing there."""
    import time

    from hygie.domain.rounds.models import RoundState
    from hygie.jobs.progress import progress

    with _bars(turn, silent=silent) as show:
        while True:
            turn.refresh_from_db()
            for one in progress(turn):
                show(one.step, one.settled, one.total)
            if turn.state != RoundState.RUNNING:
                return turn
            time.sleep(_POLL_S)


@contextmanager
def _bars(turn: Round, *, silent: bool) -> Iterator[Callable[[Step, int, int], None]]:
    """Show one bar a step on stderr; yields what moves them."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    bars = Progress(
        TextColumn("{task.description:<12}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console.err(),
        disable=silent,
    )
    with bars:
        tasks = {name: bars.add_task(str(_step(name).label), total=None) for name in turn.steps}

        def show(step: Step, settled: int, total: int) -> None:
            bars.update(tasks[step], completed=settled, total=total)

        yield show


def print_summary(turn: Round) -> None:
    """Print what the round did: a line a step, then the three lines that matter."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for column in (_("Étape"), _("Résultat")):
        table.add_column(column)
    for step, counts in turn.summary.items():
        if isinstance(counts, dict) and counts:
            told = ", ".join(
                f"{_COUNTS[name]} {counts[name]}" for name in _COUNTS if name in counts
            )
            table.add_row(str(_step(step).label), told)
    console.out().print(table)
    _print_what_matters(turn)


_COUNTS = {
    "cves": "vulnérabilités connues :",
    "asked": "questions",
    "answered": "réponses",
    "targets": "cibles",
    "reached": "atteintes",
    "changed": "changées",
    "products": "produits",
    "matched": "rapprochés",
    "affected": "touchés",
    "unknown": "à préciser",
    "new": "nouvelles",
    "same": "inchangées",
    "returned": "revenues",
    "verified": "corrigées et vérifiées",
    "set_aside": "écartées",
    "advisories": "publications",
    "refused": "refusées",
    "act": "agir",
    "attend": "prévoir",
    "track": "suivre",
    "told": "personnes prévenues",
    "sites": "établissements",
    "nodes": "niveaux au-dessus",
}


def _print_what_matters(turn: Round) -> None:
    observed = turn.summary.get("observe", {})
    seen = turn.summary.get("reconcile", {})
    decided = turn.summary.get("decide", {})
    out = console.out()
    out.print()
    out.print(
        _("{reached} cibles atteintes sur {targets}.").format(
            reached=observed.get("reached", 0), targets=observed.get("targets", 0)
        )
    )
    out.print(
        _("{act} constats à traiter sans attendre, {attend} à prévoir, {track} à suivre.").format(
            act=decided.get("act", 0),
            attend=decided.get("attend", 0),
            track=decided.get("track", 0),
        )
    )
    out.print(
        _("{verified} corrections vérifiées, {returned} faiblesses revenues.").format(
            verified=seen.get("verified", 0), returned=seen.get("returned", 0)
        )
    )
    if failed := turn.summary.get("failed", 0):
        out.print(_("{failed} éléments en échec : relancez la ronde.").format(failed=failed))
    out.print(_("Ensuite : hygie serve, ou hygie export csv findings"))


def _as_json(turn: Round) -> dict[str, object]:
    return {
        "round": turn.pk,
        "state": turn.state,
        "started_at": turn.started_at.isoformat(),
        "finished_at": turn.finished_at.isoformat() if turn.finished_at else None,
        "corpus": turn.corpus,
        "summary": turn.summary,
    }


def _step(name: str) -> Step:
    from hygie.domain.rounds.models import Step

    try:
        return Step(name)
    except ValueError as error:
        names = ", ".join(Step.values)
        raise UsageError(f"étape inconnue : {name} ; étapes : {names}") from error
