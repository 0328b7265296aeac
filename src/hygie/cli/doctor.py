"""`hygie doctor`: what is wrong with this installation, and what to do about it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Final

import typer

from hygie.cli.console import _, out, print_json
from hygie.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from hygie.jobs.checks.check import Check

_WORDS: Final = {
    "good": "[green]bon[/]",
    "warning": "[yellow]à voir[/]",
    "broken": "[bold red]en panne[/]",
    "unknown": "[bold red]inconnu[/]",
}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor", help=_("Examiner l’installation ; à chaque panne son remède."))(doctor)


def doctor(
    *,
    output: Annotated[str, typer.Option("--format", help="table ou json.")] = "table",
    check: Annotated[
        bool, typer.Option("--check", help="Finir par le code 1 s’il y a une panne.")
    ] = False,
) -> None:
    """Examine settings, database, clock, mail, disk, permissions, corpus, workers, journal."""
    if output not in ("table", "json"):
        raise UsageError(f"format inconnu : {output} ; choisissez table ou json")
    from hygie.cli.django import setup

    setup()
    from hygie.jobs.checks.examination import broken, examine

    now = dt.datetime.now(dt.UTC)
    found = examine(now=now)
    ill = broken(found)
    if output == "json":
        print_json(_document(found, ill, now=now))
    else:
        _print_table(found, ill)
    if check and ill:
        raise typer.Exit(1)


def _document(found: list[Check], ill: list[Check], *, now: dt.datetime) -> dict[str, object]:
    return {
        "examined_at": now.isoformat(timespec="seconds"),
        "healthy": not ill,
        "checks": [
            {
                "name": one.name,
                "status": one.status.value,
                "detail": one.detail,
                "remedy": one.remedy if one.status.value != "good" else "",
            }
            for one in found
        ],
    }


def _print_table(found: list[Check], ill: list[Check]) -> None:
    from rich.markup import escape
    from rich.table import Table

    console = out()
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for one in found:
        table.add_row(_WORDS[one.status.value], _(one.title), escape(one.detail))
        if one.status.value != "good":
            table.add_row("", "", f"[bold]→ {escape(one.remedy)}[/]")
    console.print(table)
    warnings = sum(one.status.value == "warning" for one in found)
    counts = _("{good} bons, {warnings} à voir, {ill} en panne.")
    good = len(found) - len(ill) - warnings
    console.print()
    console.print(counts.format(good=good, warnings=warnings, ill=len(ill)))
    if ill:
        console.print(_("À réparer d’abord : {title}.").format(title=_(ill[0].title)))
        console.print(_("Ensuite : appliquez le remède, puis hygie doctor."))
    else:
        console.print(_("Rien n’empêche Hygie de servir."))
        console.print(_("Ensuite : hygie backup FICHIER, et gardez-le ailleurs."))
