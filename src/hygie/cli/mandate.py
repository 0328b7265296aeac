"""`hygie mandate`: what may be probed, signed, listed and revoked."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from hygie.cli import console
from hygie.cli.console import _
from hygie.vocabulary.errors import InputError, UsageError

if TYPE_CHECKING:
    from hygie.domain.estate.mandates import Line
    from hygie.domain.estate.models import Mandate

app = typer.Typer(no_args_is_help=True, help="Signer, lister et révoquer les mandats de sondage.")

MAX_DOCUMENT_BYTES: Final = 100 << 20

Site = Annotated[str, typer.Option(help="FINESS de l’établissement.", show_default=False)]
Format = Annotated[str, typer.Option("--format", help="table ou json.")]


def register(parent: typer.Typer) -> None:
    """Add the group to the command."""
    parent.add_typer(app, name="mandate")


@app.command("sign")
def sign(  # noqa: PLR0913 - one option a term of the mandate
    *,
    site: Site,
    signatory: Annotated[
        str, typer.Option(help="Qui signe : nom et fonction.", show_default=False)
    ],
    contact: Annotated[
        str, typer.Option(help="Qui prévenir si une sonde gêne.", show_default=False)
    ],
    valid_from: Annotated[str, typer.Option("--from", metavar="AAAA-MM-JJ", help="Premier jour.")],
    valid_to: Annotated[
        str, typer.Option("--to", metavar="AAAA-MM-JJ", help="Premier jour sans mandat.")
    ],
    domain: Annotated[
        list[str] | None, typer.Option(help="Domaine et ses sous-domaines (répétable).")
    ] = None,
    host: Annotated[list[str] | None, typer.Option(help="Nom d’hôte exact (répétable).")] = None,
    network: Annotated[
        list[str] | None, typer.Option(help="Adresse ou réseau public (répétable).")
    ] = None,
    days: Annotated[
        str, typer.Option(help="Jours permis : 1 lundi … 7 dimanche, comme 12345.")
    ] = "1234567",
    hours: Annotated[
        str, typer.Option(help="Heures permises, heure de l’établissement, comme 8-18.")
    ] = "0-24",
    signed: Annotated[
        str, typer.Option(metavar="AAAA-MM-JJ", help="Jour de signature ; ce jour par défaut.")
    ] = "",
    document: Annotated[
        Path | None, typer.Option(help="Mandat signé ; seule son empreinte SHA-256 est gardée.")
    ] = None,
    output: Format = "table",
) -> None:
    """Enregistrer un mandat signé : sans lui, rien n’est sondé."""
    from hygie.cli.django import operator, start_django

    _check_format(output)
    from_hour, to_hour = _hours(hours)
    first, last = _day("--from", valid_from), _day("--to", valid_to)
    signed_on = _day("--signed", signed) if signed else None
    digest = _sha256_of(document) if document else ""
    start_django()
    from django.utils import timezone

    from hygie.cli.sites import site_of
    from hygie.domain.estate.permits import Terms, sign_mandate

    node = site_of(site)
    terms = Terms(
        signatory=signatory.strip(),
        contact=contact.strip(),
        signed_on=signed_on or timezone.localdate(),
        valid_from=first,
        valid_to=last,
        days="".join(sorted(days)),
        from_hour=from_hour,
        to_hour=to_hour,
        document_sha256=digest,
    )
    lines = _perimeter(domain or [], host or [], network or [])
    mandate = sign_mandate(node, terms, lines, actor=operator(), now=timezone.now())
    _show_one(mandate, output, _("Mandat {n} enregistré."))


@app.command("list")
def list_(
    site: Annotated[str, typer.Option(help="FINESS ; tous les établissements par défaut.")] = "",
    output: Format = "table",
) -> None:
    """Lister les mandats et dire lesquels permettent de sonder."""
    from hygie.cli.django import start_django

    _check_format(output)
    start_django()
    from hygie.cli.sites import site_of
    from hygie.domain.estate.models import Mandate

    found = Mandate.objects.select_related("node").prefetch_related("perimeter")
    if site:
        found = found.filter(node=site_of(site))
    rows = [_as_json(mandate) for mandate in found]
    if output == "json":
        console.print_json(rows)
    else:
        _print_table(rows)


@app.command("revoke")
def revoke(
    number: Annotated[int, typer.Argument(metavar="NUMÉRO", help="Donné par la liste.")],
    output: Format = "table",
) -> None:
    """Révoquer un mandat : les sondages cessent aussitôt."""
    from hygie.cli.django import operator, start_django

    _check_format(output)
    start_django()
    from django.utils import timezone

    from hygie.domain.estate.models import Mandate
    from hygie.domain.estate.permits import revoke_mandate

    mandate = Mandate.objects.filter(pk=number).first()
    if mandate is None:
        raise UsageError(f"pas de mandat {number} ; hygie mandate list en donne la liste")
    revoke_mandate(mandate, actor=operator(), now=timezone.now())
    _show_one(Mandate.objects.get(pk=number), output, _("Mandat {n} révoqué."))


def _perimeter(domains: list[str], hosts: list[str], networks: list[str]) -> list[Line]:
    from hygie.domain.estate.perimeter import domain_line, host_line, network_line

    return [*map(domain_line, domains), *map(host_line, hosts), *map(network_line, networks)]


def _show_one(mandate: Mandate, output: str, said: str) -> None:
    row = _as_json(mandate)
    if output == "json":
        console.print_json(row)
        return
    out = console.out()
    out.print(said.format(n=mandate.pk))
    out.print(
        f"{mandate.node.name} : {', '.join(line['value'] for line in row['perimeter'])}",
        markup=False,
    )
    out.print(f"{_words()[row['state']]}, {_window(row)}", markup=False)
    follow = {"revoked": "hygie mandate list", "expired": "hygie mandate list"}
    code = mandate.node.code
    command = follow.get(row["state"], f"hygie round --scope {code}")
    out.print(_("Ensuite : {command}").format(command=command))


def _as_json(mandate: Mandate) -> dict[str, Any]:
    from django.utils import timezone

    from hygie.domain.estate.mandates import is_open, permission_of, standing

    now = timezone.now()
    permission = permission_of(mandate)
    return {
        "mandate": mandate.pk,
        "site": mandate.node.code,
        "name": mandate.node.name,
        "state": standing(permission, now),
        "open_now": is_open(permission, now),
        "signatory": mandate.signatory,
        "contact": mandate.contact,
        "signed_on": mandate.signed_on.isoformat(),
        "valid_from": mandate.valid_from.isoformat(),
        "valid_to": mandate.valid_to.isoformat(),
        "days": mandate.days,
        "from_hour": mandate.from_hour,
        "to_hour": mandate.to_hour,
        "time_zone": mandate.node.time_zone,
        "document_sha256": mandate.document_sha256,
        "revoked_at": mandate.revoked_at.isoformat() if mandate.revoked_at else None,
        "perimeter": [{"kind": line.kind, "value": line.value} for line in mandate.perimeter.all()],
    }


def _print_table(rows: list[dict[str, Any]]) -> None:
    from rich.markup import escape
    from rich.table import Table

    out = console.out()
    if not rows:
        out.print(_("Aucun mandat : rien n’est sondé."))
        out.print(_("Ensuite : hygie mandate sign --help"))
        return
    table = Table(box=None, pad_edge=False)
    for title in ("N°", _("Établissement"), _("État"), _("Fenêtre"), _("Périmètre")):
        table.add_column(title, overflow="fold")
    for row in rows:
        values = ", ".join(line["value"] for line in row["perimeter"])
        cells = (str(row["mandate"]), row["name"], _words()[row["state"]], _window(row), values)
        table.add_row(*map(escape, cells))
    out.print(table)
    out.print()
    states = [row["state"] for row in rows]
    out.print(
        _("En vigueur : {valid}, dont ouverts maintenant : {now}.").format(
            valid=states.count("valid"), now=sum(row["open_now"] for row in rows)
        )
    )
    out.print(
        _("À venir : {future}. Expirés : {expired}. Révoqués : {revoked}.").format(
            **{state: states.count(state) for state in ("future", "expired", "revoked")}
        )
    )
    out.print(_("Ensuite : hygie mandate revoke NUMÉRO, ou hygie round"))


def _words() -> dict[str, str]:
    return {
        "valid": _("en vigueur"),
        "future": _("à venir"),
        "expired": _("expiré"),
        "revoked": _("révoqué"),
    }


def _window(row: dict[str, Any]) -> str:
    dates = f"{row['valid_from']} → {row['valid_to']} {_('(exclu)')}"
    whole = row["days"] == "1234567" and (row["from_hour"], row["to_hour"]) == (0, 24)
    if whole:
        return dates
    hours = f"{row['from_hour']}-{row['to_hour']} h ({row['time_zone']})"
    return f"{dates}, {_('jours')} {row['days']}, {hours}"


def _hours(text: str) -> tuple[int, int]:
    first, dash, last = text.partition("-")
    plain = [part.strip().removesuffix("h").strip() for part in (first, last)]
    if not dash or not all(part.isascii() and part.isdigit() and len(part) < 3 for part in plain):  # noqa: PLR2004 - hours have two digits
        raise UsageError(f"«\u00a0{text}\u00a0» : écrivez --hours début-fin, comme 8-18")
    return int(plain[0]), int(plain[1])


def _day(option: str, text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"«\u00a0{text}\u00a0» n’est pas un jour ; écrivez {option} 2026-12-31"
        ) from error


def _sha256_of(path: Path) -> str:
    """Return the SHA-256 of a signed document, whatever its format."""
    try:
        if not path.is_file():
            raise InputError("fichier introuvable, vérifiez le chemin", source=path.name)
        if path.stat().st_size > MAX_DOCUMENT_BYTES:
            raise InputError(
                f"plus de {MAX_DOCUMENT_BYTES >> 20} Mo : est-ce le mandat ?", source=path.name
            )
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise InputError("ouverture impossible, vérifiez les droits", source=path.name) from error


def _check_format(output: str) -> None:
    if output not in ("table", "json"):
        raise UsageError(f"format inconnu : {output} ; choisissez table ou json")
