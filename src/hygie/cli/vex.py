"""`hygie import vex`: what manufacturers say is not affected, shared once for the nation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hygie.cli import console
from hygie.cli.console import _
from hygie.cli.imports import imports
from hygie.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from hygie.domain.veille.vex_reading import VexDocument
    from hygie.vocabulary.facts import Json


def register(app: typer.Typer) -> None:
    """Add the command to `hygie import`; the root needs nothing more."""
    del app
    imports.command("vex")(import_vex)


def import_vex(
    files: Annotated[
        list[Path], typer.Argument(metavar="FICHIER…", help="OpenVEX, CSAF ou CycloneDX.")
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Dire ce que le fichier contient sans rien écrire.")
    ] = False,
    output: Annotated[str, typer.Option("--format", help="table ou json.")] = "table",
) -> None:
    """Partager avec la nation ce qu’un fabricant dit « non concerné » ou « corrigé »."""
    if output not in ("table", "json"):
        raise UsageError(f"format inconnu : {output} ; choisissez table ou json")
    from hygie.domain.veille.vex_reading import read_vex

    # All are read before any is written: a bad one leaves nothing half-done.
    read = [read_vex(file) for file in files]
    replaced = [0] * len(read) if dry_run else _publish(read)
    if output == "json":
        console.print_json([_plain(*pair) for pair in zip(read, replaced, strict=True)])
        return
    for document, count in zip(read, replaced, strict=True):
        _print(document, count, dry_run=dry_run)


def _publish(read: list[VexDocument]) -> list[int]:
    from hygie.cli.django import operator, start_django

    start_django()
    from django.db import transaction
    from django.utils import timezone

    from hygie.domain.veille.national import publish_document

    with transaction.atomic():
        return [
            publish_document(one, actor=operator(), now=timezone.now()).replaced for one in read
        ]


def _print(document: VexDocument, replaced: int, *, dry_run: bool) -> None:
    out = console.out()
    out.print(f"{document.reference} – {document.author}", markup=False)
    line = _("À partager : {n} déclarations.") if dry_run else _("Partagées : {n} déclarations.")
    out.print(line.format(n=len(document.told)))
    if replaced:
        out.print(_("Remplacées, de la version précédente : {n}.").format(n=replaced))
    for why, count in document.left_out:
        out.print(_("Laissées de côté ({n}) : {why}").format(n=count, why=why), markup=False)
    out.print(_("Ensuite : hygie round pour en tirer les conséquences dans chaque établissement."))


def _plain(document: VexDocument, replaced: int) -> dict[str, Json]:
    return {
        "reference": document.reference,
        "author": document.author,
        "dated": document.dated,
        "statements": len(document.told),
        "replaced": replaced,
        "left_out": [{"reason": why, "count": count} for why, count in document.left_out],
    }
