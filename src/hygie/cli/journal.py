"""`hygie journal …`: prove the journal whole, and read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from hygie.cli import console
from hygie.cli.console import _
from hygie.vocabulary.errors import InputError, UsageError

if TYPE_CHECKING:
    from hygie.domain.journal.queries import Flaw, Verification

journal = typer.Typer(no_args_is_help=True, help="Le journal des écritures.")

Format = Annotated[str, typer.Option("--format", help="table ou json.")]


class JournalBrokenError(InputError):
    """The chain does not hold."""


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(journal, name="journal")


@journal.command("verify")
def verify(output: Format = "table") -> None:
    """Prouver que le journal est entier : ni ligne modifiée, ni retirée, ni ajoutée."""
    from hygie.cli.django import start_django

    _check_format(output)
    start_django()
    from hygie.domain.journal import queries

    found = queries.verify()
    if output == "json":
        console.print_json(_as_json(found))
        if not found.whole:
            raise typer.Exit(JournalBrokenError.exit_code)
        return
    if not found.whole:
        raise JournalBrokenError(_flaw_words(found.flaws[0]) + _others(len(found.flaws) - 1))
    out = console.out()
    out.print(_("Journal entier : {lines} lignes.").format(lines=found.lines), markup=False)
    out.print(
        _("Empreinte de la dernière ligne : {hash}").format(hash=found.head_hash or "—"),
        markup=False,
    )
    out.print(
        _("Notez-la hors de cette machine : elle prouvera demain que rien n’a été réécrit."),
        markup=False,
    )


@journal.command("list")
def list_lines(
    last: Annotated[int, typer.Option(help="Nombre de lignes.", min=1, max=10_000)] = 20,
    output: Format = "table",
) -> None:
    """Montrer les dernières lignes du journal."""
    from hygie.cli.django import start_django

    _check_format(output)
    start_django()
    from hygie.domain.journal.models import Entry

    entries = list(Entry.objects.order_by("-sequence")[:last])[::-1]
    if output == "json":
        console.print_json(
            [
                {
                    "sequence": entry.sequence,
                    "at": entry.at.isoformat(),
                    "actor": entry.actor,
                    "on_behalf_of": entry.on_behalf_of,
                    "action": entry.action,
                    "subject_type": entry.subject_type,
                    "subject_id": entry.subject_id,
                    "node_id": entry.node_id,
                    "detail": entry.detail,
                    "hash": entry.hash,
                }
                for entry in entries
            ]
        )
        return
    from django.utils import timezone
    from rich.table import Table

    table = Table(box=None)
    for title in ("N°", _("Quand"), _("Qui"), _("Quoi"), _("Sur quoi")):
        table.add_column(title)
    for entry in entries:
        at = timezone.localtime(entry.at)
        subject = f"{entry.subject_type} {entry.subject_id}".strip()
        table.add_row(
            str(entry.sequence), f"{at:%d/%m/%Y %H:%M:%S %Z}", entry.actor, entry.action, subject
        )
    console.out().print(table)
    console.out().print(_("Ensuite : hygie journal verify"), markup=False)


def _as_json(found: Verification) -> dict[str, object]:
    return {
        "whole": found.whole,
        "lines": found.lines,
        "head_hash": found.head_hash,
        "flaws": [{"sequence": flaw.sequence, "kind": flaw.kind} for flaw in found.flaws],
    }


def _flaw_words(flaw: Flaw) -> str:
    words = {
        "edited": _("journal rompu : la ligne {n} a été modifiée"),
        "deleted": _("journal rompu : la ligne {n} a été retirée"),
        "inserted": _("journal rompu : la ligne {n} a été ajoutée ou déplacée"),
        "head": _("journal rompu : la fin de chaîne ne suit pas la ligne {n}"),
    }
    return words[flaw.kind].format(n=flaw.sequence)


def _others(count: int) -> str:
    if not count:
        return _(" ; comparez avec une sauvegarde")
    return _(" ; et {count} autres ruptures ; comparez avec une sauvegarde").format(count=count)


def _check_format(output: str) -> None:
    if output not in ("table", "json"):
        raise UsageError(f"format inconnu : {output} ; choisissez table ou json")
