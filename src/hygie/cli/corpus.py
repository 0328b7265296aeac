"""`hygie corpus`: build the file that matching reads, and say what it holds, without a database."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from hygie.cli.console import _, err, out, print_json
from hygie.vocabulary.errors import InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console
    from rich.progress import Progress

    from hygie.domain.veille.building import BuildReport
    from hygie.domain.veille.corpora import CorpusInfo
    from hygie.vocabulary.facts import Json

_MEBIBYTE: Final = 1024 * 1024


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True, help=_("Corpus des vulnérabilités (sans base)."))
    group.command("build", help=_("Compiler un dossier de sources en un fichier."))(build)
    group.command("info", help=_("Dire d’où vient un corpus et s’il est intact."))(info)
    app.add_typer(group, name="corpus")


def build(
    directory: Annotated[
        Path, typer.Argument(metavar="DOSSIER", help="Fichiers CVE, KEV et EPSS, même compressés.")
    ],
    *,
    destination: Annotated[
        Path | None,
        typer.Option("--out", metavar="FICHIER", help="Corpus à écrire ; celui de Hygie sinon."),
    ] = None,
    output: Annotated[str, typer.Option("--format", help="table ou json.")] = "table",
) -> None:
    """Compile every recognised file of a folder into one corpus."""
    _check_format(output)
    from hygie.domain.veille.building import build_corpus
    from hygie.domain.veille.corpora import starter_folder

    def run(progress: Callable[[str, int], None] | None) -> BuildReport:
        return build_corpus(
            directory,
            destination or _default_path(),
            starter_folder=starter_folder(),
            now=dt.datetime.now(dt.UTC),
            progress=progress,
        )

    if output == "json":
        print_json(_report_document(run(None)))
        return
    with _progress() as bars:
        report = run(_on(bars))
    _print_report(out(), report)


def info(
    path: Annotated[
        Path | None, typer.Argument(metavar="[FICHIER]", help="Corpus ; celui de Hygie sinon.")
    ] = None,
    *,
    output: Annotated[str, typer.Option("--format", help="table ou json.")] = "table",
) -> None:
    """Print the sources of a corpus with their dates, its counts, and check it is whole."""
    _check_format(output)
    from hygie.domain.veille.corpora import open_corpus, prepare_corpus

    corpus = open_corpus(path or prepare_corpus(_default_path()))
    about = corpus.info()
    if not corpus.checksum_holds():
        raise InputError(
            "la somme SHA-256 ne correspond pas ; reconstruisez-le avec « hygie corpus build »",
            source=about.path.name,
        )
    if output == "json":
        print_json(_info_document(about))
    else:
        _print_info(out(), about)


def _default_path() -> Path:
    from hygie.vocabulary.home import default_home

    return default_home() / "corpus.hygie"


def _check_format(output: str) -> None:
    if output not in ("table", "json"):
        raise UsageError(f"format inconnu : {output} ; choisissez table ou json")


def _progress() -> Progress:
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.completed:,.0f}"),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=err(), transient=True)


def _on(bars: Progress) -> Callable[[str, int], None]:
    tasks: dict[str, int] = {}

    def progress(name: str, records: int) -> None:
        if name not in tasks:
            tasks[name] = bars.add_task(name, total=None)
        bars.update(tasks[name], completed=records)  # type: ignore[arg-type]  # TaskID is an int

    return progress


def _print_report(console: Console, report: BuildReport) -> None:
    from rich.table import Table

    table = Table(show_edge=False, pad_edge=False)
    for title in ("Source", "Nature", "Fiches", "Datée du"):
        table.add_column(_(title), justify="right" if title == "Fiches" else "left")
    for source in report.sources:
        table.add_row(source.name, source.kind, str(source.records), source.dated)
    console.print(table)
    for what, times in report.left_out[:3]:
        console.print(f"{_('Laissé de côté')} ({times}) : {what}", markup=False)
    counts = report.counts
    console.print(
        _("{cve} CVE, {product} produits, {statement} plages de versions.").format(**counts)
    )
    console.print(
        _("{size} Mio écrits dans {path}.").format(
            size=round(report.size_bytes / _MEBIBYTE), path=report.path
        ),
        markup=False,
    )
    console.print(
        _("{count} scores EPSS concernent des CVE absentes du corpus.").format(
            count=report.epss_unknown
        )
    )
    console.print(_("Ensuite : hygie match SBOM --corpus {path}").format(path=report.path))


def _print_info(console: Console, about: CorpusInfo) -> None:
    from rich.table import Table

    table = Table(show_edge=False, pad_edge=False)
    for title in ("Source", "Nature", "Fiches", "Datée du"):
        table.add_column(_(title), justify="right" if title == "Fiches" else "left")
    for source in about.sources:
        table.add_row(source["name"], source["kind"], str(source["records"]), source["dated"])
    console.print(table)
    console.print(
        _("{cve} CVE, {product} produits, {statement} plages de versions.").format(**about.counts)
    )
    console.print(f"{about.path} : {round(about.size_bytes / _MEBIBYTE)} Mio", markup=False)
    console.print(f"SHA-256 {about.checksum} : {_('fichier intact')}")
    console.print(_("Ensuite : hygie match SBOM, ou hygie corpus build pour le rafraîchir."))


def _report_document(report: BuildReport) -> dict[str, Json]:
    return {
        "path": str(report.path),
        "size_bytes": report.size_bytes,
        "sources": [dict(source._asdict()) for source in report.sources],
        "counts": dict(report.counts),
        "left_out": [{"what": what, "times": times} for what, times in report.left_out],
        "epss_unknown": report.epss_unknown,
    }


def _info_document(about: CorpusInfo) -> dict[str, Json]:
    return {
        "path": str(about.path),
        "size_bytes": about.size_bytes,
        "sha256": about.checksum,
        "checksum_ok": True,
        "built_at": about.built_at,
        "sources": [dict(source) for source in about.sources],
        "counts": dict(about.counts),
    }
