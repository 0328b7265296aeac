"""`hygie lab`: the invented hospital world on loopback, and its switches."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hygie.cli.console import _, err, out, print_json
from hygie.vocabulary.errors import UsageError
from hygie.vocabulary.home import default_home

if TYPE_CHECKING:
    from hygie.lab.network import State

app = typer.Typer(no_args_is_help=True, help="Un monde hospitalier inventé, pour essayer.")

Home = Annotated[
    Path | None,
    typer.Option(help="Dossier de Hygie ; HYGIE_HOME sinon.", show_default=False),
]
Name = Annotated[str, typer.Argument(help="Nom donné par « hygie lab list ».", show_default=False)]


def register(parent: typer.Typer) -> None:
    """Add the group to the command."""
    parent.add_typer(app, name="lab")


@app.command()
def serve(home: Home = None) -> None:
    """Ouvrir le monde inventé sur 127.0.0.1, jusqu’à Ctrl-C."""
    import asyncio
    import signal

    from hygie.lab.world import LabWorld

    world = LabWorld(_home(home))

    async def live() -> None:
        stopped = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stopped.set)
        async with world:
            services = len(world.services)
            err().print(_("{n} services inventés répondent sur 127.0.0.1.").format(n=services))
            err().print(_("Annuaire : {path}").format(path=world.directory_path), soft_wrap=True)
            err().print(_("Ensuite : hygie lab list, puis Ctrl-C ici pour arrêter."))
            await stopped.wait()

    asyncio.run(live())
    err().print(_("Monde inventé arrêté."))


@app.command("list")
def list_(
    home: Home = None,
    form: Annotated[str, typer.Option("--format", help="table ou json.")] = "table",
) -> None:
    """Montrer chaque faiblesse du monde inventé et son état."""
    if form not in ("table", "json"):
        raise UsageError(f"format inconnu : {form} ; choisissez table ou json")
    rows = _rows(_home(home))
    if form == "json":
        print_json(rows)
    else:
        _print_table(rows)


@app.command()
def fix(name: Name, home: Home = None) -> None:
    """Réparer une faiblesse : la prochaine ronde la verra corrigée."""
    _turn(_home(home), name, "fixed")


@app.command("break")
def break_(name: Name, home: Home = None) -> None:
    """Remettre une faiblesse."""
    _turn(_home(home), name, "broken")


@app.command()
def down(name: Name, home: Home = None) -> None:
    """Rendre la cible injoignable : la prochaine ronde ne doit rien en conclure."""
    _turn(_home(home), name, "down")


@app.command()
def reset(home: Home = None) -> None:
    """Remettre toutes les faiblesses."""
    from hygie.lab.state import Switchboard

    Switchboard(_home(home)).reset()
    out().print(_("Toutes les faiblesses sont remises. Ensuite : hygie lab list"))


def _home(chosen: Path | None) -> Path:
    return chosen or default_home()


def _turn(home: Path, name: str, state: str) -> None:
    from hygie.lab.network import State, load_network
    from hygie.lab.state import Switchboard

    Switchboard(home).turn(name, State(state))
    weakness = next(w for w in load_network().weaknesses if w.name == name)
    said = weakness.repair if state == State.FIXED else weakness.title
    out().print(f"{name} : {_word(State(state))} ({said})", markup=False)
    out().print(_("Ensuite : hygie round, pour voir ce que la ronde en conclut."))


def _rows(home: Path) -> list[dict[str, Any]]:
    from hygie.lab.network import load_network
    from hygie.lab.state import Switchboard
    from hygie.lab.territory import load_territory

    states = Switchboard(home).states()
    names = {e.slug: e.name for e in load_territory().establishments}
    return [
        {
            "name": weakness.name,
            "title": weakness.title,
            "repair": weakness.repair,
            "state": states[weakness.name].value,
            "establishment": weakness.establishment,
            "establishment_name": names[weakness.establishment],
        }
        for weakness in load_network().weaknesses
    ]


def _print_table(rows: list[dict[str, Any]]) -> None:
    from rich.table import Table

    from hygie.lab.network import State

    table = Table(box=None, pad_edge=False)
    table.add_column(_("Nom"), no_wrap=True, min_width=max(len(row["name"]) for row in rows))
    for title in (_("Ce que c’est"), _("État"), _("Établissement")):
        table.add_column(title)
    for row in rows:
        state = State(row["state"])
        colour = {State.BROKEN: "red", State.FIXED: "green", State.DOWN: "yellow"}[state]
        word = f"[{colour}]{_word(state)}[/]"
        table.add_row(row["name"], row["title"], word, row["establishment_name"])
    out().print(table)
    counts = {state: sum(row["state"] == state for row in rows) for state in State}
    out().print(
        _("En place : {broken}. Réparées : {fixed}. Injoignables : {down}.").format(
            broken=counts[State.BROKEN], fixed=counts[State.FIXED], down=counts[State.DOWN]
        )
    )
    out().print(_("Rien ici n’existe : ni les lieux, ni les établissements, ni les domaines."))
    out().print(_("Ensuite : hygie lab fix {name}").format(name=rows[0]["name"]))


def _word(state: State) -> str:
    return {
        "broken": _("en place"),
        "fixed": _("réparée"),
        "down": _("injoignable"),
    }[state.value]
