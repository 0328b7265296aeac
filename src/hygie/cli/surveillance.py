"""`hygie surveillance`: stop everything at once, start again, say where things stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from hygie.cli import console
from hygie.cli.console import _
from hygie.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from hygie.domain.surveillance.models import Stop

app = typer.Typer(no_args_is_help=True, help="Arrêter d’urgence la surveillance, la reprendre.")

Scope = Annotated[
    str, typer.Option(help="Code du territoire : FINESS, GHT, région ; la nation par défaut.")
]
Format = Annotated[str, typer.Option("--format", help="table ou json.")]


def register(parent: typer.Typer) -> None:
    """Add the group to the command."""
    parent.add_typer(app, name="surveillance")


@app.command("stop")
def stop(
    reason: Annotated[str, typer.Option(help="Pourquoi ; gardé au journal.")] = "",
    scope: Scope = "",
    output: Format = "table",
) -> None:
    """Arrêter d’urgence : en moins d’une seconde, plus rien ne part, sur aucune machine."""
    from hygie.cli.django import operator, start_django

    _check_format(output)
    start_django()
    from django.utils import timezone

    from hygie.cli.places import node_of
    from hygie.domain.surveillance import stopping

    made = stopping.stop(node_of(scope), reason=reason, actor=operator(), now=timezone.now())
    if output == "json":
        console.print_json(_as_json(made))
        return
    console.out().print(
        _("Surveillance arrêtée : {place} et tout ce qui en dépend.").format(place=made.node.name),
        markup=False,
    )
    follow = f"hygie surveillance start --scope {scope}" if scope else "hygie surveillance start"
    console.out().print(_("Pour reprendre : {command}").format(command=follow), markup=False)


@app.command("start")
def start(scope: Scope = "", output: Format = "table") -> None:
    """Reprendre après un arrêt d’urgence ; les mandats décident de nouveau."""
    from hygie.cli.django import operator, start_django

    _check_format(output)
    start_django()
    from django.utils import timezone

    from hygie.cli.places import node_of
    from hygie.domain.surveillance import stopping

    place = node_of(scope)
    held = stopping.in_force().filter(node=place).first()
    if held is None:
        raise UsageError(
            f"la surveillance n’est pas arrêtée pour « {place.name} » ; hygie surveillance status"
        )
    ended = stopping.start(held, actor=operator(), now=timezone.now())
    if output == "json":
        console.print_json(_as_json(ended))
    else:
        console.out().print(
            _("Surveillance reprise : {place}.").format(place=place.name), markup=False
        )


@app.command("status")
def status(output: Format = "table") -> None:
    """Dire si la surveillance est arrêtée, où, depuis quand et pourquoi."""
    from hygie.cli.django import start_django

    _check_format(output)
    start_django()
    from hygie.domain.surveillance import stopping

    rows = [_as_json(held) for held in stopping.in_force()]
    if output == "json":
        console.print_json({"stopped": bool(rows), "stops": rows})
        return
    out = console.out()
    for row in rows:
        out.print(
            _("Arrêtée : {name} ({site}), depuis {since}, par {by}. {reason}").format(**row),
            markup=False,
        )
    if not rows:
        out.print(_("La surveillance n’est arrêtée nulle part."))
        out.print(_("Arrêt d’urgence : hygie surveillance stop --reason « … »"), markup=False)


@app.command("stamp")
def stamp(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Notes à dater, au plus.")] = 500,
    output: Format = "table",
) -> None:
    """Faire dater par une autorité (RFC 3161) les notes qui ne le sont pas encore."""
    from hygie.cli.django import start_django

    _check_format(output)
    start_django()
    from django.conf import settings

    from hygie.domain.surveillance.models import GradeGiven
    from hygie.domain.surveillance.stamping import asker_of
    from hygie.domain.surveillance.stamping import stamp as date

    if not settings.HYGIE_TIMESTAMP_URL:
        raise UsageError("aucune autorité d’horodatage : définissez HYGIE_TIMESTAMP_URL")
    ask = asker_of(settings.HYGIE_TIMESTAMP_URL, ca=settings.HYGIE_TIMESTAMP_CA)
    waiting = GradeGiven.objects.filter(stamped_at__isnull=True).exclude(seal="")
    count = sum(bool(date(given, ask)) for given in waiting.order_by("pk")[:limit])
    if output == "json":
        console.print_json({"stamped": count})
    else:
        console.out().print(_("Notes datées : {count}.").format(count=count))


def _as_json(found: Stop) -> dict[str, Any]:
    return {
        "stop": found.pk,
        "site": found.node.code,
        "name": found.node.name,
        "since": found.since.isoformat(timespec="seconds"),
        "by": found.by,
        "reason": found.reason,
        "ended_at": found.ended_at.isoformat(timespec="seconds") if found.ended_at else None,
        "ended_by": found.ended_by,
    }


def _check_format(output: str) -> None:
    if output not in ("table", "json"):
        raise UsageError(f"format inconnu : {output} ; choisissez table ou json")
