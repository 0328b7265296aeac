"""`hygie demo`: from nothing to a served site on an invented territory."""

from __future__ import annotations

import os
import shutil
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from hygie.cli import console
from hygie.cli.console import _
from hygie.vocabulary.errors import HygieError
from hygie.vocabulary.home import default_home

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path

MARK: Final = "demonstration"
_LAB_START_S: Final = 20.0


class DemonstrationError(HygieError):
    """The demonstration cannot start."""


def demonstrate(host: str, port: int, *, only_prepare: bool = False) -> None:
    """Make a fresh demonstration home, run one round in the lab, then serve the site.

    Raises:
        DemonstrationError: if the folder holds something else, or the lab does not start.
    """
    started = time.monotonic()
    home = _fresh_home()
    os.environ |= {"HYGIE_HOME": str(home), "HYGIE_DEMO": "1", "HYGIE_CONTACT": _CONTACT}
    os.environ.pop("DATABASE_URL", None)
    with _laboratory(home):
        _prepare()
        took = time.monotonic() - started
        console.err().print(_("Prêt en {seconds:.0f} s.").format(seconds=took))
        _say_next(host, port, home)
        if not only_prepare:
            from hygie.cli.gunicorn import serve_site
            from hygie.jobs.embedded import worker_beside

            with worker_beside(schedules=False):
                serve_site(f"{host}:{port}", workers=2)


_CONTACT: Final = "securite@hygie.example"


def _fresh_home() -> Path:
    """Return an empty ``demo`` folder; only a folder that we marked ourselves is emptied."""
    home = default_home() / "demo"
    if home.exists():
        if not (home / MARK).exists():
            raise DemonstrationError(
                f"{home} existe et n’est pas une démonstration ; déplacez-le ou changez HYGIE_HOME"
            )
        shutil.rmtree(home)
    home.mkdir(parents=True)
    (home / MARK).write_text("made by hygie demo; emptied by the next one\n")
    return home


@contextmanager
def _laboratory(home: Path) -> Iterator[None]:
    """Run the lab in a process of its own, stopped with us."""
    from hygie.jobs.beside import hygie_beside

    with hygie_beside("lab", "serve", quiet=True) as lab:
        _wait_for(home / "lab" / "network.json", lab)
        yield


def _wait_for(path: Path, lab: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _LAB_START_S
    while not path.exists():
        if lab.poll() is not None or time.monotonic() > deadline:
            raise DemonstrationError("le laboratoire ne démarre pas ; essayez hygie lab serve")
        time.sleep(0.05)


def _prepare() -> None:
    """Make the database, load the invented world, run one round."""
    from django.core.management import call_command
    from django.utils import timezone

    from hygie.cli.django import setup
    from hygie.cli.round import print_summary, run_with_progress

    setup()
    from hygie.jobs import demo

    with console.err().status(_("Base de données et territoire inventé…")):
        call_command("migrate", verbosity=0, interactive=False)
        demo.fill(now=timezone.now())
    print_summary(run_with_progress("", [], silent=False))


def _say_next(host: str, port: int, home: Path) -> None:
    out = console.out()
    out.print()
    out.print(_("Le site : http://{host}:{port}/").format(host=host, port=port))
    out.print(
        _("Dans un second terminal : export HYGIE_HOME={home}").format(home=home), soft_wrap=True
    )
    out.print(
        _("Réparer une faiblesse : {hygie} lab fix vpn-ch-val-hygie").format(hygie=_program()),
        soft_wrap=True,
    )
    out.print(_("Puis le vérifier : {hygie} round").format(hygie=_program()), soft_wrap=True)


def _program() -> str:
    """Return how this very command was typed, so that the next one can be copied."""
    typed = sys.argv[0]
    return typed if os.sep in typed and not typed.endswith("__main__.py") else "hygie"
