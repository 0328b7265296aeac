"""`hygie backup` and `hygie restore`: an installation in one file, and back."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hygie.cli.console import _, err, out, print_json
from hygie.vocabulary.errors import HygieError, UsageError

if TYPE_CHECKING:
    from hygie.jobs.backups.archive import Manifest
    from hygie.jobs.backups.making import Made
    from hygie.jobs.backups.restoring import Restored

Format = Annotated[str, typer.Option("--format", help="table ou json.")]


class HeadMismatchError(HygieError):
    """After the swap the journal does not end as the backup said."""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("backup", help=_("Sauvegarder la base et les fichiers, même en marche."))(backup)
    app.command("restore", help=_("Rétablir une sauvegarde, prouvée avant l’échange."))(restore)


def backup(
    destination: Annotated[Path, typer.Argument(metavar="FICHIER", help="Archive à écrire.")],
    *,
    with_secret: Annotated[
        bool, typer.Option("--with-secret", help="Y joindre la clé secrète (à enfermer).")
    ] = False,
    with_corpus: Annotated[
        bool, typer.Option("--with-corpus", help="Y joindre le corpus des vulnérabilités.")
    ] = False,
    output: Format = "table",
) -> None:
    """Write one archive of the database and the files, consistent while others write."""
    _check_format(output)
    from hygie.cli.django import start_django

    start_django()
    from django.conf import settings

    from hygie.jobs.backups.making import make_backup

    extras = ("secret-key",) if with_secret else ()
    made = make_backup(
        destination,
        home=settings.HYGIE_HOME,
        database=settings.DATABASES["default"],
        now=dt.datetime.now(dt.UTC),
        extras=(*extras, "corpus.hygie") if with_corpus else extras,
    )
    if output == "json":
        size, digest = made.size_bytes, made.sha256
        print_json({**_facts(made.manifest), "size_bytes": size, "sha256": digest})
    else:
        _print_made(destination, made, with_secret=with_secret)


def restore(
    source: Annotated[Path, typer.Argument(metavar="FICHIER", help="Archive à rétablir.")],
    *,
    yes: Annotated[
        bool, typer.Option("--yes", help="Remplacer l’installation présente (elle est gardée).")
    ] = False,
    output: Format = "table",
) -> None:
    """Check an archive, restore it aside, prove its journal, then swap it in."""
    _check_format(output)
    from hygie.cli.django import setup

    setup()
    from django.conf import settings
    from django.db import connections
    from django.db.migrations.loader import MigrationLoader

    from hygie.jobs.backups.restoring import check_archive, restore_backup

    database, now = settings.DATABASES["default"], dt.datetime.now(dt.UTC)
    loader = MigrationLoader(None)
    known = {f"{app}.{name}" for app, name in loader.disk_migrations}
    manifest = check_archive(source, database=database, known=known)
    if output != "json":
        err().print(_("Restauration à part, puis lecture de tout le journal…"))
    connections.close_all()
    restored = restore_backup(
        source, manifest, home=settings.HYGIE_HOME, database=database, now=now, replace=yes
    )
    _compare_and_record(manifest, now)
    if output == "json":
        folder, former = restored.kept_folder, restored.kept_database
        kept = {"folder": str(folder) if folder else None, "database": former or None}
        print_json({**_facts(manifest), "kept": kept})
    else:
        _print_restored(restored)


def _compare_and_record(manifest: Manifest, now: dt.datetime) -> None:
    """Make sure that the journal in use ends as the backup did, then write that it is back."""
    from hygie.cli.django import operator
    from hygie.domain.journal.actions import Act, record
    from hygie.domain.journal.models import Head

    head = Head.objects.get(pk=1)
    if (head.sequence, head.hash) != (manifest.journal_sequence, manifest.journal_hash):
        raise HeadMismatchError("le journal ne finit pas comme la sauvegarde ; voyez hygie doctor")
    detail = {"made_at": manifest.made_at, "sequence": head.sequence, "hash": head.hash}
    record(
        Act("backup.restored", "backup", manifest.made_at, None, detail), actor=operator(), now=now
    )


def _facts(manifest: Manifest) -> dict[str, object]:
    return {
        "made_at": manifest.made_at,
        "hygie": manifest.hygie,
        "database": manifest.database,
        "journal": {"lines": manifest.journal_sequence, "head_hash": manifest.journal_hash},
        "files": len(manifest.files),
    }


def _print_made(destination: Path, made: Made, *, with_secret: bool) -> None:
    console, manifest = out(), made.manifest
    size = f"{made.size_bytes / 1024**2:.1f}".replace(".", ",")
    console.print(f"{destination} : {size} Mio, {len(manifest.files)} fichiers", markup=False)
    lines, head = manifest.journal_sequence, manifest.journal_hash or "—"
    console.print(
        _("Journal : {lines} lignes, fin {hash}").format(lines=lines, hash=head), markup=False
    )
    console.print(f"SHA-256 : {made.sha256}", markup=False)
    if "secret-key" in manifest.files:
        console.print(_("La clé secrète est dedans : enfermez cette archive."), markup=False)
    elif with_secret:
        console.print(
            _("La clé secrète vient de HYGIE_SECRET_KEY : gardez-la à part."), markup=False
        )
    console.print(
        _("Gardez-la sur une autre machine. Pour l’essayer : hygie restore FICHIER"), markup=False
    )


def _print_restored(restored: Restored) -> None:
    console, manifest = out(), restored.manifest
    console.print(_("Sauvegarde du {at} rétablie.").format(at=manifest.made_at), markup=False)
    lines, head = manifest.journal_sequence, manifest.journal_hash or "—"
    console.print(
        _("Journal entier, {lines} lignes, même fin : {hash}").format(lines=lines, hash=head),
        markup=False,
    )
    kept = " ; ".join(str(one) for one in (restored.kept_folder, restored.kept_database) if one)
    console.print(_("Ce qui était là est gardé : {kept}").format(kept=kept or "—"), markup=False)
    console.print(_("Ensuite : hygie doctor, puis redémarrez le site."), markup=False)


def _check_format(output: str) -> None:
    if output not in ("table", "json"):
        raise UsageError(f"format inconnu : {output} ; choisissez table ou json")
