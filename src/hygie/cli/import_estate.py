"""`hygie import sbom | estate`: what an establishment runs, from its own files."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from hygie.cli import console
from hygie.cli.console import _
from hygie.cli.imports import imports
from hygie.vocabulary.enums import Criticality
from hygie.vocabulary.errors import InputError, UsageError

if TYPE_CHECKING:
    from hygie.domain.estate.incoming import Incoming
    from hygie.domain.estate.incoming_sbom import IncomingSbom
    from hygie.domain.estate.lines import Document
    from hygie.domain.estate.models import Mapping
    from hygie.domain.territory.models import Node
    from hygie.engines.exchange.sbom import Sbom
    from hygie.engines.exchange.tabular import Table

GUESSED: Final = "inventory"
"""The kind that stands for "whatever the columns say"."""

Site = Annotated[str, typer.Option(help="FINESS de l’établissement.", show_default=False)]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Montrer la différence sans rien écrire.")]
Format = Annotated[str, typer.Option("--format", help="table ou json.")]


def register(app: typer.Typer) -> None:
    """Add the commands to `hygie import`; the root needs nothing more."""
    del app
    imports.command("sbom")(import_sbom)
    imports.command("estate")(import_estate)


def import_sbom(
    files: Annotated[list[Path], typer.Argument(metavar="FICHIER…", help="CycloneDX ou SPDX.")],
    site: Site,
    asset: Annotated[
        str, typer.Option(help="Nom de l’application ou du dispositif ; celui du SBOM par défaut.")
    ] = "",
    criticality: Annotated[
        str, typer.Option(help="Pour les soins : vital, important ou support.")
    ] = "",
    dry_run: DryRun = False,
    output: Format = "table",
) -> None:
    """Donner à une application ou à un dispositif les composants de son SBOM."""
    from hygie.cli.django import operator, start_django
    from hygie.cli.estate_outcome import print_sboms, sboms_as_json

    _check_format(output)
    if asset and len(files) > 1:
        raise UsageError("--asset ne vaut que pour un seul fichier ; retirez-le ou séparez-les")
    start_django()
    from django.utils import timezone

    from hygie.cli.sites import site_of
    from hygie.domain.estate.actions import import_sboms
    from hygie.domain.estate.comparing import compare_sboms

    node = site_of(site)
    stake = _criticality(criticality)
    with _busy(_("Lecture"), output):
        read = [_read_sbom(node, file, asset, stake) for file in files]
    _check_distinct(read)
    with _busy(_("Comparaison"), output):
        difference = compare_sboms(node, [incoming.line for _sbom, incoming, _doc in read])
    if not dry_run:
        pairs = [(incoming.line, document) for _sbom, incoming, document in read]
        with _busy(_("Écriture"), output):
            import_sboms(node, pairs, actor=operator(), now=timezone.now())
    if output == "json":
        console.print_json(sboms_as_json(node, read, difference, applied=not dry_run))
    else:
        print_sboms(node, read, difference, applied=not dry_run)


def import_estate(  # noqa: PLR0913 - one option a choice
    file: Annotated[Path, typer.Argument(metavar="FICHIER", help="CSV ou XLSX.")],
    *,
    site: Site,
    kind: Annotated[
        str,
        typer.Option(
            help="domains, addresses, applications, devices ou software ; "
            "inventory : reconnu aux colonnes."
        ),
    ] = GUESSED,
    sheet: Annotated[str, typer.Option(help="Feuille du classeur ; la première sinon.")] = "",
    column: Annotated[
        list[str] | None,
        typer.Option(metavar="CHAMP=COLONNE", help="Colonne d’un champ (répétable)."),
    ] = None,
    mapping: Annotated[str, typer.Option(help="Correspondance enregistrée à reprendre.")] = "",
    save_mapping: Annotated[
        str, typer.Option("--save-mapping", help="Nom sous lequel garder la correspondance.")
    ] = "",
    skip_errors: Annotated[
        bool, typer.Option("--skip-errors", help="Importer les bonnes lignes, laisser les autres.")
    ] = False,
    dry_run: DryRun = False,
    output: Format = "table",
) -> None:
    """Importer un inventaire : domaines, adresses, applications, dispositifs, logiciels."""
    from hygie.cli.django import start_django
    from hygie.cli.estate_outcome import InventoryOutcome

    _check_format(output)
    chosen = _columns(column or [])
    _check_name(save_mapping)
    start_django()
    from hygie.cli.sites import site_of
    from hygie.domain.estate.comparing import compare_inventory
    from hygie.domain.estate.lines import describe_file
    from hygie.engines.exchange.tabular import read_table

    node = site_of(site)
    with _busy(_("Lecture"), output):
        table = read_table(file, sheet=sheet or None)
        what, saved = _kind(node, table, kind, mapping)
        incoming, columns = _read_rows(node, table, what, saved, chosen, file.name)
        document = describe_file(file, kind=what, part=sheet)
    with _busy(_("Comparaison"), output):
        difference = compare_inventory(node, incoming.lines, document)
    outcome = InventoryOutcome(
        site=node,
        document=document,
        table=table,
        columns=columns,
        incoming=incoming,
        difference=difference,
        skip_errors=skip_errors,
        dry_run=dry_run,
    )
    refusal = _refusal(incoming, file.name, skip_errors=skip_errors)
    if output == "table":
        outcome.print_reading()
    if refusal is None and not dry_run:
        with _busy(_("Écriture"), output):
            _write(node, incoming, document, columns, save_mapping)
    if output == "json":
        console.print_json(outcome.as_json(applied=refusal is None and not dry_run))
    if refusal is not None:
        raise refusal
    if output == "table":
        outcome.print_end()


def _write(
    node: Node, incoming: Incoming, document: Document, columns: dict[str, str], name: str
) -> None:
    from django.db import transaction
    from django.utils import timezone

    from hygie.cli.django import operator
    from hygie.domain.estate.actions import import_assets, save_mapping

    who: dict[str, Any] = {"actor": operator(), "now": timezone.now()}
    with transaction.atomic():
        import_assets(node, incoming.lines, document, **who)
        if name:
            save_mapping(node, document.kind, name, columns, **who)


def _refusal(incoming: Incoming, name: str, *, skip_errors: bool) -> InputError | None:
    """Say why the file is not imported: rows in error, or not one row for this place."""
    if incoming.problem_count and not skip_errors:
        first = incoming.problems[0]
        where = f"ligne {first.line}" + (f", {first.column}" if first.column else "")
        return InputError(
            f"{incoming.problem_count} ligne(s) en erreur, rien n’est importé ({where} : "
            f"{first.message}) ; corrigez, ou --skip-errors pour importer les autres",
            source=name,
        )
    if not incoming.lines:
        return InputError(
            "aucune ligne pour cet établissement, rien n’est importé ; "
            f"lignes d’autres établissements : {incoming.elsewhere}",
            source=name,
        )
    return None


def _kind(node: Node, table: Table, kind: str, mapping: str) -> tuple[str, Mapping | None]:
    from hygie.domain.estate.incoming import KINDS
    from hygie.domain.estate.receiving import kind_of

    if kind not in (GUESSED, *KINDS):
        raise UsageError(f"nature inconnue : {kind} ; choisissez {', '.join((GUESSED, *KINDS))}")
    try:
        return kind_of(node, table, kind="" if kind == GUESSED else kind, mapping=mapping)
    except UsageError as error:
        raise UsageError(f"{error} (--kind, --mapping)") from error


def _read_rows(
    node: Node, table: Table, kind: str, saved: Mapping | None, chosen: dict[str, str], name: str
) -> tuple[Incoming, dict[str, str]]:
    from hygie.domain.estate.receiving import read_rows
    from hygie.engines.exchange.tabular import TableFormatError

    try:
        return read_rows(node, table, kind, source=name, saved=saved, chosen=chosen)
    except TableFormatError as error:
        raise InputError(
            f"{error.message} ; désignez-les par --column champ=Colonne", source=name
        ) from error


def _read_sbom(
    node: Node, file: Path, asset: str, criticality: Criticality | None
) -> tuple[Sbom, IncomingSbom, Document]:
    from hygie.domain.estate.incoming_sbom import asset_of
    from hygie.domain.estate.lines import SBOM, describe_file
    from hygie.engines.exchange.sbom import read_sbom

    sbom = read_sbom(file)
    try:
        incoming = asset_of(node, sbom, name=asset, criticality=criticality, source=file.name)
    except UsageError as error:
        raise UsageError(f"{error} (--asset)") from error
    return sbom, incoming, describe_file(file, kind=SBOM, part=incoming.line.name)


def _check_distinct(read: list[tuple[Sbom, IncomingSbom, Document]]) -> None:
    seen: set[tuple[str, str]] = set()
    for _sbom, incoming, _document in read:
        if incoming.line.key in seen:
            raise UsageError(
                f"deux SBOM pour «\u00a0{incoming.line.name}\u00a0» ; "
                "importez-les un à un avec --asset"
            )
        seen.add(incoming.line.key)


def _columns(pairs: list[str]) -> dict[str, str]:
    columns = {}
    for pair in pairs:
        field, equals, name = pair.partition("=")
        if not equals or not field.strip():
            raise UsageError(f"«\u00a0{pair}\u00a0» : écrivez --column champ=Colonne")
        columns[field.strip()] = name.strip()
    return columns


def _criticality(word: str) -> Criticality | None:
    try:
        return Criticality(word) if word else None
    except ValueError as error:
        names = ", ".join(Criticality)
        raise UsageError(f"criticité inconnue : {word} ; choisissez {names}") from error


def _check_name(name: str) -> None:
    if len(name) > 80:  # noqa: PLR2004 - Mapping.name
        raise UsageError("--save-mapping : 80 caractères au plus")


def _check_format(output: str) -> None:
    if output not in ("table", "json"):
        raise UsageError(f"format inconnu : {output} ; choisissez table ou json")


def _busy(text: str, output: str) -> AbstractContextManager[object]:
    """Show on a terminal that something is under way; silent elsewhere."""
    terminal = console.err()
    if output == "json" or not terminal.is_terminal:
        return nullcontext()
    return terminal.status(text)
