"""`hygie probe`: look at one target from outside and print the facts, without a database."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from hygie.cli.console import _, out, print_json
from hygie.vocabulary.errors import UsageError
from hygie.vocabulary.facts import Observation, Outcome

if TYPE_CHECKING:
    from rich.console import Console

    from hygie.engines.probing.network import Network
    from hygie.engines.probing.observe import Target
    from hygie.vocabulary.facts import Json

_PLACE: Final = re.compile(
    r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^:\s/\[\]]{1,253})(?::(?P<port>[0-9]{1,5}))?"
)
_HARD_SPACE: Final = "\N{NO-BREAK SPACE}"
_THEMES: Final = {
    "dns": "Nom de domaine",
    "mail": "Messagerie",
    "tls": "Chiffrement",
    "http": "Web",
    "tcp": "Services exposés",
    "dicom": "Imagerie (DICOM)",
    "mllp": "Échanges HL7",
    "delegation": "Délégation du domaine",
    "dkim": "Signature des courriels (DKIM)",
    "mta-sts": "Chiffrement imposé (MTA-STS)",
    "dane": "Certificats annoncés (DANE)",
    "tls-depth": "Chiffrement en détail",
    "starttls": "Chiffrement de la messagerie",
    "fhir": "Échanges FHIR",
    "dicomweb": "Imagerie par le web (DICOMweb)",
    "udp": "Services UDP",
}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("probe", help=_("Regarder une cible comme la voit Internet (sans base)."))(probe)


def probe(
    targets: Annotated[
        list[str], typer.Argument(metavar="CIBLE…", help="Domaine, machine ou machine:port.")
    ],
    *,
    output: Annotated[str, typer.Option("--format", help="table ou json.")] = "table",
    lab: Annotated[
        bool, typer.Option("--lab", help="Sonder l’hôpital inventé du laboratoire.")
    ] = False,
    mandate: Annotated[
        str,
        typer.Option(
            "--mandat",
            metavar="TEXTE",
            help="Qui a signé le mandat, et quand ; obligatoire hors du laboratoire.",
        ),
    ] = "",
    contact: Annotated[
        str,
        typer.Option("--contact", help="Adresse ou page annoncée aux machines sondées."),
    ] = "",
    only: Annotated[
        list[str] | None,
        typer.Option("--probe", metavar="SONDE", help="Limiter à ces sondes (répétable)."),
    ] = None,
    timeout: Annotated[
        float, typer.Option(min=1.0, max=120.0, help="Secondes accordées à chaque sonde.")
    ] = 15.0,
) -> None:
    """Observe the targets and print what was seen, facts only."""
    from hygie.engines.probing.observe import PROBES

    if output not in ("table", "json"):
        raise UsageError(f"format inconnu : {output} ; choisissez table ou json")
    for name in only or ():
        if name not in PROBES:
            raise UsageError(f"sonde inconnue : {name} ; choisissez parmi {', '.join(PROBES)}")
    wanted = [_target(text, tuple(only or ())) for text in targets]
    network = _network(lab=lab, mandate=mandate, contact=contact)
    now = dt.datetime.now(dt.UTC)
    seen = asyncio.run(_observe(wanted, network, now=now, probes=only or PROBES, budget_s=timeout))
    if output == "json":
        print_json(_document(seen, now=now, mandate=None if lab else mandate))
    else:
        _print_tables(out(), seen, now=now)


def _target(text: str, kinds: tuple[str, ...]) -> Target:
    from hygie.engines.probing.observe import Target

    place = _PLACE.fullmatch(text)
    if place is None and text.count(":") > 1:
        return Target(text, kinds=kinds)  # an IPv6 address, without its brackets
    port = int(place["port"]) if place and place["port"] else None
    if place is None or (port is not None and not 0 < port < 65_536):  # noqa: PLR2004 - 16 bits
        raise UsageError(f"cible illisible : « {text[:80]} » ; donnez un domaine ou machine:port")
    return Target(place["host"].strip("[]").lower(), (port,) if port else (), kinds)


def _network(*, lab: bool, mandate: str, contact: str) -> Network:
    from hygie.engines.probing.network import InternetNetwork, LabNetwork, allow_all
    from hygie.vocabulary.home import default_home

    if lab:
        return LabNetwork.from_file(default_home() / "lab" / "network.json")
    if not mandate.strip():
        raise UsageError(
            'rien n’est sondé sans mandat : ajoutez --mandat "qui a signé, quand", ou --lab'
        )
    # The person at the keyboard answers for the mandate, recorded in the output: no perimeter
    # is known here, and InternetNetwork itself refuses addresses that are not public.
    return InternetNetwork(contact=contact, guard=allow_all)


async def _observe(
    targets: list[Target],
    network: Network,
    **settings: Any,  # noqa: ANN401 - observe_all's own
) -> list[tuple[Target, list[Outcome]]]:
    from hygie.engines.probing.observe import observe_all

    found = {
        target: outcomes async for target, outcomes in observe_all(targets, network, **settings)
    }
    return [(target, found[target]) for target in dict.fromkeys(targets)]


def _document(
    seen: list[tuple[Target, list[Outcome]]], *, now: dt.datetime, mandate: str | None
) -> dict[str, Json]:
    """Return the JSON answer: stable keys, evidence left out."""
    return {
        "observed_at": now.isoformat(timespec="seconds"),
        "mandate": mandate,
        "targets": [
            {"target": target.name, "outcomes": [_outcome(outcome) for outcome in outcomes]}
            for target, outcomes in seen
        ],
    }


def _outcome(outcome: Outcome) -> dict[str, Json]:
    about: dict[str, Json] = {"subject": outcome.subject, "probe": outcome.probe}
    if not isinstance(outcome, Observation):
        return about | {"observed": False, "reason": outcome.reason, "detail": outcome.detail}
    return about | {
        "observed": True,
        "value": dict(outcome.value),
        "product": outcome.product,
        "version": outcome.version,
        "confidence": outcome.confidence,
    }


def _print_tables(
    console: Console, seen: list[tuple[Target, list[Outcome]]], *, now: dt.datetime
) -> None:
    from rich.markup import escape
    from rich.table import Table

    from hygie.cli.probe_grade import print_grade

    for target, outcomes in seen:
        console.print(f"\n[bold underline]{escape(target.name)}[/]")
        for probe_name, theme in _THEMES.items():
            rows = _rows([outcome for outcome in outcomes if outcome.probe == probe_name])
            if not rows:
                continue
            table = Table(title=_(theme), title_justify="left", show_header=False, box=None)
            table.add_column(no_wrap=True, style="cyan")
            table.add_column(overflow="fold")
            for row in rows:
                table.add_row(*(escape(_printable(cell)) for cell in row))
            console.print(table)
        for line in _silences(outcomes):
            console.print(f"[dim]{escape(_printable(line))}[/]")
        print_grade(console, outcomes, now=now)
    _print_end(console, [outcome for _name, outcomes in seen for outcome in outcomes])


def _rows(outcomes: list[Outcome]) -> list[tuple[str, str]]:
    """Return (label, text), each subject's name first; closed ports are left out."""
    from hygie.engines.probing.phrases import phrases

    rows: list[tuple[str, str]] = []
    for outcome in outcomes:
        if not isinstance(outcome, Observation):
            continue
        if outcome.value.get("open", True) and outcome.value.get("answers", True):
            rows += [(outcome.subject, ""), *((f"  {name}", t) for name, t in phrases(outcome))]
    return rows


def _silences(outcomes: list[Outcome]) -> list[str]:
    """Return one line a reason for what was not observed, closed ports left out."""
    missed: dict[tuple[str, str], list[str]] = {}
    for outcome in outcomes:
        if not isinstance(outcome, Observation) and outcome.reason != "refused":
            missed.setdefault((outcome.probe, outcome.detail), []).append(outcome.subject)
    by_detail: dict[str, list[str]] = {}
    for (probe_name, detail), subjects in missed.items():
        count = f"{_(_THEMES[probe_name])} ({len(subjects)})"
        by_detail.setdefault(detail, []).append(count)
    return [f"{_('Non observé')} : {d} – {', '.join(t)}" for d, t in by_detail.items()]


def _printable(text: str) -> str:
    """Keep what a stranger's server says from driving the terminal."""
    return "".join(c if c.isprintable() or c == _HARD_SPACE else "�" for c in text)


def _print_end(console: Console, outcomes: list[Outcome]) -> None:
    observed = [outcome for outcome in outcomes if isinstance(outcome, Observation)]
    exposed = sum(bool(o.value.get("open") or o.value.get("answers")) for o in observed)
    known = sorted({f"{o.product} {o.version}" for o in observed if o.product and o.version})
    console.print()
    counts = {
        _("Observations"): len(observed),
        _("Questions sans réponse"): len(outcomes) - len(observed),
        _("Services à risque qui répondent"): exposed,
    }
    console.print(" ; ".join(f"{name} : {count}" for name, count in counts.items()))
    console.print(
        _("Produits et versions reconnus : {names}.").format(names=", ".join(known) or _("aucun")),
        markup=False,
    )
    console.print(_("Ensuite : hygie round, pour en faire des actions datées."))
