"""The command `hygie`: gathers the groups, turns errors into one line and an exit code."""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from typing import Annotated, Final

import typer

from hygie.cli import console
from hygie.vocabulary.errors import HygieError

GROUPS: Final[tuple[str, ...]] = (
    "site",
    "probe",
    "lab",
    "imports",
    "import_estate",
    "import_scans",
    "mandate",
    "surveillance",
    "journal",
    "people",
    "match",
    "corpus",
    "refresh",
    "vex",
    "round",
    "worker",
    "jobs",
    "export",
    "doctor",
    "backup",
    "database",
)

app = typer.Typer(
    name="hygie",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def root(
    lang: Annotated[str, typer.Option(help="Langue des messages : fr ou en.")] = "fr",
) -> None:
    """Hygie : la cybersécurité des établissements de santé, ronde après ronde."""
    console.choose_language(lang)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; exit codes: 0 done, 1 action needed (--check), 2 use, 3 input."""
    _gather_groups()
    try:
        app(args=arguments, prog_name="hygie")
    except HygieError as error:
        console.complain(error)
        sys.exit(error.exit_code)


@cache
def _gather_groups() -> None:
    """Add the groups of commands, once a process."""
    for group in GROUPS:
        import_module(f"hygie.cli.{group}").register(app)
