"""`hygie export`: what Hygie knows, in files for other tools."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from hygie.cli import console
from hygie.cli.console import _
from hygie.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TextIO

app = typer.Typer(no_args_is_help=True, help="Exporter vers d’autres outils.")

Row = tuple[object, ...]
Places = Any
"""A subquery of the places to export."""


def register(parent: typer.Typer) -> None:
    """Add the group to the command."""
    parent.add_typer(app, name="export")


@app.callback()
def group() -> None:
    """Exporter vers d’autres outils."""


@app.command("csv")
def export_csv(
    what: Annotated[str, typer.Argument(help="establishments ou findings.", show_default=False)],
    scope: Annotated[
        str, typer.Option(help="Code du territoire : FINESS, GHT, région ; tout par défaut.")
    ] = "",
    out: Annotated[
        Path | None, typer.Option(help="Fichier à écrire ; la sortie standard par défaut.")
    ] = None,
) -> None:
    """Exporter en CSV (UTF-8, « ; »), une ligne par établissement ou par constat."""
    from hygie.cli.django import start_django
    from hygie.cli.places import ids_below

    if what not in _TABLES:
        raise UsageError(f"export inconnu : {what} ; exports : {', '.join(_TABLES)}")
    start_django()
    header, rows = _TABLES[what]
    places = ids_below(scope)
    if out is None:
        count = _write(sys.stdout, header, rows(places))
    else:
        # Written aside first: a half-written export must not pass for a whole one.
        aside = out.with_name(f"{out.name}.part")
        with aside.open("w", encoding="utf-8", newline="") as file:
            count = _write(file, header, rows(places))
        aside.replace(out)
    console.err().print(_("{count} lignes exportées.").format(count=count))


def _write(file: TextIO, header: Row, rows: Iterator[Row]) -> int:
    from hygie.engines.exchange.tabular import safe_cell

    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    count = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007 - the count of rows is the answer
        writer.writerow([safe_cell("" if cell is None else str(cell)) for cell in row])
    return count


def _establishments(places: Places) -> Iterator[Row]:
    from hygie.domain.territory.models import Kind, Node

    nodes = Node.objects.filter(kind=Kind.ET, pk__in=places).order_by("code")
    for node in nodes.iterator(chunk_size=2000):
        yield (
            node.code,
            node.name,
            node.category_code,
            node.category_label,
            node.legal_status,
            node.region_code,
            node.department,
            node.commune,
            node.postal_code,
            node.beds,
            node.opened_on,
            node.closed_on,
        )


def _findings(places: Places) -> Iterator[Row]:
    from hygie.domain.findings.models import Finding

    rows = Finding.objects.filter(node_id__in=places).select_related("node")
    for finding in rows.order_by("rank", "pk").iterator(chunk_size=2000):
        yield (
            finding.node.code,
            finding.node.name,
            finding.decision,
            finding.due_at,
            finding.state,
            finding.severity,
            finding.origin,
            finding.rule_id,
            finding.cve_id,
            finding.subject,
            finding.place,
            finding.title,
            finding.first_seen_at,
            finding.last_seen_at,
            finding.closed_at,
        )


_TABLES: Final[dict[str, tuple[Row, Callable[[Places], Iterator[Row]]]]] = {
    "establishments": (
        (
            "finess",
            "name",
            "category_code",
            "category",
            "legal_status",
            "region",
            "department",
            "commune",
            "postal_code",
            "beds",
            "opened_on",
            "closed_on",
        ),
        _establishments,
    ),
    "findings": (
        (
            "finess",
            "establishment",
            "decision",
            "due_at",
            "state",
            "severity",
            "origin",
            "rule_id",
            "cve_id",
            "subject",
            "place",
            "title",
            "first_seen_at",
            "last_seen_at",
            "closed_at",
        ),
        _findings,
    ),
}
