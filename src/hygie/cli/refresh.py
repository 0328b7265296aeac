"""`hygie refresh`: bring the corpus up to date from the official sources, or from a folder."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from hygie.cli.console import _, err, out, print_json
from hygie.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygie.domain.veille.building import BuildReport
    from hygie.engines.corpus.fetching import Fetched
    from hygie.vocabulary.facts import Json

_LABELS: Final = {
    "new": "nouveau",
    "same": "inchangé",
    "kept": "échec, copie gardée",
    "absent": "absent",
}
_KIBIBYTE: Final = 1024
_HOURS_SHOWN: Final = 48


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("refresh", help=_("Mettre le corpus à jour depuis les sources officielles."))(
        refresh
    )


def refresh(
    sources: Annotated[
        list[str] | None, typer.Argument(metavar="[SOURCE]…", help="Sources ; toutes sinon.")
    ] = None,
    *,
    directory: Annotated[
        Path | None,
        typer.Option("--from", metavar="DOSSIER", help="Lire un dossier des mêmes fichiers."),
    ] = None,
    status: Annotated[
        bool, typer.Option("--status", help="Dire l’âge de chaque copie, sans rien demander.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Sortir avec le code 1 si une source échoue.")
    ] = False,
    output: Annotated[str, typer.Option("--format", help="table ou json.")] = "table",
) -> None:
    """Fetch what changed, check every document whole, build the corpus, keep the last good one."""
    if output not in ("table", "json"):
        raise UsageError(f"format inconnu : {output} ; choisissez table ou json")
    if directory and (sources or status):
        raise UsageError("--from lit tout le dossier : ne nommez ni source ni --status avec lui")
    now = dt.datetime.now(dt.UTC)
    fetched, report = _run(sources or [], directory, now=now, status=status, output=output)
    if output == "json":
        print_json(_document(fetched, report))
    else:
        _print(fetched, report)
    if check and any(one.problem or one.state == "absent" for one in fetched):
        raise typer.Exit(1)


def _run(
    wanted: Sequence[str], directory: Path | None, *, now: dt.datetime, status: bool, output: str
) -> tuple[Sequence[Fetched], BuildReport | None]:
    from hygie.domain.veille import refreshing
    from hygie.engines.corpus.feeds import official_feeds
    from hygie.vocabulary.home import default_home

    home = default_home()
    if directory:
        return (), refreshing.refresh_from(directory, home, now=now)
    feeds = refreshing.chosen(official_feeds(on=now.date()), wanted)
    if status:
        return refreshing.standing(feeds, home, now=now), None
    from importlib.metadata import version

    from hygie.engines.corpus.fetching import open_client

    with open_client(f"Hygie/{version('hygie')}") as client:
        done = refreshing.refresh(
            feeds, home, client=client, now=now, progress=_tell if output == "table" else None
        )
    return done.fetched, done.report


def _tell(fetched: Fetched) -> None:
    err().print(f"{fetched.feed.file} : {_(_LABELS[fetched.state])}", markup=False)


def _print(fetched: Sequence[Fetched], report: BuildReport | None) -> None:
    from rich.table import Table

    console = out()
    if fetched:
        table = Table(show_edge=False, pad_edge=False)
        for title in ("Source", "Fichier", "État", "Âge", "Taille"):
            table.add_column(_(title))
        for one in fetched:
            table.add_row(
                one.feed.id, one.path.name, _(_LABELS[one.state]), _age(one), _size(one.size_bytes)
            )
        console.print(table)
    for one in fetched:
        if one.problem:
            console.print(f"{one.path.name} : {one.problem}", markup=False)
    failed = sum(bool(one.problem) for one in fetched)
    if fetched:
        console.print(
            _("{count} sources à jour, {failed} en échec.").format(
                count=len(fetched) - failed, failed=failed
            )
        )
    if report:
        console.print(
            _("Corpus reconstruit : {cve} CVE, {product} produits.").format(**report.counts)
        )
    else:
        console.print(_("Corpus inchangé."))
    console.print(_("Ensuite : hygie corpus info, ou hygie round pour en tirer les conséquences."))


def _age(fetched: Fetched) -> str:
    if fetched.age is None:
        return _("inconnu")
    hours = int(fetched.age.total_seconds() // 3600)
    return f"{hours} h" if hours < _HOURS_SHOWN else _("{days} jours").format(days=hours // 24)


def _size(size_bytes: int) -> str:
    return f"{size_bytes // _KIBIBYTE} Kio" if size_bytes else ""


def _document(fetched: Sequence[Fetched], report: BuildReport | None) -> dict[str, Json]:
    return {
        "sources": [
            {
                "id": one.feed.id,
                "file": one.path.name,
                "url": one.feed.url,
                "state": str(one.state),
                "size_bytes": one.size_bytes,
                "age_s": int(one.age.total_seconds()) if one.age is not None else None,
                "problem": one.problem,
            }
            for one in fetched
        ],
        "corpus": {"path": str(report.path), "counts": dict(report.counts)} if report else None,
    }
