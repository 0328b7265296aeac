"""`hygie import …`: files of the programme into the database, one command a kind of file."""

from __future__ import annotations

import datetime as dt
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from hygie.cli import console
from hygie.cli.console import _
from hygie.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hygie.domain.territory.comparing import Source
    from hygie.domain.territory.models import Review

GROUPS_BESIDE: Final = ("ght.csv", "ght_membres.csv")
"""Files of GHT that an establishment file brings along."""

imports = typer.Typer(no_args_is_help=True, help="Importer un fichier : FINESS, GHT…")

DryRun = Annotated[bool, typer.Option("--dry-run", help="Montrer la différence sans rien écrire.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Appliquer sans demander.")]
AsOf = Annotated[
    str,
    typer.Option(
        help="Jour dont parle le fichier (AAAA-MM-JJ) ; par défaut celui qu’il porte, ou ce jour."
    ),
]
Format = Annotated[str, typer.Option("--format", help="table ou json.")]


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(imports, name="import")


@imports.command("finess")
def finess(
    file: Annotated[Path, typer.Argument(help="Extraction FINESS, flux FINESS+ ou tableau SAE.")],
    dry_run: DryRun = False,
    yes: Yes = False,
    as_of: AsOf = "",
    without_ght: Annotated[
        bool,
        typer.Option("--without-ght", help="Ignorer ght.csv et ght_membres.csv placés à côté."),
    ] = False,
    output: Format = "table",
) -> None:
    """Importer les établissements, et les GHT placés à côté du fichier."""
    _check_format(output)
    day = _day(as_of)
    groups, members = (file.parent / name for name in GROUPS_BESIDE)
    beside = not without_ght and groups.is_file() and members.is_file()

    def read() -> Source:
        from hygie.domain.territory.comparing import Source
        from hygie.engines.exchange.finess import read_finess, read_ght

        content = read_finess(file)
        return Source(content, file.name, read_ght(groups, members) if beside else None)

    if beside and output == "table":
        console.err().print(
            _("GHT lus à côté : {groups} et {members} (--without-ght pour les ignorer).").format(
                groups=groups.name, members=members.name
            ),
            markup=False,
        )
    _import(read, day, dry_run=dry_run, yes=yes, output=output)


@imports.command("ght")
def ght(
    groups: Annotated[Path, typer.Argument(help="Table des GHT, ou table d’une ligne par membre.")],
    members: Annotated[Path | None, typer.Argument(help="Table des membres.")] = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_of: AsOf = "",
    output: Format = "table",
) -> None:
    """Importer les GHT, leurs membres et leur établissement support."""
    _check_format(output)
    day = _day(as_of)

    def read() -> Source:
        from hygie.domain.territory.comparing import Source
        from hygie.engines.exchange.finess import read_ght

        return Source(read_ght(groups, members), groups.name)

    _import(read, day, dry_run=dry_run, yes=yes, output=output)


@imports.command("review")
def review(
    number: Annotated[int | None, typer.Argument(help="Numéro de la relecture.")] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Appliquer.")] = False,
    drop: Annotated[bool, typer.Option("--drop", help="Abandonner.")] = False,
    output: Format = "table",
) -> None:
    """Montrer ce qu’un fichier change, puis l’appliquer ou l’abandonner ; sans numéro, lister."""
    from hygie.cli.django import operator, start_django

    _check_format(output)
    if apply and drop:
        raise UsageError("choisissez --apply ou --drop, pas les deux")
    start_django()
    from django.utils import timezone

    from hygie.domain.territory import actions

    if number is None:
        _list_waiting(output)
        return
    found = _review(number)
    if apply:
        with _progress(output, 1) as step:
            step(_("Écriture"))
            found = actions.apply(found, actor=operator(), now=timezone.now())
    elif drop:
        found = actions.drop(found, actor=operator(), now=timezone.now())
    _print_review(found, output, every_line=not (apply or drop))


def _import(
    read: Callable[[], Source],
    day: dt.date | None,
    *,
    dry_run: bool,
    yes: bool,
    output: str,
) -> None:
    """Read the file, compare it, and apply it, ask, or keep it, as the rules say."""
    from hygie.cli.django import operator, setup, start_django

    setup()
    with _progress(output, 3) as step:
        step(_("Lecture"))
        source = read()
        start_django()
        from django.utils import timezone

        from hygie.domain.territory import actions

        now = timezone.now()
        step(_("Comparaison"))
        if dry_run:
            _print_dry_run(source, day, now, output)
            return
        found = actions.propose(source, as_of=day, actor=operator(), now=now)
        if (yes and not found.hold_reason) or actions.may_apply_unasked(found):
            step(_("Écriture"))
            found = actions.apply(found, actor=operator(), now=now)
    _print_review(found, output)
    if found.state == "proposed" and not found.hold_reason and _agrees(output):
        found = actions.apply(found, actor=operator(), now=now)
        _print_review(found, output)


def _print_dry_run(source: Source, day: dt.date | None, now: dt.datetime, output: str) -> None:
    from hygie.cli.reviews import as_json, of_difference, print_outcome
    from hygie.domain.territory.comparing import compare_with_territory

    found = compare_with_territory(source, as_of=day, now=now)
    outcome = of_difference(found, file=source.name, as_of=source.day(day, now=now))
    if output == "json":
        console.print_json(as_json(outcome))
    else:
        print_outcome(outcome)


def _print_review(found: Review, output: str, *, every_line: bool = False) -> None:
    from hygie.cli.reviews import as_json, of_review, print_outcome

    if output == "json":
        console.print_json(as_json(of_review(found)))
    else:
        print_outcome(of_review(found), every_line=every_line)


def _list_waiting(output: str) -> None:
    from hygie.domain.territory.queries import waiting_reviews

    rows = [
        {"review": row.pk, "file": row.file_name, "as_of": row.as_of.isoformat()}
        for row in waiting_reviews()
    ]
    if output == "json":
        console.print_json(rows)
        return
    out = console.out()
    for row in rows:
        out.print(f"{row['review']}  {row['file']}  {row['as_of']}", markup=False)
    out.print(
        _("Ensuite : hygie import review NUMÉRO") if rows else _("Rien n’attend de relecture."),
        markup=False,
    )


def _review(number: int) -> Review:
    from hygie.domain.territory.models import Review

    found = Review.objects.filter(pk=number).first()
    if found is None:
        raise UsageError(f"pas de relecture {number} ; hygie import review en donne la liste")
    return found


def _agrees(output: str) -> bool:
    """Ask on a terminal; anywhere else the proposal is kept."""
    if output == "json" or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    answer = console.err().input(_("Appliquer maintenant ? [o/N] "), markup=False)
    return answer.strip().lower() in ("o", "oui", "y", "yes")


@contextmanager
def _progress(output: str, steps: int) -> Iterator[Callable[[str], None]]:
    """Show on stderr which step is under way; silent for JSON."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<14}"), BarColumn(), TimeElapsedColumn())
    terminal = console.err()
    silent = output == "json" or not terminal.is_terminal
    shown = Progress(*columns, console=terminal, transient=True, disable=silent)
    with shown:
        task = shown.add_task("", total=steps)
        started = False

        def step(name: str) -> None:
            nonlocal started
            shown.update(task, description=name, advance=int(started))
            started = True

        yield step


def _day(text: str) -> dt.date | None:
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"« {text} » n’est pas un jour ; écrivez --as-of 2024-12-31") from error


def _check_format(output: str) -> None:
    if output not in ("table", "json"):
        raise UsageError(f"format inconnu : {output} ; choisissez table ou json")
