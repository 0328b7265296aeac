"""`hygie import nmap|nuclei|testssl|…|ct|zone`: what other tools say of an establishment."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from hygie.cli import console
from hygie.cli.console import _
from hygie.cli.imports import imports
from hygie.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygie.domain.surveillance.scans import Taken
    from hygie.domain.territory.models import Node
    from hygie.engines.exchange.scans.names import Found

SHOWN: Final = 20

Site = Annotated[
    str, typer.Option("--establishment", help="FINESS de l’établissement.", show_default=False)
]
File = Annotated[Path, typer.Argument(help="Rapport de l’outil, .gz et .zst compris.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Montrer ce qui changerait, sans écrire.")]
Format = Annotated[str, typer.Option("--format", help="table ou json.")]

_HELP: Final = {
    "nmap": "Importer un rapport nmap (-oX).",
    "nuclei": "Importer un rapport nuclei (-jsonl).",
    "testssl": "Importer un rapport testssl.sh (--jsonfile ou --jsonfile-pretty).",
    "sslyze": "Importer un rapport sslyze (--json_out).",
    "shodan": "Importer un téléchargement Shodan (JSON).",
    "pingcastle": "Importer un bilan PingCastle (ad_hc_….xml).",
    "oradad": "Importer un audit Active Directory (points de contrôle ANSSI, JSON ou CSV).",
    "openvas": "Importer un rapport OpenVAS / Greenbone (XML).",
    "nessus": "Importer un rapport Nessus (.nessus).",
}


def register(app: typer.Typer) -> None:  # noqa: ARG001 - commands join the group of imports
    """Add one command a format to ``hygie import``."""
    for tool, words in _HELP.items():
        imports.command(tool, help=words)(_command(tool))
    imports.command("ct")(ct)
    imports.command("zone")(zone)


def _command(tool: str) -> Any:  # noqa: ANN401 - what typer calls
    def run(file: File, site: Site, dry_run: DryRun = False, output: Format = "table") -> None:
        _import_scan(tool, file, site, dry_run=dry_run, output=output)

    return run


def ct(file: File, site: Site, dry_run: DryRun = False, output: Format = "table") -> None:
    """Proposer les noms d’un export de certificats publiés (crt.sh, JSON ou CSV)."""
    from hygie.engines.exchange.scans.names import parse_ct

    document = _read(file, output)
    _propose("ct", parse_ct(document, source=file.name), site, dry_run=dry_run, output=output)


def zone(
    file: File,
    site: Site,
    origin: Annotated[str, typer.Option(help="Nom de la zone, si le fichier ne le dit pas.")] = "",
    dry_run: DryRun = False,
    output: Format = "table",
) -> None:
    """Proposer les noms d’un fichier de zone donné par son propriétaire."""
    from hygie.engines.exchange.scans.names import parse_zone

    document = _read(file, output)
    found = parse_zone(document, source=file.name, origin=origin)
    _propose("zone", found, site, dry_run=dry_run, output=output)


def _import_scan(tool: str, file: Path, site: str, *, dry_run: bool, output: str) -> None:
    from hygie.engines.exchange.scans.readers import READERS

    document = _read(file, output)
    scan = READERS[tool](document, source=file.name)
    node = _site(site)
    from django.utils import timezone

    from hygie.cli.django import operator
    from hygie.domain.surveillance.scans import report_of, take

    report = report_of(scan, document, file.name)
    taken = take(node, report, actor=operator(), now=timezone.now(), dry_run=dry_run)
    if not dry_run:
        _decide(node)
    if output == "json":
        console.print_json(_as_json(tool, node, taken, dry_run=dry_run))
    else:
        _print(node, taken, dry_run=dry_run)


def _propose(source: str, found: Sequence[Found], site: str, *, dry_run: bool, output: str) -> None:
    node = _site(site)
    from django.db import transaction
    from django.utils import timezone

    from hygie.cli.django import operator
    from hygie.domain.surveillance.discovery import propose
    from hygie.domain.surveillance.models import NameSource

    with transaction.atomic():
        made = propose(node, NameSource(source), found, actor=operator(), now=timezone.now())
        transaction.set_rollback(dry_run)
    names = [one.name for one in made]
    if output == "json":
        console.print_json(
            {"site": node.code, "read": len(found), "proposed": names, "applied": not dry_run}
        )
        return
    out = console.out()
    for one in made[:SHOWN]:
        own = _("sous votre domaine") if one.under_own_domain else _("ailleurs")
        out.print(f"{one.name}  ({own}, {one.found_in})", markup=False)
    said = _("Noms lus : {read} ; nouveaux : {new} ; aucun n’est sondé avant votre accord.")
    out.print(said.format(read=len(found), new=len(made)), markup=False)
    out.print(_("Rien n’a été écrit.") if dry_run else _("Ensuite : page « Noms proposés »."))


def _decide(node: Node) -> None:
    """Have what was imported matched, decided and measured at once."""
    from hygie.cli.round import run_with_progress

    steps = ["match", "reconcile", "decide", "notify", "measure"]
    run_with_progress(node.code, steps, silent=True)


def _print(node: Node, taken: Taken, *, dry_run: bool) -> None:
    from rich.table import Table

    out, found = console.out(), taken.findings
    table = Table(box=None, pad_edge=False, show_header=False)
    for words, count in (
        (_("Nouvelles"), found.new),
        (_("Inchangées"), found.same),
        (_("Faits modifiés"), found.changed),
        (_("Revenues"), found.returned),
        (_("Corrigées et vérifiées"), found.verified),
        (_("Non revues par ce rapport"), found.unknown),
        (_("Produits reconnus"), taken.services),
        (_("Pour information, non retenues"), taken.ignored),
    ):
        table.add_row(words, str(count))
    out.print(table)
    for host, count in list(taken.outside.items())[:SHOWN]:
        said = _("Hors du parc, laissée de côté : {host} ({n} faiblesses) ; son nom est proposé.")
        out.print(said.format(host=host, n=count), markup=False)
    if taken.level is not None:
        out.print(_("Niveau Active Directory : {level} sur 5.").format(level=taken.level))
    out.print(
        _("Rien n’a été écrit.")
        if dry_run
        else _("Rapport pris en compte pour {name}.").format(name=node.name),
        markup=False,
    )


def _as_json(tool: str, node: Node, taken: Taken, *, dry_run: bool) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "tool": tool,
        "site": node.code,
        "applied": not dry_run,
        "findings": asdict(taken.findings),
        "services": taken.services,
        "ignored": taken.ignored,
        "outside": dict(taken.outside),
        "proposed": taken.proposed,
        "level": taken.level,
    }


def _read(file: Path, output: str) -> bytes:
    from hygie.cli.django import setup
    from hygie.engines.exchange.reading import read_bounded
    from hygie.engines.exchange.scans.cells import MAX_BYTES

    if output not in ("table", "json"):
        raise UsageError(f"format inconnu : {output} ; choisissez table ou json")
    setup()
    return read_bounded(file, max_bytes=MAX_BYTES)


def _site(site: str) -> Node:
    from hygie.cli.django import start_django

    start_django()
    from hygie.cli.sites import site_of

    return site_of(site)
